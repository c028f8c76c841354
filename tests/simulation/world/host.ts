import { utcText } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { SignedApproval } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import type { Logger } from "@countersign/log/logger";
import { checkRecord, checkStored, checkWritten } from "../check/at-once.ts";
import { Truth } from "../check/truth.ts";
import { asJson } from "../engine/as-json.ts";
import { Prng } from "../engine/prng.ts";
import { Scheduler } from "../engine/scheduler.ts";
import { type SimProcess, START_MS } from "../engine/sim-process.ts";
import { bodyOf, type Stored } from "../fakes/jetstream.ts";
import { FakeNats, type SendStep, type SimStream } from "../fakes/nats.ts";
import { FakeTws } from "../fakes/tws.ts";
import { BrokerNet } from "../fakes/tws-line.ts";
import type { OrderToSend } from "../gateway-types.ts";
import { type Swarm, swarmOf } from "./swarm.ts";
import { emptyTally } from "./tally.ts";

export interface Violation {
  readonly invariant: string;
  readonly what: string;
  readonly atMs: number;
}

/** One schedule's machines: time, chance, the server, the broker, and what is true of them. */
export class Host {
  readonly seed: number;
  readonly random: Prng;
  readonly swarm: Swarm;
  readonly scheduler = new Scheduler();
  readonly truth = new Truth();
  readonly nats: FakeNats;
  readonly tws: FakeTws;
  readonly net: BrokerNet;
  readonly violations: Violation[] = [];
  readonly tally = emptyTally();
  readonly trace: string[] | undefined;
  /** The signed document of the standing policy lies where the services look for it. */
  policyLies: boolean;
  /** Called when an order has reached TWS. */
  onArrived: (key: number) => void = () => undefined;
  /** Called when a change of this order is written. */
  onChanging: (orderRef: string) => void = () => undefined;
  /** Called when an exit of a bracket is written. */
  onExit: () => void = () => undefined;
  /** Called when somebody has won the right to send. */
  onClaimed: () => void = () => undefined;
  /** Called when a step of a send leaves a process. */
  onSending: (process: SimProcess, step: SendStep) => void = () => undefined;
  #hash = 0x811c9dc5;

  constructor(seed: number, options: { readonly trace: boolean }) {
    this.seed = seed;
    this.random = new Prng(seed);
    this.swarm = swarmOf(this.random, seed);
    this.policyLies = this.swarm.policy;
    this.trace = options.trace ? [] : undefined;
    const { scheduler, random, swarm } = this;
    const onBug = (process: SimProcess, error: unknown) => this.bug(process.name, error);
    const onStored = (_: string, message: Stored) => this.#stored(message);
    const onHeard = (process: SimProcess, message: Stored) => this.truth.hear(process, message);
    const onAudited = (entry: AuditEntry) => this.#audited(entry);
    const onApproveAnswered = (value: unknown) => this.truth.answered(value, scheduler.nowMs);
    const onSending = (process: SimProcess, step: SendStep, proposalId: string) => {
      if (step === "submit") this.truth.handedOver.set(proposalId, scheduler.nowMs);
      this.onSending(process, step);
    };
    this.nats = new FakeNats({
      scheduler,
      random,
      ...{ weather: { ...swarm.bus }, sharing: swarm.sharing },
      observer: { onStored, onHeard, onAudited, onSending, onApproveAnswered, onBug },
    });
    this.tws = new FakeTws();
    this.net = new BrokerNet({
      ...{ scheduler, random, tws: this.tws, weather: { ...swarm.wire } },
      observer: {
        onWritten: (process, order, unread) => this.#written(process, order, unread),
        onArrived: (key) => this.onArrived(key),
        onCancelWritten: (process, orderId) => this.note(process.name, `cancel of ${orderId} written`),
      },
    });
    const actor = { kind: "operator" as const, id: "operator" };
    this.move("global", { type: "kill/1", level: "ACTIVE", actor, reason: "start", at: this.now() });
  }

  /** True wall time. */
  now(afterMs = 0): string {
    return utcText(START_MS + Math.round(this.scheduler.nowMs + afterMs));
  }

  /** A setting of the kill switch, stored at once. */
  move(scope: string, setting: object): void {
    this.tally["kill settings"] += 1;
    const subject = FACTS.kill.subject.replace("{scope...}", scope);
    this.append("KV_CONTROL", subject, setting);
  }

