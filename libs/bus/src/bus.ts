import type { Clock } from "@countersign/clock/clock";
import { USERS, type User } from "@countersign/contracts/accounts";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { Broadcast, Fact, Rpc } from "@countersign/contracts/contract-kinds";
import { Fault } from "@countersign/contracts/denial";
import type { Heartbeat } from "@countersign/contracts/messages/heartbeat.v1";
import { AUDIT_APPENDS, subjectOf, wildcardOf } from "@countersign/contracts/subjects";
import { recordable } from "@countersign/ids/recordable";
import type * as z from "zod";
import { type AppendOptions, append, comparesOrders } from "./append.ts";
import { type BusLog, type Connection, type ConnectionSettings, openConnection } from "./connection.ts";
import * as facts from "./facts.ts";
import { type Followed, followStream, type LiveMessage } from "./live-stream.ts";
import { parseMessage } from "./parse-message.ts";
import { differencesOf } from "./provision.ts";
import * as rpcs from "./rpc.ts";
import { STREAM_CONFIGS } from "./streams.ts";

export type { AppendOptions, AppendOutcome } from "./append.ts";
export type { StoredFact } from "./facts.ts";

export interface BusOptions extends Omit<ConnectionSettings, "onClosed"> {
  /** The users of this service; one connection each. */
  readonly users: readonly User[];
  /** A connection ended for good (revoked key, two refusals). The process should exit and be restarted. */
  readonly onClosed?: (user: User, reason: string) => void;
}

/** One connection for each user. Throws BUS_UNAVAILABLE when NATS does not take one of them. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const settings = { ...options, onClosed: options.onClosed ?? (() => undefined) };
  const opened = await Promise.all(options.users.map((user) => openConnection(user, settings))).catch(
    (cause: unknown) => {
      throw new Fault("BUS_UNAVAILABLE", `NATS at ${options.url}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    },
  );
  return new Bus(options, opened);
}

/** The only door to NATS. Which connection speaks follows from the contract, never from the caller. */
export class Bus {
  readonly #connections: Map<User, Connection>;
  readonly #options: BusOptions;

  constructor(options: BusOptions, connections: readonly Connection[]) {
    this.#options = options;
    this.#connections = new Map(connections.map((connection) => [connection.user, connection]));
  }

  get service(): string {
    return this.#options.service;
  }
  get clock(): Clock {
    return this.#options.clock;
  }
  get log(): BusLog {
    return this.#options.log;
  }

  /** The first of the given users that this process is. None: the caller's service has no right to this, which is a bug. */
  connection(users: readonly User[], what: string): Connection {
    for (const user of users) {
      const connection = this.#connections.get(user);
      if (connection !== undefined) return connection;
    }
    throw new TypeError(`${this.service} is not among those who may use ${what}`);
  }

  request<R extends Rpc>(
    rpc: R,
    body: z.input<R["request"]>,
    options: rpcs.RequestOptions = {},
  ): Promise<z.output<R["reply"]>> {
    return rpcs.request(this.connection(rpc.callers, rpc.subject), this.clock, rpc, body, options);
  }

