import { numberOf } from "@countersign/contracts/market-value";
import type { Amount } from "@countersign/contracts/money";
import type { Facts } from "../facts/fact.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** What other rules may rely on once a fact is there: a wrong sign or a number that is none would make a limit larger. */
export const soundFacts = defineRule({
  name: "soundFacts",
  source: "G1, G2",
  description: "Every number in the facts is one and has the sign that it must have, and what belongs together fits",
  formula:
    "multiplier, size increment, rate and net liquidation above 0; sizes, margins, remainders and unit values not below 0; amounts of the account in its base currency; session of the instrument; a value as old as its fact",
  inputs: [
    "instrument",
    "quote",
    "session",
    "rate",
    "summary",
    "positions",
    "whatIf",
    "loss",
    "book",
    "working",
    "counters",
    "siblings",
  ],
  unit: "facts",
  limits: null,
  stricter: null,
  codes: ["FACT_INVALID"],
  limit: () => null,
  judge: ({ terms, facts }) => {
    const wrong = wrongPart(partsOf(terms, facts)) ?? wrongAccount(facts) ?? wrongLists(facts) ?? wrongCounts(facts);
    return wrong === undefined ? pass(null, "sound") : deny("FACT_INVALID", null, wrong);
  },
});

/** What was found of a value, so that one that did not change is not read again. */
const read = new WeakMap<object, string | undefined>();

function once(value: object, look: () => string | undefined): string | undefined {
  if (!read.has(value)) read.set(value, look());
  return read.get(value);
}

type Sign = "any" | "positive" | "notNegative";

const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;
const NOTHING = /^-?0+(\.0+)?$/;

/** The first of these numbers that is none, or has the wrong sign. By their text alone: nothing is computed with them here. */
function wrongNumber(numbers: Readonly<Record<string, string | null>>, sign: Sign): string | undefined {
  for (const name of Object.keys(numbers)) {
    const text = numbers[name] ?? null;
    if (text === null) continue;
    if (!NUMBER.test(text)) return `${name} is no number: ${text.slice(0, 40)}`;
    if (sign === "any") continue;
    const isNothing = NOTHING.test(text);
    if ((text.startsWith("-") && !isNothing) || (sign === "positive" && isNothing)) return `${name} is ${text}`;
  }
  return undefined;
}

