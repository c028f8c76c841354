import type { OptionTerms } from "@countersign/contracts/messages/book-facts.v1";
import { type OrderTerms, otherSide } from "@countersign/contracts/order";
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  max,
  multiply,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { leftOf } from "../exposure.ts";
import type { Facts } from "../fact.ts";
import { type Part, partsOf } from "../parts.ts";
import { touchOf, worstPrice } from "../prices.ts";
import type { Holding, WorkingOrder } from "./book.ts";
import { type Obligation, type OptionEnd, optionEnd, optionTermsOf } from "./option.ts";
import { type GroupKind, type Totals, totalsOf } from "./totals.ts";
import { type Exposure, endsOf, exposureOf, type Groups, groupsOf, isNothing, owedBy } from "./worst-case.ts";

/** A figure of the whole account without the order, and with it. */
export interface Change {
  readonly before: Decimal;
  readonly after: Decimal;
  /** Something of it comes to be more on one side, if only behind the other side, which is more still. Absent: the figure shows it. */
  readonly grows?: boolean;
}

/** What the order does with one instrument. */
export interface PartExposure {
  readonly conid: number;
  readonly name: string;
  readonly groups: Groups;
  readonly before: Exposure;
  readonly after: Exposure;
  /** Neither with the order nor with the one that it changes: what a change is held against that is to reduce. */
  readonly without: Exposure;
  /** The order itself, with what it may still fill and at which value. */
  readonly own: WorkingOrder;
  /** Of an option: what would be held with nothing but the order filled. */
  readonly filledAlone?: OptionEnd;
}

/** What the account may come to hold with the order, everything working counted as filled where that is worse. In base currency. */
export interface Exposures {
  readonly baseCurrency: string;
  /** When the book and the working orders were as they are taken here. */
  readonly asOf: readonly [book: string, working: string];
  readonly parts: readonly PartExposure[];
  /** Of everything in the book, by conid, before the order. */
  readonly before: ReadonlyMap<number, Exposure>;
  readonly gross: Change;
  readonly netLong: Change;
  readonly netShort: Change;
  readonly count: { readonly before: number; readonly after: number };
  /** Of every group that the order touches. */
  readonly groups: (kind: GroupKind) => readonly (Change & { readonly name: string })[];
}

export type ExposuresOrNot = Exposures | { readonly missing: string };

const computed = new WeakMap<Facts, { terms: OrderTerms; found: ExposuresOrNot }>();

/** Computed once for all rules that look at it. */
export function exposuresOf(terms: OrderTerms, facts: Facts): ExposuresOrNot {
  const last = computed.get(facts);
  if (last?.terms === terms) return last.found;
  const found = compute(terms, facts);
  computed.set(facts, { terms, found });
  return found;
}

function compute(terms: OrderTerms, facts: Facts): ExposuresOrNot {
  const { book, working, rate } = facts;
  if (book.state === "missing") return { missing: `the book: ${book.reason}` };
  if (working.state === "missing") return { missing: `working orders: ${working.reason}` };
  if (rate.state === "missing") return { missing: `exchange rate: ${rate.reason}` };
  const totals = totalsOf(book.value, working.value);
  const parts: PartExposure[] = [];
  for (const part of partsOf(terms, facts)) {
    const one = partExposure(terms, { part, facts, totals, rate: rate.value });
    if (typeof one === "string") return { missing: one };
    parts.push(one);
  }
  const sum = (before: Decimal, of: (exposure: Exposure) => Decimal): Change => ({
    before,
    after: parts.reduce((all, part) => add(all, subtract(of(part.after), of(part.before))), before),
  });
  const opened = parts.map(({ before, after }) => Number(isNothing(before)) - Number(isNothing(after)));
  return {
    baseCurrency: book.value.baseCurrency,
    asOf: [book.asOf, working.asOf],
    parts,
    before: totals.exposures,
    gross: { ...sum(totals.gross, ({ worst }) => worst), grows: parts.some(grows) },
    netLong: sum(totals.netLong, ({ netLong }) => netLong),
    netShort: sum(totals.netShort, ({ netShort }) => netShort),
    count: { before: totals.count, after: opened.reduce((all, one) => all + one, totals.count) },
    groups: (kind) => groupsAfter(kind, parts, totals),
  };
}

function groupsAfter(kind: GroupKind, parts: readonly PartExposure[], totals: Totals) {
  const names = [...new Set(parts.map(({ groups }) => groups[kind]))];
  return names.map((name) => {
    const before = totals.groups[kind].get(name) ?? ZERO;
    const own = parts.filter(({ groups }) => groups[kind] === name);
    const after = own.reduce((all, part) => add(all, subtract(part.after.worst, part.before.worst)), before);
    return { name, before, after, grows: own.some(grows) };
  });
}

