import type { Bus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import { type JudgedValuePiece, PIECE_BYTES_MAX } from "@countersign/contracts/facts/judged-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalJson } from "@countersign/ids/hash";
import { pack } from "./pack.ts";
import { type Judged, TimesNamed, takeDown } from "./taken-down.ts";

const WRITTEN_MAX = 5_000;

/** Puts on record what verdicts are made of, before they are written anywhere. */
export class DecisionRecorder {
  readonly #bus: Pick<Bus, "append" | "readSubject">;
  /** Large values that are known to be stored, or are being stored just now. */
  readonly #written = new Map<string, Promise<void>>();
  readonly #named = new TimesNamed();

  constructor(bus: Pick<Bus, "append" | "readSubject">) {
    this.#bus = bus;
  }

  /** Resolves when all of it is stored; rejects with a Fault when that is not sure, and then the verdict must not be written. */
  async record(judged: Judged): Promise<void> {
    const { fact, large } = takeDown(judged, this.#named);
    const { account, proposalId: proposal } = fact;
    const writing = [
      this.#bus.append(FACTS.judged, { account, proposal }, fact, {}),
      ...[...large].map(([hash, value]) => this.#ensure(hash, value)),
    ];
    await Promise.all(writing).catch((cause: unknown) => {
      // A second record of the same verdict does no harm, so nothing that is unknown here stays unknown.
      if (!(cause instanceof Fault)) throw cause;
      throw new Fault("STORE_REFUSED", `the facts behind the verdict are not on record: ${cause.message}`, { cause });
    });
  }

  #ensure(hash: string, value: object): Promise<void> {
    const before = this.#written.get(hash);
    if (before !== undefined) return before;
    const writing = this.#write(hash, value);
    this.#written.set(hash, writing);
    writing.catch(() => this.#written.delete(hash));
    const [oldest] = this.#written.keys();
    if (this.#written.size > WRITTEN_MAX && oldest !== undefined) this.#written.delete(oldest);
    return writing;
  }

  /** Every piece names the one before, so that of two writers one goes on where the other is; a repeat adds nothing. */
  async #write(hash: string, value: object): Promise<void> {
    const pieces = piecesOf(hash, value);
    const [first] = pieces;
    if (first === undefined) throw new TypeError("a value without a piece");
    const options = { expectedSequence: 0 };
    const outcome = await this.#bus.append(FACTS.judgedValue, { hash }, first, options);
    let last = outcome.outcome === "appended" ? { sequence: outcome.sequence, piece: 1 } : await this.#stored(hash);
    for (const piece of pieces.slice(last.piece)) {
      const next = await this.#bus.append(FACTS.judgedValue, { hash }, piece, { expectedSequence: last.sequence });
      last = next.outcome === "appended" ? { sequence: next.sequence, piece: piece.piece } : await this.#stored(hash);
      if (last.piece < piece.piece) throw new Fault("STORE_REFUSED", `piece ${piece.piece} of ${hash} is not stored`);
    }
  }

  /** What of a value is there already. */
  async #stored(hash: string): Promise<{ sequence: number; piece: number }> {
    const stored = await this.#bus.readSubject(FACTS.judgedValue, { hash });
    return { sequence: stored.at(-1)?.sequence ?? 0, piece: stored.length };
  }
}

/** Cut before it is packed, so that every version of the packer cuts at the same places. */
function piecesOf(hash: string, value: object): JudgedValuePiece[] {
  const bytes = Buffer.from(canonicalJson(value));
  const pieces = Math.max(1, Math.ceil(bytes.length / PIECE_BYTES_MAX));
  return Array.from({ length: pieces }, (_, index) => ({
    type: "judgedValue/1",
    hash,
    piece: index + 1,
    pieces,
    data: pack(bytes.subarray(index * PIECE_BYTES_MAX, (index + 1) * PIECE_BYTES_MAX)),
  }));
}
