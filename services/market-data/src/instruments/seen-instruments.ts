import type { InstrumentRef } from "@countersign/contracts/messages/md-instruments.v1";
import { NameIndex } from "./name-index.ts";

export interface Seen {
  readonly ref: InstrumentRef;
  readonly source: string;
  readonly asOf: string;
}

/** Every instrument that an answer of the broker named, with its name in an index. Bounded; the oldest goes first. */
export class SeenInstruments {
  readonly #entriesMax: number;
  readonly #seen = new Map<number, Seen>();
  readonly names: NameIndex;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
    this.names = new NameIndex(entriesMax);
  }

  get(conid: number): Seen | undefined {
    return this.#seen.get(conid);
  }

  /** Details stay where a search tells less, and their time with them. */
  add(ref: InstrumentRef, from: { readonly source: string; readonly asOf: string }): void {
    const known = this.#seen.get(ref.conid);
    const tellsLess = ref.exchange === "" && known !== undefined && known.ref.exchange !== "";
    this.#seen.delete(ref.conid);
    this.#seen.set(ref.conid, tellsLess ? known : { ref, source: from.source, asOf: from.asOf });
    if (ref.secType !== "OPT" && ref.secType !== "FOP") this.names.add({ conid: ref.conid, name: ref.longName });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > this.#entriesMax && oldest !== undefined) this.#seen.delete(oldest);
  }
}
