import { USERS, type User } from "../src/accounts.ts";
import { type Contract, STREAMS, type StreamName } from "../src/contract-kinds.ts";
import { MARKET_FEEDS } from "../src/market-feeds.ts";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, REPUBLISH, RPCS, subjectOf } from "../src/subjects.ts";
import { HOSTILE_PUBLISH, HOSTILE_SUBSCRIBE } from "./hostile-subjects.ts";

/**
 * What each user may do, subject by subject, answered from the table a second time and in another way than the server's
 * configuration is written: a mistake in one of the two shows when the matrix is walked on a real server.
 */
export interface AccessMatrix {
  /** Every subject that is tried by every user. */
  readonly tried: { readonly publish: readonly string[]; readonly subscribe: readonly string[] };
  /** Those that must succeed; all others must be refused. */
  readonly allowed: Readonly<
    Record<string, { readonly publish: readonly string[]; readonly subscribe: readonly string[] }>
  >;
}

const SAMPLE = {
  account: "DU1234567",
  proposal: `prop_${"a".repeat(26)}`,
  kind: "order-edge",
  scope: "account.DU1234567",
  cause: "drawdown",
  agent: "agent-1",
  key: "risk-gate.drawdown.account.DU1234567",
  conid: "265598",
  hash: "a".repeat(64),
};
const ALL_USERS = Object.keys(USERS) as User[];
const STREAM_NAMES = Object.keys(STREAMS) as StreamName[];
const CONTRACTS: readonly Contract[] = [RPCS, AUDIT_APPENDS, FACTS, HEARTBEATS, MARKET_FEEDS].flatMap((table) =>
  Object.values(table),
);

interface Row {
  readonly subject: string;
  readonly publish: readonly User[];
  readonly subscribe: readonly User[];
}

function contractRow(contract: Contract): Row {
  const subject = subjectOf(contract.subject, SAMPLE);
  if (contract.kind === "rpc") return { subject, publish: contract.callers, subscribe: [contract.server] };
  // A fact is read from its stream, never from its subject.
  if (contract.kind === "fact") return { subject, publish: [contract.publisher], subscribe: [] };
  return { subject, publish: [contract.publisher], subscribe: contract.readers };
}

function streamRows(stream: StreamName): Row[] {
  const members = ALL_USERS.filter((user) =>
    Object.values(FACTS).some(
      (fact) => fact.stream === stream && [fact.publisher, ...fact.readers].includes(user as typeof fact.publisher),
    ),
  );
  const makers: User[] = [STREAMS[stream].account === "AUDIT" ? "audit-provisioner" : "provisioner"];
  const api = (verb: string, publish: readonly User[]) => ({
    subject: `$JS.API.STREAM.${verb}.${stream}`,
    publish,
    subscribe: [],
  });
  const copies = Object.entries(REPUBLISH).filter(([name]) => name === stream);
  return [
    api("MSG.GET", members),
    api("INFO", [...members, ...makers]),
    api("CREATE", makers),
    api("UPDATE", makers),
    ...copies.map(([, { destination }]) => ({ subject: destination, publish: [], subscribe: members })),
  ];
}

function rows(): Row[] {
  const streams = STREAM_NAMES.flatMap(streamRows);
  const jetStreamUsers = ALL_USERS.filter((user) => streams.some((row) => row.publish.includes(user)));
  const inboxes = ALL_USERS.map((user) => ({
    subject: `_INBOX_${user.replaceAll("-", "_")}.>`,
    publish: [],
    subscribe: [user],
  }));
  return [
    ...CONTRACTS.map(contractRow),
    { subject: subjectOf(FACTS.kill.subject, { scope: "global" }), publish: [FACTS.kill.publisher], subscribe: [] },
    ...streams,
    { subject: "$JS.API.INFO", publish: jetStreamUsers, subscribe: [] },
    { subject: "$SYS.REQ.SERVER.PING", publish: ["sys"], subscribe: [] },
    { subject: "$SYS.REQ.SERVER.PING.JSZ", publish: ["sys"], subscribe: [] },
    ...inboxes,
  ];
}

/** Publishing needs a subject without wildcards. */
const literal = (subject: string) => subject.replace(/>$/, "x").replaceAll("*", "x");

export function accessMatrix(): AccessMatrix {
  const table = rows();
  const allowed = ALL_USERS.map((user) => {
    const publish = table.filter((row) => row.publish.includes(user)).map((row) => literal(row.subject));
    const subscribe = table.filter((row) => row.subscribe.includes(user)).map((row) => row.subject);
    return [user, { publish, subscribe }] as const;
  });
  return {
    tried: {
      publish: [...table.map((row) => literal(row.subject)), ...HOSTILE_PUBLISH],
      subscribe: [...table.map((row) => row.subject), ...HOSTILE_SUBSCRIBE],
    },
    allowed: Object.fromEntries(allowed),
  };
}
