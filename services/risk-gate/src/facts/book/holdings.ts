import type { Position } from "@countersign/contracts/account";
import { absolute, compare, type Decimal, decimal, isZero, multiply, toText, ZERO } from "@countersign/money/decimal";
import type { Book, Described, Holding } from "./book.ts";
import { OPTION_TYPES } from "./option.ts";

/** What is known of an account's instruments, ahead of any order. */
export interface Knowledge {
  /** Price of one unit as the broker values the position, in the instrument's own currency. */
  readonly price: (conid: number) => string | undefined;
  /** What one unit is worth in that currency, as the broker adds it up. */
  readonly worth: (conid: number) => string | undefined;
  /** Of what is not held and works without a limit: the highest price of its quote, or why there is none. */
  readonly quoted: (conid: number) => { readonly price: string } | string;
  readonly described: (conid: number) => Described | undefined;
  /** Units of the base currency for one of the other. */
  readonly rate: (currency: string) => string | undefined;
}

export type Built = { readonly book: Book } | { readonly missing: string };

/** Only these are ever worth nothing. */
const MAY_BE_WORTHLESS: readonly string[] = ["OPT", "FOP", "WAR", "IOPT", "BAG"];

/**
 * Puts the book of one account together. A row that says the same as before stays the same object, and so does the whole
 * book: what is computed from it is computed once.
 */
export class HoldingsBuilder {
  readonly #rows = new Map<number, Holding>();
  #last: Book | undefined;

  /** Every instrument of the last book. */
  held(): readonly number[] {
    return this.#last?.holdings.map(({ conid }) => conid) ?? [];
  }

  /** `alsoOf`: instruments in which only orders work. One position of which the value is not known leaves the whole unknown. */
  build(
    baseCurrency: string,
    positions: readonly Position[],
    { alsoOf, knowledge }: { alsoOf: Iterable<number>; knowledge: Knowledge },
  ): Built {
    const holdings: Holding[] = [];
    const held = new Set<number>();
    for (const { conid, quantity, symbol } of positions) {
      const row = this.#row(conid, quantity, knowledge);
      if (typeof row === "string") return { missing: `${symbol} (${conid}): ${row}` };
      held.add(conid);
      holdings.push(row);
    }
    for (const conid of alsoOf) {
      if (held.has(conid)) continue;
      held.add(conid);
      const row = this.#row(conid, "0", knowledge);
      if (typeof row === "string") return { missing: `instrument ${conid} of a working order: ${row}` };
      holdings.push(row);
    }
    for (const conid of this.#rows.keys()) if (!held.has(conid)) this.#rows.delete(conid);
    return { book: this.#asBefore(baseCurrency, holdings) };
  }

  #asBefore(baseCurrency: string, holdings: readonly Holding[]): Book {
    const last = this.#last;
    const isSame =
      last?.baseCurrency === baseCurrency &&
      last.holdings.length === holdings.length &&
      last.holdings.every((row, index) => row === holdings[index]);
    if (last !== undefined && isSame) return last;
    this.#last = { baseCurrency, holdings };
    return this.#last;
  }

  #row(conid: number, quantity: string, knowledge: Knowledge): Holding | string {
    const described = knowledge.described(conid);
    if (described === undefined) return "the instrument is not described";
    const unitValue = unitValueOf(described, conid, knowledge);
    if (typeof unitValue !== "object" && quantity !== "0") return unitValue;
    const value = typeof unitValue === "object" ? toText(unitValue.value) : null;
    const owed = obligationOf(described, knowledge.rate(described.currency));
    if (typeof owed === "string") return owed;
    const before = this.#rows.get(conid);
    if (before !== undefined && before.quantity === quantity && before.unitValue === value && says(before, described))
      if (before.obligation === owed?.text) return before;
    const row = { conid, quantity, unitValue: value, ...described, ...(owed && { obligation: owed.text }) };
    this.#rows.set(conid, row);
    return row;
  }
}

function says(row: Holding, described: Described): boolean {
  return (
    row.multiplier === described.multiplier &&
    row.industry === described.industry &&
    row.category === described.category &&
    row.currency === described.currency &&
    row.secType === described.secType &&
    row.option?.right === described.option?.right &&
    row.option?.strike === described.option?.strike &&
    row.option?.underlyingConid === described.option?.underlyingConid &&
    row.symbol === described.symbol
  );
}

/** Undefined: it is no option. Text: why nobody knows. */
function obligationOf(
  { secType, multiplier, currency, option }: Described,
  rate: string | undefined,
): { readonly text: string } | string | undefined {
  if (!OPTION_TYPES.includes(secType)) return undefined;
  if (option === undefined) return "the broker gives no strike of it";
  if (rate === undefined) return `no rate of ${currency} into the base currency`;
  return { text: toText(multiply(multiply(decimal(option.strike), decimal(multiplier)), decimal(rate))) };
}

function unitValueOf(described: Described, conid: number, knowledge: Knowledge): { value: Decimal } | string {
  const { secType, multiplier, currency } = described;
  const [price, rate] = [knowledge.price(conid), knowledge.rate(currency)];
  if (price === undefined) return "the broker gives no price of it";
  if (rate === undefined) return `no rate of ${currency} into the base currency`;
  const units = decimal(multiplier);
  if (isZero(units)) return "its multiplier is zero";
  if (isZero(decimal(price)) && !MAY_BE_WORTHLESS.includes(secType)) return "the broker's price of it is zero";
  const own = worthOf(described, decimal(price), knowledge.worth(conid));
  if (own === undefined) return "the broker does not say what one is worth, and its price is in per cent";
  const value = multiply(own, decimal(rate));
  return { value: isZero(value) ? ZERO : value };
}

/** Their price is in per cent of a nominal value that TWS does not tell. */
export const IN_PER_CENT: readonly string[] = ["BOND", "BILL", "FIXED"];
const HUNDRED = decimal("100");
const NEARLY = decimal("101");

/**
 * What one unit is worth in its own currency. A price below zero (futures have been there) is as much exposure as one above
 * it. The price of a position may be in another unit than its quotes; the broker's own sum of it is not. It is rounded, so
 * less than a hundredth more says nothing.
 */
export function worthOf(
  { secType, multiplier }: Pick<Described, "secType" | "multiplier">,
  price: Decimal,
  worth: string | undefined,
): Decimal | undefined {
  const priced = absolute(multiply(price, decimal(multiplier)));
  if (worth === undefined) return IN_PER_CENT.includes(secType) ? undefined : priced;
  const isMore = compare(multiply(decimal(worth), HUNDRED), multiply(priced, NEARLY)) > 0;
  return isMore ? decimal(worth) : priced;
}