/** Whether the order may leave the account with more of the instrument than before, long or short. The worse of both sides hides it while a position is turned into its opposite. */
export function grows({ before, after }: Pick<PartExposure, "before" | "after">): boolean {
  const was = endsOf(before);
  return endsOf(after).some(({ units }, at) => compare(units, was[at]?.units ?? ZERO) > 0);
}

/** Whether the order may turn what is held into its opposite, or turn it farther. */
export function turns({ before, after }: Pick<PartExposure, "before" | "after">): boolean {
  const [long, short] = endsOf(before);
  const [longAfter, shortAfter] = endsOf(after);
  if (isNegative(before.held)) return compare(longAfter.units, long.units) > 0;
  return !isZero(before.held) && compare(shortAfter.units, short.units) > 0;
}

function partExposure(
  terms: OrderTerms,
  { part, facts, totals, rate }: { part: Part; facts: Facts; totals: Totals; rate: string },
): PartExposure | string {
  const { conid, instrument, side } = part;
  if (instrument.state === "missing") return `instrument ${conid}: ${instrument.reason}`;
  const price = terms.legs === undefined ? worstPrice(terms, facts) : touchOf(part, "BUY");
  if (price === undefined) return `no price of ${instrument.value.symbol}`;
  const factor = multiply(decimal(instrument.value.multiplier), decimal(rate));
  const unit = absolute(multiply(price, factor));
  const option = optionTermsOf(instrument.value);
  if (typeof option === "string") return `${instrument.value.symbol} (${conid}): ${option}`;
  const held = totals.holdings.get(conid);
  const owed = obligationOf(held, option, factor);
  const working = totals.orders.get(conid) ?? [];
  const { kept, remaining, unitValue } = replacing(working, { part, facts, unit });
  const own: WorkingOrder = { order: "this", conid, side, remaining: toText(remaining), unitValue: toText(unitValue) };
  const orders = [...kept, own, ...exitsOf(terms, own, replacedExits(working, facts))];
  const before = totals.exposures.get(conid) ?? exposureOf(held, working, owed);
  return {
    conid,
    name: instrument.value.localSymbol || instrument.value.symbol,
    groups: groupsOf(held ?? instrument.value),
    before,
    after: exposureOf(held, orders, owed),
    without: kept.length === working.length ? before : exposureOf(held, kept, owed),
    own,
    ...(owed && { filledAlone: filledAlone(held, own, owed.amount) }),
  };
}

/** As the book has it, so that a rate that moved since makes no order larger that only reduces; of what is in no book by the order's own rate. */
function obligationOf(
  held: Holding | undefined,
  option: OptionTerms | undefined,
  factor: Decimal,
): Obligation | undefined {
  const own = option && { right: option.right, amount: multiply(decimal(option.strike), factor) };
  return own && ((held && owedBy(held)) ?? own);
}

/** What is held of an option with nothing but the order filled. */
function filledAlone(held: Holding | undefined, own: WorkingOrder, obligation: Decimal): OptionEnd {
  const units = own.side === "BUY" ? decimal(own.remaining) : negate(decimal(own.remaining));
  const [position, unit] = [decimal(held?.quantity ?? "0"), decimal(held?.unitValue ?? "0")];
  return optionEnd(add(position, units), max(unit, decimal(own.unitValue)), obligation);
}

/** The order that is changed counts once, with what the worse of its old and new terms leaves; its exits stand in the new ones. */
function replacing(
  working: readonly WorkingOrder[],
  { part, facts, unit }: { part: Part; facts: Facts; unit: Decimal },
): { kept: readonly WorkingOrder[]; remaining: Decimal; unitValue: Decimal } {
  const replaced = facts.replaces?.proposalId;
  const left = leftOf(part, facts);
  if (replaced === undefined) return { kept: working, remaining: left, unitValue: unit };
  const before = working.filter(({ order, side }) => order === replaced && side === part.side);
  return {
    kept: working.filter(({ order }) => order !== replaced),
    remaining: before.map(({ remaining }) => decimal(remaining)).reduce(max, left),
    unitValue: before.map(({ unitValue }) => decimal(unitValue)).reduce(max, unit),
  };
}

function replacedExits(working: readonly WorkingOrder[], { replaces }: Facts): readonly WorkingOrder[] {
  return replaces === undefined ? [] : working.filter(({ order }) => order === replaces.proposalId);
}

/**
 * The exits of a bracket sell what its entry has bought and nothing else: beside an entry that has not left yet they take the
 * account nowhere that it is not. Once it works, what it has filled may not be in the log yet, and they count by themselves.
 */
function exitsOf(terms: OrderTerms, entry: WorkingOrder, before: readonly WorkingOrder[]): WorkingOrder[] {
  const side = otherSide(entry.side);
  const open = before.filter((one) => one.side === side);
  if (terms.exits === undefined || before.length === 0) return open;
  const most = terms.quantity;
  const remaining = toText(open.map((one) => decimal(one.remaining)).reduce(max, decimal(most)));
  return [{ ...entry, order: "its exits", side, remaining }];
}
