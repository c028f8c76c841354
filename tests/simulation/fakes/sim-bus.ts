import type { OrderBus } from "@countersign/bus/bus";
import { parseMessage } from "@countersign/bus/parse-message";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { Fact, Rpc } from "@countersign/contracts/contract-kinds";
import { Fault, type FaultBody } from "@countersign/contracts/denial";
import type { SignedApproval } from "@countersign/contracts/order";
import { FACTS, RPCS, subjectOf } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { asJson } from "../engine/as-json.ts";
import type { SimProcess } from "../engine/sim-process.ts";
import type { Stored, StreamCommand, StreamResult } from "./jetstream.ts";
import { type FakeNats, type Handler, isConnected, type SendStep, type SimStream } from "./nats.ts";
import { delayOf } from "./network.ts";

const ACKNOWLEDGE_MS = 2_000;
const READ_MS = 5_000;
/** Each its own: what waits for one promise that all share would be held by it for ever. */
const never = (): Promise<never> => new Promise(() => undefined);
const WRONG_LAST_SEQUENCE = 10_071;

export interface BusOptions {
  readonly nats: FakeNats;
  readonly process: SimProcess;
  readonly log: OrderBus["log"];
  /** Both ends parse by the contracts, as the real bus does. */
  readonly strict: boolean;
}

