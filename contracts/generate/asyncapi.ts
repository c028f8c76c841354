import { NATS_ACCOUNTS, USERS, type User } from "../src/accounts.ts";
import type { Broadcast, Contract, Fact, Rpc } from "../src/contract-kinds.ts";
import { STREAMS } from "../src/contract-kinds.ts";
import { MARKET_FEEDS } from "../src/market-feeds.ts";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, RPCS } from "../src/subjects.ts";
import { headerSchemas } from "./headers.ts";
import { jsonSchemas, schemaName, schemaUri } from "./schemas.ts";

type Json = { [key: string]: unknown };

const ref = (path: string) => ({ $ref: `#/${path}` });
const serviceOf = (user: User) => USERS[user].service;

/** Every row of the table with a name that is unique in the document. */
function namedContracts(): [string, Contract][] {
  const prefixed = (prefix: string, table: Record<string, Contract>) =>
    Object.entries(table).map(([key, contract]): [string, Contract] => [`${prefix}${key}`, contract]);
  return [
    ...prefixed("", RPCS),
    ...prefixed("audit-from-", AUDIT_APPENDS),
    ...prefixed("fact-", FACTS),
    ...prefixed("heartbeat-of-", HEARTBEATS),
    ...prefixed("feed-", MARKET_FEEDS),
  ];
}

function message(
  text: string,
  schema: string,
  payload: string,
  headers: "request" | "answer" | "fact" | "broadcast",
): Json {
  return {
    name: payload,
    title: text,
    summary: schema,
    contentType: "application/json",
    ...(headers === "broadcast" ? {} : { headers: ref(`components/schemas/${headers}Headers`) }),
    payload: { $ref: schemaUri(payload) },
  };
}

const PARAMETERS: Record<string, string> = {
  account: "IBKR account number",
  proposal: "Proposal id",
  scope: "Scope of the kill switch: global, account.<id>, agent.<id> or instrument.<conid>",
  cause: "Why the service stopped",
  agent: "Id of the agent",
  key: "The trip: its service, cause and scope, with dots",
  conid: "IBKR contract id",
  hash: "SHA-256 in hex",
  kind: "Kind of the record; dots become minus signs",
};

function parameters(subject: string): Json {
  const found = [...subject.matchAll(/\{([a-z]+)(?:\.\.\.)?\}/g)].map((match) => match[1] ?? "");
  if (found.length === 0) return {};
  return { parameters: Object.fromEntries(found.map((name) => [name, { description: PARAMETERS[name] ?? name }])) };
}

function channel(contract: Contract, messages: Json): Json {
  const address = contract.subject.replaceAll("...}", "}");
  return { address, title: contract.text, messages, ...parameters(contract.subject) };
}

function rpcParts(name: string, rpc: Rpc): { channels: Json; operations: Json } {
  const request = message(rpc.text, rpc.schema, schemaName(rpc.request), "request");
  const answer = message(`Answer: ${rpc.text}`, rpc.schema, schemaName(rpc.reply), "answer");
  const operation = {
    action: "receive",
    summary: rpc.text,
    channel: ref(`channels/${name}`),
    messages: [ref(`channels/${name}/messages/request`)],
    reply: { channel: ref(`channels/${name}-answer`), messages: [ref(`channels/${name}-answer/messages/answer`)] },
    bindings: { nats: { queue: `q_${serviceOf(rpc.server).replaceAll("-", "_")}` } },
    "x-server": rpc.server,
    "x-account": USERS[rpc.server].account,
    "x-callers": rpc.callers,
    "x-effect": rpc.effect,
    "x-timeout-ms": rpc.timeoutMs,
  };
  return {
    channels: {
      [name]: channel(rpc, { request }),
      [`${name}-answer`]: { address: null, title: `Answer: ${rpc.text}`, messages: { answer } },
    },
    operations: { [name]: operation },
  };
}

function messageParts(name: string, contract: Fact | Broadcast): { channels: Json; operations: Json } {
  const body = message(contract.text, contract.schema, schemaName(contract.body), contract.kind);
  const operation = {
    action: "send",
    summary: contract.text,
    channel: ref(`channels/${name}`),
    messages: [ref(`channels/${name}/messages/body`)],
    "x-publisher": contract.publisher,
    "x-account": USERS[contract.publisher].account,
    "x-readers": contract.readers,
    ...(contract.kind === "fact"
      ? { "x-stream": contract.stream, "x-stream-text": STREAMS[contract.stream].text }
      : {}),
  };
  return { channels: { [name]: channel(contract, { body }) }, operations: { [name]: operation } };
}

const INFO = {
  title: "Countersign on NATS",
  version: "1.0.0",
  description:
    "What the services say to each other. An answer carries its outcome in the body; a fault comes with the header " +
    "Nats-Service-Error-Code and a FaultBody.",
  license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
};

/** The AsyncAPI 3.1 document of the whole bus, as text. */
export function asyncApi(): string {
  const parts = namedContracts().map(([name, contract]) =>
    contract.kind === "rpc" ? rpcParts(name, contract) : messageParts(name, contract),
  );
  const document = {
    asyncapi: "3.1.0",
    info: INFO,
    defaultContentType: "application/json",
    servers: { nats: { host: "127.0.0.1:4222", protocol: "nats", description: "One nats-server or a cluster" } },
    channels: Object.assign({}, ...parts.map((part) => part.channels)) as Json,
    operations: Object.assign({}, ...parts.map((part) => part.operations)) as Json,
    components: { schemas: { ...jsonSchemas(), ...headerSchemas() } },
    "x-nats-accounts": NATS_ACCOUNTS,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
