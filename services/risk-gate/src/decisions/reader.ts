import type { Bus } from "@countersign/bus/bus";
import { parseUtcText, utcText } from "@countersign/clock/clock";
import type { JudgedFact } from "@countersign/contracts/facts/judged-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { type ReadDecision, readDecision, wholeValue } from "./read-record.ts";

/** Two verdicts may be written in another order than their facts were gathered in; never an hour apart. */
const DISORDER_MS = 3_600_000;

/** An hour before; a text that is no point in time, such as a bare year, stays as it is. */
function earlier(time: string): string {
  return time.length === 24 ? utcText(parseUtcText(time) - DISORDER_MS) : time;
}

type Source = Pick<Bus, "readSubject" | "readText" | "streamState">;

const VALUES_MAX = 2_000;
const READS_IN_FLIGHT = 32;

/** Reads what verdicts were made of. Large values are read once, however many verdicts name them. */
export class DecisionReader {
  readonly #bus: Source;
  readonly #values = new Map<string, Promise<unknown>>();

  constructor(bus: Source) {
    this.#bus = bus;
  }

  /** The records of one proposal, oldest first; one for each verdict that was to be written. */
  async recordsOf(account: string, proposal: string): Promise<JudgedFact[]> {
    return (await this.#bus.readSubject(FACTS.judged, { account, proposal })).map(({ body }) => body);
  }

  /** Throws a RecordError when the record does not hold together. */
  read(fact: JudgedFact): Promise<ReadDecision> {
    return readDecision(fact, (hash) => this.#value(hash));
  }

  /**
   * Every recorded decision whose facts were gathered in a stretch of time, in the order of the stream. `until` is not
   * in it. Throws a Fault when the stream cannot be read,
   * a RecordError on a record that does not hold together.
   */
  async *between(from: string, until: string): AsyncGenerator<ReadDecision> {
    const { firstSequence, lastSequence } = await this.#bus.streamState(FACTS.judged);
    const begin = await this.#beginOf(earlier(from), Math.max(1, firstSequence), lastSequence);
    for (let next = begin; next <= lastSequence; next += READS_IN_FLIGHT) {
      const count = Math.min(READS_IN_FLIGHT, lastSequence - next + 1);
      const batch = await Promise.all(Array.from({ length: count }, (_, index) => this.#recordAt(next + index)));
      for (const fact of batch) if (fact !== undefined && fact.at >= from && fact.at < until) yield this.read(fact);
    }
  }

  /** A sequence behind which no record is older: records are written in the order of time, but for the odd second. */
  async #beginOf(time: string, first: number, last: number): Promise<number> {
    let [low, high] = [first, last];
    while (high - low > READS_IN_FLIGHT) {
      const middle = Math.floor((low + high) / 2);
      const record = await this.#nextRecord(middle, high);
      if (record === undefined || record.at >= time) high = middle;
      else low = middle;
    }
    return low;
  }

  async #nextRecord(from: number, until: number): Promise<JudgedFact | undefined> {
    for (let sequence = from; sequence <= until; sequence += 1) {
      const record = await this.#recordAt(sequence);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  /** Undefined: what stands there is a value. */
  async #recordAt(sequence: number): Promise<JudgedFact | undefined> {
    const message = await this.#bus.readText(FACTS.judged, sequence);
    if (message === undefined || !message.subject.startsWith("judged.v1.verdict.")) return undefined;
    return FACTS.judged.body.parse(JSON.parse(message.text));
  }

  #value(hash: string): Promise<unknown> {
    const known = this.#values.get(hash);
    if (known !== undefined) return known;
    const reading = this.#bus.readSubject(FACTS.judgedValue, { hash }).then((pieces) =>
      wholeValue(
        hash,
        pieces.map(({ body }) => body),
      ),
    );
    this.#values.set(hash, reading);
    reading.catch(() => this.#values.delete(hash));
    const [oldest] = this.#values.keys();
    if (this.#values.size > VALUES_MAX && oldest !== undefined) this.#values.delete(oldest);
    return reading;
  }
}