/** The bus of one process: the same promises, faults and limits of time as the real one, over the fake server. */
export function simBus({ nats, process, log, strict }: BusOptions): OrderBus {
  const { scheduler, random, weather, sharing } = nats;

  /** To the server and back. `settle` makes of the answer what its caller gets, or throws; undefined: none in time. */
  const roundTrip = <T, R>(
    timeoutMs: number,
    atServer: () => T,
    settle: (answer: T | undefined) => R,
    inDoubt = false,
  ): Promise<R> => {
    if (!process.effect()) return never();
    const untilMs = scheduler.nowMs + timeoutMs;
    return new Promise((fulfil, reject) => {
      const resolve = (answer: T | undefined) => {
        try {
          fulfil(settle(answer));
        } catch (error) {
          reject(error);
        }
      };
      // Most answers come, so whoever waits is only woken where it is certain that none comes in time.
      const givesUp = () => void scheduler.after(untilMs - scheduler.nowMs, process, () => resolve(undefined));
      if (random.chance(weather.lost)) return givesUp();
      const late = inDoubt && random.chance(0.5);
      const delayMs = late ? random.between(timeoutMs - 100, timeoutMs + 1_500) : delayOf(random, weather);
      if (delayMs >= timeoutMs) givesUp();
      scheduler.after(delayMs, undefined, () => {
        if (process.isLongDead) return;
        // Meanwhile another may have taken over: see docs/simulation.md, what is not simulated.
        if (late && process.paused) return delayMs < timeoutMs ? givesUp() : undefined;
        const result = atServer();
        if (scheduler.nowMs >= untilMs) return;
        if ((inDoubt && !late) || random.chance(weather.lost)) return givesUp();
        const backMs = delayOf(random, weather);
        if (scheduler.nowMs + backMs >= untilMs) return givesUp();
        scheduler.after(backMs, process, () => (isConnected(process) ? resolve(result) : givesUp()));
      });
    });
  };
  const ask: Ask = (stream, command, settle) => {
    if (!isConnected(process)) return Promise.reject(new Fault("BUS_UNAVAILABLE"));
    return roundTrip(
      READ_MS,
      () => nats.apply(stream, command),
      (result) => {
        if (result === undefined) throw new Fault("BUS_UNAVAILABLE", `${stream} cannot be read`);
        return settle(result);
      },
    );
  };
  const parse = (fact: Fact, message: Stored) => {
    if (message.body !== undefined) return message;
    const { subject, sequence, text } = message;
    const body: unknown = strict ? parsed(fact.body, JSON.parse(text)) : JSON.parse(text);
    return { sequence, subject, text, body };
  };
  const streamOf = (fact: Fact) => fact.stream as SimStream;
  const bus: Record<keyof OrderBus, unknown> = {
    log,
    append: (fact: Fact, params: Record<string, string>, body: unknown, options: object) => {
      const subject = subjectOf(fact.subject, params);
      if (strict && !parseMessage(fact.body, body).success)
        return Promise.reject(new Fault("SCHEMA_UNSUPPORTED", subject));
      if (!isConnected(process)) return Promise.reject(new Fault("BUS_UNAVAILABLE"));
      const said = sharing === "apart" ? { text: JSON.stringify(body) } : { body: asJson(body, sharing) };
      const step = sendStepOf(body as { readonly type: string; readonly purpose?: string });
      if (step !== undefined) nats.observer.onSending(process, step, params.proposal ?? "");
      const command = () => ({ do: "append" as const, subject, said, ...options, atMs: scheduler.nowMs });
      return roundTrip(
        ACKNOWLEDGE_MS,
        () => nats.apply(streamOf(fact), command()),
        (result) => appendedOf(subject, result),
        (fact === FACTS.decision || step === "intent") && random.chance(weather.inDoubt),
      );
    },
    readLast: (fact: Fact, params: Record<string, string>) =>
      ask(streamOf(fact), { do: "last", subject: subjectOf(fact.subject, params) }, (result) => {
        const message = messageOf(result);
        return message === undefined ? undefined : parse(fact, message);
      }),
    readSubject: async (fact: Fact, params: Record<string, string>) => {
      const found: unknown[] = [];
      const subject = subjectOf(fact.subject, params);
      for (let from = 1; ; ) {
        const message = await ask(streamOf(fact), { do: "next", subject, from }, messageOf);
        if (message === undefined) return found;
        found.push(parse(fact, message));
        from = message.sequence + 1;
      }
    },
    streamState: (fact: Fact) => {
      return ask(streamOf(fact), { do: "info" }, (result) => {
        if (result.is !== "info") throw new TypeError("an info was asked for");
        const { firstSequence, lastSequence, messages } = result;
        return { firstSequence, lastSequence, messages };
      });
    },
    follow: (fact: Fact, onMessage: (message: Stored) => void) =>
      new SimFollowed({ nats, process, stream: streamOf(fact), ask, onMessage }),
    audit: (entry: AuditEntry) => {
      if (!isConnected(process)) return Promise.reject(new Fault("AUDIT_UNAVAILABLE"));
      const given = asJson(entry, sharing);
      return roundTrip(
        ACKNOWLEDGE_MS,
        () => nats.audit([given]),
        (taken) => {
          if (taken !== true) throw new Fault("AUDIT_UNAVAILABLE");
          return { seq: 1, hash: "" };
        },
      );
    },
    request: async (rpc: Rpc, body: unknown, options: { params?: Record<string, string> } = {}) => {
      const subject = subjectOf(rpc.subject, options.params);
      if (!isConnected(process)) throw new Fault("BUS_UNAVAILABLE");
      if (strict) parsed(rpc.request, body);
      if (!process.effect()) return never();
      if (rpc.subject === RPCS.submit.subject) nats.observer.onSending(process, "submit", submitted(body));
      const answer = await call({ nats, process, rpc }, body, options.params ?? {});
      if ("value" in answer) return strict ? parsed(rpc.reply, answer.value) : answer.value;
      throw answer.fault === undefined
        ? silent(rpc, subject)
        : new Fault(answer.fault.code, answer.fault.message, answer.fault);
    },
    serve: (rpc: Rpc, handler: Handler) =>
      nats.serve(process, rpc.subject, async (body, call) => {
        const reply = await handler(strict ? parsed(rpc.request, body) : body, call);
        return strict ? parsed(rpc.reply, asJson(reply, sharing)) : reply;
      }),
    broadcast: () => undefined,
    listen: () => () => undefined,
    connected: () => isConnected(process),
    startHeartbeat: () => () => undefined,
  };
  return bus as unknown as OrderBus;
}

/** As the real bus parses. */
function parsed(schema: z.ZodType, value: unknown): unknown {
  const result = parseMessage(schema, value);
  if (result.success) return result.data;
  throw result.error;
}

/** A question to a stream, and what is made of its answer. */
type Ask = <R>(stream: SimStream, command: StreamCommand, settle: (result: StreamResult) => R) => Promise<R>;

interface FollowedOf {
  readonly nats: FakeNats;
  readonly process: SimProcess;
  readonly stream: SimStream;
  readonly ask: Ask;
  readonly onMessage: (message: Stored) => void;
}

