import { STREAM_CONFIGS } from "@countersign/bus/streams";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { StreamName } from "@countersign/contracts/contract-kinds";
import type { Sharing } from "../engine/as-json.ts";
import type { Prng } from "../engine/prng.ts";
import type { Scheduler } from "../engine/scheduler.ts";
import type { SimProcess } from "../engine/sim-process.ts";
import { FakeStream, type Stored, type StreamCommand, type StreamResult } from "./jetstream.ts";
import { delayOf, type Weather } from "./network.ts";

/** The streams that the order path knows. */
export type SimStream = Extract<StreamName, "ORDERS" | "POLICY" | "KV_CONTROL" | "KV_LEASES">;

export type Handler = (body: unknown, call: { readonly params: Record<string, string> }) => Promise<unknown>;

interface Follower {
  readonly process: SimProcess;
  readonly stream: SimStream;
  readonly take: (message: Stored) => void;
  lastAtMs: number;
}

export type SendStep = "submit" | "intent" | "claim";

/** What an order's effects are judged by: called for everything that the server has stored. */
export interface NatsObserver {
  onStored(stream: SimStream, message: Stored): void;
  /** A process was told of it. */
  onHeard(process: SimProcess, message: Stored): void;
  onAudited(entry: AuditEntry): void;
  /** A step of a send leaves a process: the moments between them matter most. */
  onSending(process: SimProcess, step: SendStep, proposalId: string): void;
  /** A process answers an approval. */
  onApproveAnswered(value: unknown): void;
  /** A handler threw what is no Fault. */
  onBug(process: SimProcess, error: unknown): void;
}

/** The server: streams, subscriptions and the audit behind it. What stands between it and a process is in SimBus. */
export class FakeNats {
  readonly scheduler: Scheduler;
  readonly random: Prng;
  readonly weather: Weather;
  readonly streams: Record<SimStream, FakeStream>;
  readonly sharing: Sharing;
  readonly #servers = new Map<string, { readonly process: SimProcess; readonly handler: Handler }[]>();
  readonly #followers = new Set<Follower>();
  readonly #connections = new Map<SimProcess, ((state: "down" | "up") => void)[]>();
  readonly #observer: NatsObserver;
  auditUp = true;
  /** False: it answers before it has written, as a server without `sync_interval: always` does. */
  syncs = true;

  constructor(deps: {
    scheduler: Scheduler;
    random: Prng;
    weather: Weather;
    sharing: Sharing;
    observer: NatsObserver;
  }) {
    this.sharing = deps.sharing;
    this.scheduler = deps.scheduler;
    this.random = deps.random;
    this.weather = deps.weather;
    this.#observer = deps.observer;
    const like = (name: SimStream) =>
      new FakeStream({ perSubjectMax: STREAM_CONFIGS[name].config.max_msgs_per_subject });
    const [ORDERS, POLICY] = [like("ORDERS"), like("POLICY")];
    this.streams = { ORDERS, POLICY, KV_CONTROL: like("KV_CONTROL"), KV_LEASES: like("KV_LEASES") };
  }

  /** What arrives at the stream's leader. A stored message is on the disk before it is answered or copied to anybody. */
  apply(stream: SimStream, command: StreamCommand): StreamResult {
    const result = this.streams[stream].apply(command);
    if (result.is !== "appended" || result.duplicate || command.do !== "append") return result;
    if (this.syncs) this.streams[stream].apply({ do: "sync" });
    const { message } = this.streams[stream].apply({ do: "at", sequence: result.sequence }) as Extract<
      StreamResult,
      { is: "message" }
    >;
    if (message === undefined) return result;
    this.#observer.onStored(stream, message);
    this.#copy(stream, message);
    return result;
  }

  audit(entries: readonly AuditEntry[]): boolean {
    if (!this.auditUp) return false;
    for (const entry of entries) this.#observer.onAudited(entry);
    return true;
  }

  follow(process: SimProcess, stream: SimStream, take: (message: Stored) => void): () => void {
    const follower = { process, stream, take, lastAtMs: 0 };
    this.#followers.add(follower);
    const close = () => void this.#followers.delete(follower);
    process.onDeath(close);
    return close;
  }

  /** Copies come in the order of the stream, or not at all. */
  #copy(stream: SimStream, message: Stored): void {
    for (const follower of this.#followers) {
      if (follower.stream !== stream || !isConnected(follower.process) || this.random.chance(this.weather.copyLost))
        continue;
      const atMs = Math.max(follower.lastAtMs, this.scheduler.nowMs + delayOf(this.random, this.weather));
      follower.lastAtMs = atMs;
      this.scheduler.after(atMs - this.scheduler.nowMs, follower.process, () => {
        if (!isConnected(follower.process) || !this.#followers.has(follower)) return;
        this.#observer.onHeard(follower.process, message);
        follower.take(message);
      });
    }
  }

  serve(process: SimProcess, subject: string, handler: Handler): void {
    const servers = this.#servers.get(subject) ?? [];
    servers.push({ process, handler });
    this.#servers.set(subject, servers);
    process.onDeath(() => {
      const left = (this.#servers.get(subject) ?? []).filter((one) => one.process !== process);
      this.#servers.set(subject, left);
    });
  }

  /** Whoever of the queue group gets this request; a process that stands still is still one of them. */
  serverOf(subject: string): { readonly process: SimProcess; readonly handler: Handler } | undefined {
    const servers = (this.#servers.get(subject) ?? []).filter(({ process }) => isConnected(process));
    return servers.length === 0 ? undefined : this.random.pick(servers);
  }

  get observer(): NatsObserver {
    return this.#observer;
  }

  onConnection(process: SimProcess, listener: (state: "down" | "up") => void): void {
    const known = this.#connections.get(process) ?? [];
    known.push(listener);
    this.#connections.set(process, known);
  }

  /** The connection of one process to the server. */
  connect(process: SimProcess, up: boolean): void {
    if (isConnected(process) === up || !process.alive) return;
    if (up) cutOff.delete(process);
    else cutOff.add(process);
    this.scheduler.after(0, process, () => {
      for (const listener of this.#connections.get(process) ?? []) listener(up ? "up" : "down");
    });
  }

  /** The machine loses its power: what was not on the disk is gone. */
  powerCut(): void {
    for (const stream of Object.values(this.streams)) stream.apply({ do: "powerCut" });
  }
}

/** Processes that cannot reach the server now. */
const cutOff = new WeakSet<SimProcess>();

export function isConnected(process: SimProcess): boolean {
  return process.alive && !cutOff.has(process);
}
