import MiniSearch from "minisearch";
import { type CompanyName, companyName, nameScore } from "./company-name.ts";

export interface Named {
  readonly conid: number;
  readonly name: string;
}

export interface NameHit {
  readonly conid: number;
  readonly score: number;
}

/** How far a word may be from one that is asked for, as a part of its length. */
const WORD_DISTANCE = 0.25;
const WORD_DISTANCE_MAX = 3;
/** So many of the index's best are compared letter by letter. */
const COMPARED_MAX = 40;

/**
 * Names of instruments that were seen before, found although they are not written exactly. Knows no more than that: what
 * it does not find may well exist.
 */
export class NameIndex {
  readonly #entriesMax: number;
  readonly #names = new Map<number, { readonly name: string; readonly parsed: CompanyName }>();
  readonly #index = new MiniSearch<{ id: number; words: string }>({
    fields: ["words"],
    tokenize: (text) => text.split(" "),
    processTerm: (term) => term,
  });

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#names.size;
  }

  /** What is known longest goes first when the index is full. */
  add({ conid, name }: Named): void {
    const known = this.#names.get(conid);
    if (known?.name === name || name === "") return;
    if (known !== undefined) this.#drop(conid);
    const parsed = companyName(name);
    this.#names.set(conid, { name, parsed });
    this.#index.add({ id: conid, words: parsed.words.join(" ") });
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= this.#entriesMax) return;
      this.#drop(oldest);
    }
  }

  /** The likest names, best first. */
  search(text: string, limit: number): NameHit[] {
    const asked = companyName(text);
    const options = { fuzzy: WORD_DISTANCE, maxFuzzy: WORD_DISTANCE_MAX, prefix: (term: string) => term.length > 3 };
    const found = this.#index.search(asked.words.join(" "), options).slice(0, COMPARED_MAX);
    const hits = found.flatMap(({ id }): NameHit[] => {
      const known = this.#names.get(id);
      return known === undefined ? [] : [{ conid: id, score: nameScore(asked, known.parsed) }];
    });
    return hits.sort((left, right) => right.score - left.score).slice(0, limit);
  }

  #drop(conid: number): void {
    this.#names.delete(conid);
    this.#index.discard(conid);
  }
}