/** A class, because an object literal with a getter of its own is held until the next full collection of garbage. */
class SimFollowed {
  readonly #of: FollowedOf;
  readonly close: () => void;

  constructor(of: FollowedOf) {
    this.#of = of;
    this.close = of.nats.follow(of.process, of.stream, of.onMessage);
  }

  get up(): boolean {
    return isConnected(this.#of.process);
  }

  onChange(listener: (state: "down" | "up") => void): void {
    this.#of.nats.onConnection(this.#of.process, listener);
  }

  info(filter?: string) {
    const { ask, stream } = this.#of;
    const prefix = filter?.endsWith(">") === true ? filter.slice(0, -1) : filter;
    const command: StreamCommand = prefix === undefined ? { do: "info" } : { do: "info", prefix };
    return ask(stream, command, (result) => (result.is === "info" ? result : undefined));
  }

  last(subject: string): Promise<Stored | undefined> {
    return this.#of.ask(this.#of.stream, { do: "last", subject }, messageOf);
  }

  at(sequence: number): Promise<Stored | undefined> {
    return this.#of.ask(this.#of.stream, { do: "at", sequence }, messageOf);
  }
}

function messageOf(result: StreamResult): Stored | undefined {
  return result.is === "message" ? result.message : undefined;
}

/** As the real bus tells what came of an append. */
function appendedOf(subject: string, result: StreamResult | undefined) {
  if (result === undefined) throw new Fault("OUTCOME_UNKNOWN", `${subject}: no acknowledgement`);
  if (result.is === "appended") {
    return { outcome: "appended", sequence: result.sequence, duplicate: result.duplicate };
  }
  if (result.is === "refused" && result.code === WRONG_LAST_SEQUENCE) return { outcome: "conflict" };
  throw new Fault("STORE_REFUSED", `${subject}: JetStream error`);
}

function sendStepOf({ type, purpose }: { readonly type: string; readonly purpose?: string }): SendStep | undefined {
  if (type === "intent/1") return "intent";
  return type === "claim/1" && purpose === "send" ? "claim" : undefined;
}

function submitted(body: unknown): string {
  return (body as { approval: SignedApproval }).approval.statement.ticket.proposalId;
}

type Answer = { readonly value: unknown } | { readonly fault: FaultBody | undefined };

/** A request to whoever serves it. No server: refused at once; no answer: `fault` is undefined. */
export function call(
  from: { readonly nats: FakeNats; readonly process: SimProcess; readonly rpc: Rpc },
  body: unknown,
  params: Record<string, string>,
): Promise<Answer> {
  const { nats, process, rpc } = from;
  const sent = asJson(body, nats.sharing);
  const { scheduler, random, weather } = nats;
  return new Promise((resolve) => {
    const late = scheduler.after(rpc.timeoutMs, process, () => resolve({ fault: undefined }));
    const answer = (found: Answer) => {
      if (random.chance(weather.lost)) return;
      scheduler.after(delayOf(random, weather), process, () => {
        if (!isConnected(process)) return;
        late.cancelled = true;
        resolve(found);
      });
    };
    if (random.chance(weather.lost)) return;
    const deadlineMs = process.clock.nowMs() + rpc.timeoutMs;
    scheduler.after(delayOf(random, weather), undefined, () => {
      const server = nats.serverOf(rpc.subject);
      if (server === undefined) return answer({ fault: new Fault("UNAVAILABLE").toBody() });
      scheduler.after(0, server.process, () => {
        if (deadlineMs <= server.process.clock.nowMs()) return answer({ fault: new Fault("TIMEOUT").toBody() });
        server.handler(sent, { params }).then(
          (reply) => {
            if (!server.process.effect()) return;
            if (rpc.subject === RPCS.approve.subject) nats.observer.onApproveAnswered(reply);
            answer({ value: asJson(reply, nats.sharing) });
          },
          (error: unknown) => {
            const fault = error instanceof Fault ? error : new Fault("INTERNAL", String(error));
            if (fault.code === "INTERNAL") nats.observer.onBug(server.process, error);
            if (server.process.effect()) answer({ fault: fault.toBody() });
          },
        );
      });
    });
  });
}

function silent(rpc: Rpc, subject: string): Fault {
  return new Fault(rpc.effect === "write" ? "OUTCOME_UNKNOWN" : "TIMEOUT", `${subject} did not answer in time`);
}