function wrongPart(parts: readonly Part[]): string | undefined {
  for (const { conid, instrument, quote, session } of parts) {
    const wrong = wrongInstrument(instrument) ?? wrongQuote(quote) ?? wrongSession(session, conid);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongInstrument(instrument: Part["instrument"]): string | undefined {
  if (instrument.state === "missing") return undefined;
  const { multiplier, sizeIncrement, minSize, minTick } = instrument.value;
  return once(
    instrument.value,
    () => wrongNumber({ multiplier, sizeIncrement, minTick }, "positive") ?? wrongNumber({ minSize }, "notNegative"),
  );
}

function wrongQuote(quote: Part["quote"]): string | undefined {
  if (quote.state === "missing") return undefined;
  const { bidSize, askSize, volume, close, last, ageMs } = quote.value;
  if (ageMs < 0) return "the quote's age is negative";
  const numbers = {
    bidSize: numberOf(bidSize),
    askSize: numberOf(askSize),
    volume: numberOf(volume),
    close: numberOf(close),
    last: numberOf(last),
  };
  return wrongNumber(numbers, "notNegative");
}

function wrongSession(session: Part["session"], conid: number): string | undefined {
  if (session.state === "missing") return undefined;
  if (session.value.conid !== conid) return "the session is of another instrument";
  return session.value.asOf === session.asOf ? undefined : "the session is not as old as its fact";
}

function wrongAccount({ summary, whatIf, rate, loss }: Facts): string | undefined {
  const wrongRate = rate.state === "known" ? wrongNumber({ rate: rate.value }, "positive") : undefined;
  return wrongRate ?? wrongSummary(summary) ?? wrongWhatIf(whatIf) ?? wrongMarks(loss);
}

function wrongSummary(summary: Facts["summary"]): string | undefined {
  if (summary.state === "missing") return undefined;
  const { value, asOf } = summary;
  if (value.asOf !== asOf) return "the values of the account are not as old as their fact";
  const texts: Record<string, string> = {};
  for (const name of Object.keys(value)) {
    const amount: unknown = value[name as keyof typeof value];
    if (!isAmount(amount)) continue;
    if (amount.currency !== value.baseCurrency)
      return `${name} is in ${amount.currency}, the account in ${value.baseCurrency}`;
    texts[name] = amount.amount;
  }
  for (const { amount, currency } of value.cashByCurrency) texts[`cash in ${currency}`] = amount;
  const { netLiquidation, initialMargin, maintenanceMargin, grossPositionValue } = value;
  const sizes = {
    initialMargin: initialMargin.amount,
    maintenanceMargin: maintenanceMargin.amount,
    grossPositionValue: grossPositionValue.amount,
  };
  return (
    wrongNumber(texts, "any") ??
    wrongNumber({ netLiquidation: netLiquidation.amount }, "positive") ??
    wrongNumber(sizes, "notNegative")
  );
}

/** A loss is a share of these: of nothing, or of less, there is none. */
function wrongMarks(loss: Facts["loss"]): string | undefined {
  if (loss.state === "missing") return undefined;
  const { dayStart, highWaterMark, week } = loss.value;
  return wrongNumber({ dayStart, highWaterMark, weekStart: week?.start ?? null }, "positive");
}

function isAmount(value: unknown): value is Amount {
  return typeof value === "object" && value !== null && "amount" in value;
}

function wrongWhatIf(whatIf: Facts["whatIf"]): string | undefined {
  if (whatIf.state === "missing") return undefined;
  const { value, asOf } = whatIf;
  if (value.asOf !== asOf) return "the what-if is not as old as its fact";
  const { initialMarginChange, maintenanceMarginChange, commission } = value;
  const { initialMarginAfter, maintenanceMarginAfter } = value;
  return (
    wrongNumber({ initialMarginChange, maintenanceMarginChange, commission: commission?.amount ?? null }, "any") ??
    wrongNumber({ initialMarginAfter, maintenanceMarginAfter }, "notNegative")
  );
}

function wrongLists({ positions, openOrders, ownOrders, book, working, summary }: Facts): string | undefined {
  const list = <T extends object>(rows: readonly T[], wrong: (row: T) => string | undefined): string | undefined => {
    return once(rows, () => first(rows, wrong));
  };
  const base = summary.state === "known" ? summary.value.baseCurrency : undefined;
  if (book.state === "known" && base !== undefined && book.value.baseCurrency !== base)
    return `the book is in ${book.value.baseCurrency}, the account in ${base}`;
  return (
    (positions.state === "known"
      ? list(positions.value, ({ quantity }) => wrongNumber({ quantity }, "any"))
      : undefined) ??
    (openOrders.state === "known" ? list(openOrders.value, wrongOpenOrder) : undefined) ??
    (ownOrders.state === "known"
      ? list(ownOrders.value, ({ remaining }) => wrongNumber({ remaining }, "notNegative"))
      : undefined) ??
    (book.state === "known" ? list(book.value.holdings, wrongHolding) : undefined) ??
    (working.state === "known"
      ? list(working.value, ({ remaining, unitValue }) => wrongNumber({ remaining, unitValue }, "notNegative"))
      : undefined)
  );
}

function first<T>(rows: readonly T[], wrong: (row: T) => string | undefined): string | undefined {
  for (const row of rows) {
    const found = wrong(row);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Counts and sums of what was done are never below zero; whatever is counted, and however deep it lies. */
function wrongCounts({ counters, siblings }: Facts): string | undefined {
  return first([counters, siblings], (fact) =>
    fact.state === "known" ? once(fact.value, () => wrongCount(fact.value, "counters")) : undefined,
  );
}

function wrongCount(value: unknown, name: string): string | undefined {
  if (typeof value === "number") return value >= 0 ? undefined : `${name} is ${value}`;
  if (typeof value === "string")
    return /notional|price|nearest|farthest|trigger|limit|initial|maintenance/i.test(name)
      ? wrongNumber({ [name]: value }, "notNegative")
      : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  return first(Object.entries(value), ([key, inner]) => wrongCount(inner, key));
}

type Rows<K extends "openOrders"> = Extract<Facts[K], { state: "known" }>["value"][number];

function wrongOpenOrder({ quantity, filledQuantity }: Rows<"openOrders">): string | undefined {
  return wrongNumber({ quantity, filledQuantity }, "notNegative");
}

type Holding = Extract<Facts["book"], { state: "known" }>["value"]["holdings"][number];

function wrongHolding({ multiplier, quantity, unitValue }: Holding): string | undefined {
  return (
    wrongNumber({ multiplier }, "positive") ??
    wrongNumber({ quantity }, "any") ??
    wrongNumber({ unitValue }, "notNegative")
  );
}
