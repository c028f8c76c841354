import type { OrderBus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import { FACTS, subjectOf } from "@countersign/contracts/subjects";
import { type Addressed, addressed, CONTEST, CONTEST_KEY } from "./log-bodies.ts";
import type { Expected, LogStep, Write } from "./log-script.ts";
import type { LogSide } from "./log-side.ts";

const LIVE = { orders: FACTS.exec, control: FACTS.kill } as const;
const STREAM_OF = { orders: "ORDERS", control: "KV_CONTROL" } as const;

/** Runs scripts in one world and writes down what each step got; what is known of the log goes on from script to script. */
export class LogRunner {
  readonly #side: LogSide;
  readonly #lastOfSubject = new Map<string, number>();
  readonly #lastOfStream = new Map<string, number>();
  #seed = 0;
  /** As it was when the script began. */
  #before: ReadonlyMap<string, number> = new Map();

  constructor(side: LogSide) {
    this.#side = side;
  }

  async run(seed: number, steps: readonly LogStep[]): Promise<string[]> {
    this.#seed = seed;
    const { copies } = this.#side;
    copies.orders.length = 0;
    copies.control.length = 0;
    this.#before = new Map(this.#lastOfStream);
    const lines: string[] = [];
    for (const step of steps) lines.push(...(await this.#step(step)));
    for (const name of ["orders", "control"] as const) lines.push(await this.#copies(name));
    return lines;
  }

  async #step(step: LogStep): Promise<string[]> {
    const { buses } = this.#side;
    switch (step.do) {
      case "append":
        return [await this.#line(this.#append(buses[step.bus], step.write))];
      case "burst":
        return this.#together(step.writes.map((write) => this.#prepared(buses[step.bus], write)));
      case "race": {
        const writers = buses.flatMap((bus) =>
          Array.from({ length: step.each }, () => this.#prepared(bus, step.write)),
        );
        return (await this.#together(writers)).sort();
      }
      case "contest":
        return (await this.#contest(step.mark)).sort();
      case "readLast":
      case "readSubject": {
        const { fact, params } = addressed(this.#seed, { kind: step.kind, key: step.key, mark: 0 });
        return [await this.#line(buses[step.bus][step.do](fact, params))];
      }
      case "state":
        return [await this.#line(buses[0].streamState(addressed(this.#seed, { ...step, key: 0, mark: 0 }).fact))];
      case "at": {
        const last = this.#lastOfStream.get(STREAM_OF[step.of]) ?? 0;
        return [await this.#asked(step.of, (stream) => stream.at(Math.max(1, last - step.back)).then(settled))];
      }
      case "newest": {
        const filter = this.#filter({ of: step.of, narrow: true }) ?? "";
        return [await this.#asked(step.of, (stream) => stream.last(filter).then(settled))];
      }
      case "subjects":
        return [await this.#asked(step.of, (stream) => subjectsOf(stream, this.#filter(step)))];
      case "full":
        await this.#side.full(step.stream, step.is);
        return [];
      case "restart":
        return this.#restart(step.hard);
    }
  }

  async #restart(hard: boolean): Promise<string[]> {
    const lines: string[] = [];
    // Copies that are still on their way are lost with the server.
    for (const name of ["orders", "control"] as const) await this.#allHeard(name);
    const write = { kind: "exec", key: 0, subject: "right", stream: "absent", id: undefined, mark: 1 } as const;
    await this.#side.restart(hard, async () => {
      const { fact, params } = addressed(this.#seed, write);
      const [bus] = this.#side.buses;
      lines.push(await this.#line(this.#append(bus, write)));
      lines.push(await this.#line(bus.readLast(fact, params)));
      lines.push(await this.#line(bus.streamState(fact)));
    });
    return lines;
  }

  /** All are sent before the first is answered. */
  #together(calls: readonly (() => Promise<unknown>)[]): Promise<string[]> {
    return this.#side.drive(Promise.all(calls.map((call) => textOf(call()))));
  }

  async #contest(mark: number): Promise<string[]> {
    const [one, two] = this.#side.buses;
    const of = (kind: "claim" | "killAccount", key: number): Write => {
      return { kind, key, subject: "absent", stream: "right", id: undefined, mark };
    };
    return this.#together([
      this.#prepared(one, of("claim", CONTEST_KEY)),
      this.#prepared(two, of("killAccount", CONTEST_KEY)),
    ]);
  }

  #append(bus: OrderBus, write: Write): Promise<unknown> {
    return this.#prepared(bus, write)();
  }

  /** What it expects is fixed now, not when it is sent. */
  #prepared(bus: OrderBus, write: Write): () => Promise<unknown> {
    const { fact, params, body } = addressed(this.#seed, write);
    const subject = subjectOf(fact.subject, params);
    const expectedSequence = expected(write.subject, this.#lastOfSubject.get(subject) ?? 0);
    const expectedStreamSequence = expected(write.stream, this.#lastOfStream.get(fact.stream) ?? 0);
    const expectedOrderSequence = expected(write.order ?? "absent", this.#lastOfOrder(subject));
    const options = {
      ...(expectedSequence !== undefined && { expectedSequence }),
      ...(expectedOrderSequence !== undefined && { expectedOrderSequence }),
      ...(expectedStreamSequence !== undefined && { expectedStreamSequence }),
      ...(write.id !== undefined && { messageId: `fidelity-${this.#seed}-${write.id}` }),
    };
    return async () => {
      const result = await bus.append(fact, params, body as never, options);
      if (result.outcome === "appended" && !result.duplicate) this.#know(fact, subject, result.sequence);
      return result;
    };
  }

  #lastOfOrder(subject: string): number {
    const prefix = subject.slice(0, subject.lastIndexOf(".") + 1);
    const logs = [...this.#lastOfSubject].filter(
      ([one]) => one.startsWith(prefix) && !one.slice(prefix.length).includes("."),
    );
    return Math.max(0, ...logs.map(([, sequence]) => sequence));
  }

  #know({ stream }: Addressed["fact"], subject: string, sequence: number): void {
    this.#lastOfSubject.set(subject, Math.max(sequence, this.#lastOfSubject.get(subject) ?? 0));
    this.#lastOfStream.set(stream, Math.max(sequence, this.#lastOfStream.get(stream) ?? 0));
  }

  #filter({ of, narrow }: { readonly of: "orders" | "control"; readonly narrow: boolean }): string | undefined {
    if (!narrow) return undefined;
    const { params } = addressed(this.#seed, { kind: "claim", key: 0, mark: 0 });
    return of === "orders" ? `order.v1.${params.account}.>` : `$KV.CONTROL.claim.${params.account}.>`;
  }

  #asked(of: "orders" | "control", ask: (stream: ReturnType<OrderBus["follow"]>) => Promise<unknown>): Promise<string> {
    const stream = this.#side.buses[0].follow(LIVE[of], () => undefined);
    return this.#line(ask(stream)).finally(() => stream.close());
  }

  #line(promise: Promise<unknown>): Promise<string> {
    return this.#side.drive(textOf(promise));
  }

  async #allHeard(of: "orders" | "control"): Promise<void> {
    const stream = STREAM_OF[of];
    const last = this.#lastOfStream.get(stream) ?? 0;
    if (last > (this.#before.get(stream) ?? 0)) await this.#side.heard(of, last);
  }

  /** Which sequences were copied, and whether each copy is the message that stands there. */
  async #copies(of: "orders" | "control"): Promise<string> {
    await this.#allHeard(of);
    const copies = this.#side.copies[of];
    const newest = copies.at(-1);
    const stored = newest === undefined ? "" : await this.#asked(of, (live) => live.at(newest.sequence));
    const same = newest === undefined || stored === JSON.stringify(plain(newest));
    return JSON.stringify({ copies: copies.map(({ sequence }) => sequence), same });
  }
}

/** Which of two messages of a contest stands there is open. */
function settled(message: { readonly subject: string; readonly sequence: number } | undefined): unknown {
  return message?.subject.includes(CONTEST) ? { sequence: message.sequence } : message;
}

async function subjectsOf(stream: ReturnType<OrderBus["follow"]>, filter: string | undefined): Promise<unknown> {
  const { lastSequence, subjects } = await stream.info(filter);
  return { lastSequence, subjects: [...subjects].sort() };
}

function expected(how: Expected, last: number): number | undefined {
  switch (how) {
    case "absent":
      return undefined;
    case "right":
      return last;
    case "zero":
      return 0;
    case "behind":
      return Math.max(0, last - 1);
    case "ahead":
      return last + 1;
  }
}

/** A result as text: a value with its keys in order, or the code of a Fault. Anything else that is thrown is a bug. */
async function textOf(promise: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(plain(await promise));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return JSON.stringify({ fault: error.code, effect: error.effect });
  }
}

/** The rows of a result that both worlds have, in one order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, of]) => [key, plain(of)]));
}
