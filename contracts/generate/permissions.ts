import { type NatsAccount, USERS, type User } from "../src/accounts.ts";
import { type Contract, STREAMS, type StreamName } from "../src/contract-kinds.ts";
import { MARKET_FEEDS } from "../src/market-feeds.ts";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, REPUBLISH, RPCS, wildcardOf } from "../src/subjects.ts";

export interface UserPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** It answers requests: the server lets it publish to the reply subject of what it received. */
  readonly responds: boolean;
}

export const ALL_CONTRACTS: readonly Contract[] = [
  ...Object.values(RPCS),
  ...Object.values(AUDIT_APPENDS),
  ...Object.values(FACTS),
  ...Object.values(HEARTBEATS),
  ...Object.values(MARKET_FEEDS),
];

/** The account's limits and the server's API level: who uses a stream must be able to check both. */
const API_INFO = "$JS.API.INFO";

/** The system account may ask how the server is, and nothing else: no reload, no kick, no claims. */
const SERVER_QUESTIONS = ["$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.*"];

export const accountOf = (user: User): NatsAccount => USERS[user].account;

/** Who provisions a stream: the provisioner of its account. */
export function provisionedStreams(user: User): StreamName[] {
  const names = Object.keys(STREAMS) as StreamName[];
  if (user === "provisioner") return names.filter((name) => STREAMS[name].account === "CORE");
  if (user === "audit-provisioner") return names.filter((name) => STREAMS[name].account === "AUDIT");
  return [];
}

/** Everything one user may do, derived from the table of subjects; whatever is not here the server refuses. */
export function permissionsOf(user: User): UserPermissions {
  const publish = new Set<string>();
  const subscribe = new Set<string>([`_INBOX_${user.replaceAll("-", "_")}.>`]);
  let responds = false;
  if (user === "sys") for (const subject of SERVER_QUESTIONS) publish.add(subject);
  for (const contract of ALL_CONTRACTS) {
    const subject = wildcardOf(contract.subject);
    if (contract.kind === "rpc") {
      if (contract.callers.includes(user)) publish.add(subject);
      if (contract.server === user) {
        subscribe.add(subject);
        responds = true;
      }
      continue;
    }
    if (contract.publisher === user) publish.add(subject);
    const reads = contract.readers.includes(user);
    if (contract.kind === "broadcast" && reads) subscribe.add(subject);
    if (contract.kind === "fact" && (reads || contract.publisher === user))
      addStreamReads(contract.stream, publish, subscribe);
  }
  for (const stream of provisionedStreams(user)) {
    for (const verb of ["CREATE", "UPDATE", "INFO"]) publish.add(`$JS.API.STREAM.${verb}.${stream}`);
    publish.add(API_INFO);
  }
  return { publish: [...publish].sort(), subscribe: [...subscribe].sort(), responds };
}

/** Reading a stream: single messages and its state at the leader, and the republished copies. No consumer anywhere. */
function addStreamReads(stream: StreamName, publish: Set<string>, subscribe: Set<string>): void {
  publish.add(`$JS.API.STREAM.MSG.GET.${stream}`);
  publish.add(`$JS.API.STREAM.INFO.${stream}`);
  publish.add(API_INFO);
  const copies: Partial<Record<StreamName, { destination: string }>> = REPUBLISH;
  const copy = copies[stream];
  if (copy !== undefined) subscribe.add(copy.destination);
}

export interface Crossing {
  readonly kind: "service" | "stream";
  readonly subject: string;
  readonly from: NatsAccount;
  readonly to: NatsAccount;
}

/** Every subject that crosses from the account that offers it to one that uses it. */
export function crossings(): Crossing[] {
  const found = new Map<string, Crossing>();
  for (const contract of ALL_CONTRACTS) {
    if (contract.kind === "fact") continue;
    const owner = contract.kind === "rpc" ? contract.server : contract.publisher;
    const users = contract.kind === "rpc" ? contract.callers : contract.readers;
    for (const user of users) {
      const [from, to] = [accountOf(owner), accountOf(user)];
      if (from === to) continue;
      const kind = contract.kind === "rpc" ? "service" : "stream";
      const subject = wildcardOf(contract.subject);
      found.set(`${subject} ${to}`, { kind, subject, from, to });
    }
  }
  return [...found.values()];
}