  /** Something that is stored at once, whoever has written it. */
  append(stream: SimStream, subject: string, said: object, expectedSequence?: number): void {
    const { sharing } = this.swarm;
    const message = sharing === "apart" ? { text: JSON.stringify(said) } : { body: asJson(said, sharing) };
    const command = { do: "append" as const, subject, said: message, atMs: this.scheduler.nowMs };
    this.nats.apply(stream, expectedSequence === undefined ? command : { ...command, expectedSequence });
  }

  signed(approval: SignedApproval): void {
    this.truth.sign(approval);
  }

  /** `beside` is told and makes no part of the trace. */
  violated(invariant: string, what: string, beside = ""): void {
    this.note("!!", `${invariant}: ${what}`);
    this.violations.push({ invariant, what: what + beside, atMs: this.scheduler.nowMs });
  }

  /** What production code must never throw. */
  bug(who: string, error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    this.violated("BUG", `${who}: ${String(error).slice(0, 500)}`, `\n${stack.slice(0, 1_500)}`);
  }

  /** Everything that is noted makes up the trace, and its hash. */
  note(who: string, what: string): void {
    let hash = this.#hash;
    hash = Math.imul(hash ^ Math.round(this.scheduler.nowMs * 8), 0x01000193);
    for (let at = 0; at < what.length; at += 1) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193);
    this.#hash = hash;
    this.trace?.push(`${this.#stamp(who)} ${what}`);
  }

  #stamp(who: string): string {
    return `${this.scheduler.nowMs.toFixed(3).padStart(10)}  ${who.padEnd(10)}`;
  }

  get hash(): string {
    return ((this.#hash ^ Math.imul(this.scheduler.steps, 0x9e3779b1)) >>> 0).toString(16).padStart(8, "0");
  }

  /** A bug shows as a TypeError or RangeError in what a process logs; a mere failure is a Fault. */
  logger(process: () => string): Logger {
    const line = (level: string) => (fields: object, message: string) => {
      const { error } = fields as { error?: unknown };
      if (level === "error" && /^(Type|Range|Reference|Syntax)Error/.test(String(error))) this.bug(process(), error);
      this.trace?.push(`${this.#stamp(process())} ${level}: ${message} ${JSON.stringify(fields).slice(0, 300)}`);
    };
    return { debug: () => undefined, info: line("info"), warn: line("warn"), error: line("error") };
  }

  #stored(message: Stored): void {
    const { type = "" } = bodyOf(message) as { readonly type?: string };
    if (type !== "lease/1") this.note("nats", `#${message.sequence} ${message.subject} ${type}`);
    this.truth.store(message, this.scheduler.nowMs);
    if (type === "claim/1") this.onClaimed();
    if (type === "intent/1") this.tally.intents += 1;
    if (type === "reduced/1") this.tally["made smaller"] += 1;
    if (type === "used/1") this.tally["by policy"] += 1;
    if (type === "lost/1") this.tally.UNKNOWN += 1;
    if (type === "filled/1" || type === "partiallyFilled/1") this.tally.executions += 1;
    checkStored(this.truth, message, (invariant, what) => this.violated(invariant, what));
  }

  #audited(entry: AuditEntry): void {
    this.trace?.push(
      `${this.#stamp("audit")} ${entry.actor.id} ${entry.kind} ${JSON.stringify(entry.body).slice(0, 100)}`,
    );
    this.truth.audit(entry);
    checkRecord(entry, (invariant, what) => this.violated(invariant, what));
  }

  #written(process: SimProcess, order: OrderToSend, unread: readonly string[]): void {
    this.note(process.name, `order ${order.orderId} ${order.orderRef} ${order.side} ${order.quantity} written to TWS`);
    const { nowMs: atMs } = this.scheduler;
    if ((order.group?.parentId ?? null) === null && (this.truth.byRef.get(order.orderRef)?.written ?? 0) > 0) {
      this.tally["changes sent"] += 1;
      this.onChanging(order.orderRef);
    }
    if ((order.group?.parentId ?? null) !== null) {
      this.tally["exits sent"] += 1;
      this.onExit();
    }
    const written = { process, order, unread, atMs, wallMs: START_MS + atMs, wallOffsetMs: process.wallOffsetMs };
    checkWritten(this.truth, written, (invariant, what) => this.violated(invariant, what));
  }
}
