import { USERS, type User } from "./accounts.ts";
import { AuditRecord } from "./audit.ts";
import { BROKER_READS } from "./broker-reads.ts";
import type { Broadcast, Fact, Rpc } from "./contract-kinds.ts";
import type { TripService } from "./control.ts";
import { MARKET_READS } from "./market-reads.ts";
import * as audit from "./messages/audit.v1.ts";
import { Heartbeat } from "./messages/heartbeat.v1.ts";
import { AUDIT_RPCS } from "./rows/audit-rpcs.ts";
import { BROKER_RPCS } from "./rows/broker-rpcs.ts";
import { CONTROL_FACTS, KEPT_FACTS } from "./rows/control-facts.ts";
import { DECISION_RPCS } from "./rows/decision-rpcs.ts";
import { ORDER_FACTS } from "./rows/order-facts.ts";
import { broadcast, fact, READ_MS, rpc } from "./rows/row.ts";

/** The one table of subjects, joined of its rows. No subject is written anywhere else. */
export const RPCS = {
  ...DECISION_RPCS,
  ...BROKER_RPCS,
  ...BROKER_READS,
  ...MARKET_READS,
  ...AUDIT_RPCS,
} as const satisfies Record<string, Rpc>;

export const FACTS = {
  ...ORDER_FACTS,
  ...CONTROL_FACTS,
  ...KEPT_FACTS,
  auditRecord: fact({
    subject: "audit.v1.rec.{kind}",
    text: "One record of the audit",
    schema: "audit.record/1",
    body: AuditRecord,
    stream: "AUDIT",
    publisher: "audit-writer",
    readers: ["audit-writer"],
  }),
} as const satisfies Record<string, Fact>;

/** Who hands in audit records; each under its own subject, so that the subject proves the producer. */
export const AUDIT_PRODUCERS = [
  "mcp-edge",
  "risk-gate",
  "approval-core",
  "broker-gateway-core",
  "admin-core",
] as const satisfies readonly User[];

const appendBy = (user: (typeof AUDIT_PRODUCERS)[number]) =>
  rpc({
    subject: `audit.v1.append.${USERS[user].service}`,
    text: `An audit record of ${USERS[user].service}`,
    schema: "audit.append/1",
    request: audit.AppendRequest,
    reply: audit.AppendReply,
    server: "audit-writer",
    callers: [user],
    effect: "write",
    timeoutMs: READ_MS,
  });

export const AUDIT_APPENDS = {
  "mcp-edge": appendBy("mcp-edge"),
  "risk-gate": appendBy("risk-gate"),
  approval: appendBy("approval-core"),
  "broker-gateway": appendBy("broker-gateway-core"),
  "admin-api": appendBy("admin-core"),
} as const satisfies Record<string, Rpc>;

/** The trips by the service that writes them. */
export const TRIPS = {
  "risk-gate": FACTS.riskGateTrip,
  "broker-gateway": FACTS.gatewayTrip,
  "admin-api": FACTS.adminTrip,
} as const satisfies Record<TripService, Fact>;

const beat = (user: User) =>
  broadcast({
    subject: `hb.v1.${USERS[user].service}`,
    text: `Heartbeat of ${USERS[user].service}`,
    schema: "heartbeat/1",
    body: Heartbeat,
    publisher: user,
    readers: ["admin-core"],
  });

export const HEARTBEATS = {
  "mcp-edge": beat("mcp-edge"),
  "market-data": beat("market-data"),
  "risk-gate": beat("risk-gate"),
  approval: beat("approval-core"),
  "broker-gateway": beat("broker-gateway-core"),
  "audit-writer": beat("audit-writer"),
} as const satisfies Record<string, Broadcast>;

/** JetStream republishes every stored message of these streams here, so that readers need no consumer. */
export const REPUBLISH = {
  ORDERS: { source: "order.v1.>", destination: "live.v1.order.>" },
  KV_CONTROL: { source: "$KV.CONTROL.>", destination: "live.v1.control.>" },
} as const;

/** Fills the `{name}` tokens of a template; a value that is not one safe token is a bug. `{name...}` takes several tokens. */
export function subjectOf(template: string, params: Record<string, string> = {}): string {
  let tokens = templates.get(template);
  if (tokens === undefined) {
    tokens = tokensOf(template);
    templates.set(template, tokens);
  }
  let subject = "";
  for (const { name, text, grammar } of tokens) {
    const value = name === undefined ? text : params[name];
    if (value === undefined || !grammar.test(value)) throw new TypeError(`subject ${template}: bad value for ${name}`);
    subject += value;
  }
  return subject;
}

interface Token {
  /** Whose value stands here; undefined: just this text. */
  readonly name: string | undefined;
  readonly text: string;
  readonly grammar: RegExp;
}

/** Templates that were taken apart before: there are as many as there are contracts. */
const templates = new Map<string, readonly Token[]>();

function tokensOf(template: string): readonly Token[] {
  return template.split(/(\{[a-z]+(?:\.\.\.)?\})/).map((text) => {
    const [, name, many] = /^\{([a-z]+)(\.\.\.)?\}$/.exec(text) ?? [];
    if (name === undefined) return { name, text, grammar: /^/ };
    return { name, text, grammar: many ? /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/ : /^[A-Za-z0-9_-]+$/ };
  });
}

/** The subject with wildcards, as permissions and subscriptions need it. */
export function wildcardOf(template: string): string {
  return template.replace(/\{[a-z]+\.\.\.\}/g, ">").replace(/\{[a-z]+\}/g, "*");
}
