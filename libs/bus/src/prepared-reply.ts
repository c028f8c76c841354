import type { Rpc } from "@countersign/contracts/contract-kinds";
import type * as z from "zod";
import { PAYLOAD_BYTES_MAX } from "./headers.ts";
import { parseMessage } from "./parse-message.ts";

/** Stands for an age while the text is made: no message of ours has a number as large. The first of as many as are needed. */
const PLACE = 9_007_199_000_000_000;
const PLACES = /(?<=":)(9007199\d{9})(?=[,}])/;
const AGE_DIGITS_MAX = 16;

/**
 * A reply that is told many times, with nothing in it that changes but ages. It is parsed by its schema once, when it is made:
 * with the youngest and with the oldest age in every place, so that every age between them fits too. Its text is kept.
 */
export class PreparedReply<R extends Rpc = Rpc> {
  /** The text between the ages; one more than there are ages. */
  readonly #texts: readonly string[];
  /** For each age the wall ms since which it counts. */
  readonly #sinceMs: readonly number[];
  /** Whose reply it is. */
  readonly rpc: R;

  private constructor(rpc: R, texts: readonly string[], sinceMs: readonly number[]) {
    this.rpc = rpc;
    this.#texts = texts;
    this.#sinceMs = sinceMs;
  }

  /**
   * `write` makes the reply; it asks for each age that belongs into it, by the wall ms since which it counts. Throws
   * TypeError for a reply that does not fit.
   */
  static of<R extends Rpc>(
    rpc: R,
    write: (ageSince: (wallMs: number) => number) => z.input<R["reply"]>,
  ): PreparedReply<R> {
    const sinceMs: number[] = [];
    const oldest = parseMessage(
      rpc.reply,
      write((wallMs) => PLACE + sinceMs.push(wallMs) - 1),
    );
    const youngest = parseMessage(
      rpc.reply,
      write(() => 0),
    );
    if (!oldest.success || !youngest.success) throw new TypeError(`${rpc.schema}: what is prepared does not fit`);
    // Every second part is the number of a place, in the order of the text.
    const parts = JSON.stringify(oldest.data).split(PLACES);
    const places = parts.filter((_, index) => index % 2 === 1).map((number) => Number(number) - PLACE);
    if (new Set(places).size !== places.length || places.length !== sinceMs.length)
      throw new TypeError(`${rpc.schema}: an age without a place of its own`);
    const texts = parts.filter((_, index) => index % 2 === 0);
    if (texts.join("").length + places.length * AGE_DIGITS_MAX > PAYLOAD_BYTES_MAX)
      throw new TypeError(`${rpc.schema}: what is prepared is too long`);
    return new PreparedReply(
      rpc,
      texts,
      places.map((place) => sinceMs[place] ?? 0),
    );
  }

  /** A reply without ages, parsed and written now, to be sent when its handler may answer. Throws TypeError for one that does not fit. */
  static fixed<R extends Rpc>(rpc: R, reply: z.input<R["reply"]>): PreparedReply<R> {
    const parsed = parseMessage(rpc.reply, reply);
    if (!parsed.success) throw new TypeError(`${rpc.schema}: what is prepared does not fit: ${parsed.error.message}`);
    return new PreparedReply(rpc, [JSON.stringify(parsed.data)], []);
  }

  /** The message as of now; an age is never below zero, even after the clock was put back. */
  textAt(nowMs: number): string {
    let text = this.#texts[0] ?? "";
    for (let index = 0; index < this.#sinceMs.length; index += 1)
      text += Math.max(0, Math.round(nowMs - (this.#sinceMs[index] ?? nowMs))) + (this.#texts[index + 1] ?? "");
    return text;
  }
}