  serve<R extends Rpc>(rpc: R, handler: rpcs.Handler<R>, options: rpcs.ServeOptions<R> = {}): void {
    rpcs.serve(this.connection([rpc.server], rpc.subject), this.#options, rpc, handler, options);
  }

  broadcast<B extends Broadcast>(contract: B, body: z.input<B["body"]>, params: Record<string, string> = {}): void {
    const connection = this.connection([contract.publisher], contract.subject);
    // Latest wins: what cannot be sent now is not worth sending later.
    if (!connection.up) return;
    const parsed = parseMessage(contract.body, body);
    if (!parsed.success) throw parsed.error;
    connection.nats.publish(subjectOf(contract.subject, params), JSON.stringify(parsed.data));
  }

  /** With `params`: only what is published under them. Until the returned function is called. */
  listen<B extends Broadcast>(
    contract: B,
    handler: (body: z.output<B["body"]>) => void,
    params?: Record<string, string>,
  ): () => void {
    const connection = this.connection(contract.readers, contract.subject);
    const subject = params === undefined ? wildcardOf(contract.subject) : subjectOf(contract.subject, params);
    const subscription = connection.nats.subscribe(subject, {
      callback: (error, message) => {
        const parsed = error ? undefined : parseMessage(contract.body, safeJson(message.string()));
        if (parsed?.success) handler(parsed.data as z.output<B["body"]>);
        else this.log.warn({ subject: contract.subject }, "broadcast that does not fit its schema");
      },
    });
    return () => subscription.unsubscribe();
  }

  append<F extends Fact>(fact: F, params: Record<string, string>, body: z.input<F["body"]>, options: AppendOptions) {
    return append(this.connection([fact.publisher], fact.subject), fact, params, body, options);
  }

  readLast<F extends Fact>(fact: F, params: Record<string, string>) {
    return facts.readLast(this.#reader(fact), fact, params);
  }

  readSubject<F extends Fact>(fact: F, params: Record<string, string>) {
    return facts.readSubject(this.#reader(fact), fact, params);
  }

  /** The fact at one sequence of the stream, or undefined when there is none. */
  async readSequence<F extends Fact>(fact: F, sequence: number): Promise<facts.StoredFact<F> | undefined> {
    const message = await facts.getMessage(this.#reader(fact), fact.stream, { seq: sequence });
    return message === undefined ? undefined : facts.parseStored(fact, message);
  }

  /** The text at one sequence, unparsed: for whoever must look at what does not fit. */
  async readText(fact: Fact, sequence: number): Promise<{ subject: string; text: string } | undefined> {
    const message = await facts.getMessage(this.#reader(fact), fact.stream, { seq: sequence });
    return message === undefined ? undefined : { subject: message.subject, text: message.string() };
  }

  async streamState(fact: Fact): Promise<{ firstSequence: number; lastSequence: number; messages: number }> {
    const connection = this.#reader(fact);
    if (!connection.up) throw new Fault("BUS_UNAVAILABLE");
    const info = await connection.jsm.streams.info(fact.stream).catch((cause: unknown) => {
      throw new Fault("BUS_UNAVAILABLE", `${fact.stream} does not answer`, { cause });
    });
    return { firstSequence: info.state.first_seq, lastSequence: info.state.last_seq, messages: info.state.messages };
  }

  /** The live copies of the stream of a fact, and questions about it. */
  follow(fact: Fact, onMessage: (message: LiveMessage) => void): Followed {
    return followStream(this, fact, onMessage);
  }

  /** How the stream of a fact differs now from what was provisioned; empty when it does not. */
  async streamDifferences(fact: Fact): Promise<string[]> {
    const connection = this.#reader(fact);
    if (!connection.up) throw new Fault("BUS_UNAVAILABLE");
    const info = await connection.jsm.streams.info(fact.stream).catch((cause: unknown) => {
      throw new Fault("BUS_UNAVAILABLE", `${fact.stream} does not answer`, { cause });
    });
    return differencesOf(STREAM_CONFIGS[fact.stream].config, info.config);
  }

  /** Hands a record to the audit and waits until it is durable there. */
  audit(entry: AuditEntry): Promise<{ seq: number; hash: string }> {
    return this.auditAll([entry]);
  }

  /**
   * As `audit`, for several that belong together, 16 at most: in this order, all or none. Foreign text in them is made
   * recordable, so that one record that cannot be sealed never stands in the way of those behind it.
   */
  async auditAll(entries: readonly [AuditEntry, ...AuditEntry[]]): Promise<{ seq: number; hash: string }> {
    const [{ correlationId }] = entries;
    const contract = AUDIT_APPENDS[this.service as keyof typeof AUDIT_APPENDS];
    if (contract === undefined) throw new TypeError(`${this.service} is no producer of audit records`);
    const given = entries.map((entry) => ({ ...entry, body: recordable(entry.body) as AuditEntry["body"] }));
    const reply = await this.request(contract, { entries: given }, { correlationId }).catch((cause: unknown) => {
      throw new Fault("AUDIT_UNAVAILABLE", undefined, { cause });
    });
    if (reply.outcome === "denied") throw new Fault("AUDIT_UNAVAILABLE", reply.denial.message);
    return reply.value;
  }

  /** Once a second, until the returned function is called. A check that throws counts as failed. */
  startHeartbeat(
    contract: Broadcast<typeof Heartbeat>,
    describe: () => Promise<z.input<typeof Heartbeat>>,
  ): () => void {
    const beat = () =>
      void describe()
        .then((body) => this.broadcast(contract, body))
        .catch((error: unknown) => this.log.warn({ error: String(error) }, "heartbeat failed"));
    beat();
    const timer = this.clock.setInterval(beat, 1_000);
    return () => timer.cancel();
  }

  /** Round trip to the server in ms, of the slowest connection. */
  async ping(): Promise<number> {
    const times = [...this.#connections.values()].map((connection) => connection.nats.rtt());
    return Math.max(...(await Promise.all(times)));
  }

  connected(): boolean {
    return [...this.#connections.values()].every((connection) => connection.up);
  }

  serverVersion(): string {
    const [first] = this.#connections.values();
    return first?.nats.info?.version ?? "unknown";
  }

  /** Whether an append may name the last sequence of all logs of its order. */
  comparesOrders(): boolean {
    return [...this.#connections.values()].every(({ nats }) => comparesOrders(nats.info?.version));
  }

  /** Stops taking work, finishes what runs, sends what is buffered, closes. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.#connections.values()].map((connection) => connection.nats.drain()));
  }

  #reader(fact: Fact): Connection {
    return this.connection([...fact.readers, fact.publisher], fact.subject);
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the order path uses of a bus: whatever can do this can stand in for one. */
export type OrderBus = Pick<
  Bus,
  | "append"
  | "audit"
  | "broadcast"
  | "connected"
  | "follow"
  | "listen"
  | "log"
  | "readLast"
  | "readSubject"
  | "request"
  | "serve"
  | "startHeartbeat"
  | "streamState"
>;

/** The users of one service, as the table of accounts has them. */
export function usersOf(service: string): User[] {
  return (Object.keys(USERS) as User[]).filter((user) => USERS[user].service === service);
}
