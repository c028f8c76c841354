import type { AccountSummary } from "@countersign/contracts/account";
import { numberOf } from "@countersign/contracts/market-value";
import type { Amount } from "@countersign/contracts/money";
import type { OrderTerms } from "@countersign/contracts/order";
import { IN_PER_CENT } from "../facts/book/holdings.ts";
import type { Fact, Facts } from "../facts/fact.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** What other rules may rely on once a fact is there: a wrong sign or a number that is none would make a limit larger. */
export const soundFacts = defineRule({
  name: "soundFacts",
  source: "G1, G2",
  description: "Every number in the facts is one and has the sign that it must have, and what belongs together fits",
  formula:
    "multiplier, size increment, strike, rate and net liquidation above 0; no bond, whose price is in per cent of nobody knows what; sizes, margins, remainders and unit values not below 0; counts, returns and profits whole, and one of each for each session; one row of each instrument; amounts of the account in its base currency, prices of a quote in its; session of the instrument; a value as old as its fact",
  inputs: [
    "instrument",
    "quote",
    "session",
    "shortable",
    "rate",
    "summary",
    "positions",
    "openOrders",
    "ownOrders",
    "whatIf",
    "loss",
    "book",
    "working",
    "counters",
    "siblings",
    "history",
  ],
  unit: "facts",
  limits: null,
  stricter: null,
  codes: ["FACT_INVALID"],
  limit: () => null,
  judge: ({ terms, facts }) => {
    const wrong =
      first(partsOf(terms, facts), wrongPart) ??
      wrongAccount(facts) ??
      wrongLists(facts) ??
      wrongCounts(terms, facts) ??
      wrongHistory(facts.history);
    return wrong === undefined ? pass(null, "sound") : deny("FACT_INVALID", null, wrong);
  },
});

/** What was found of a value, so that one that did not change is not read again. */
const read = new WeakMap<object, Wrong>();

function once(value: object, look: () => Wrong): Wrong {
  if (!read.has(value)) read.set(value, look());
  return read.get(value);
}

/** What a number may be beside more than nothing. */
const MAY = {
  any: { beNothing: true, beLess: true },
  notNegative: { beNothing: true, beLess: false },
  positive: { beNothing: false, beLess: false },
} as const;
type Sign = keyof typeof MAY;
/** What is wrong; undefined: nothing. */
type Wrong = string | undefined;

const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;
/** More than any number of the outside has; longer ones could not be computed with. */
const NUMBER_LENGTH_MAX = 35;
const NOTHING = /^-?[0.]+$/;

/** Of a number that is none, or has the wrong sign. By its text alone: nothing is computed with it here. null: it is not there. */
function wrongNumber(name: string, text: string | null, sign: Sign): Wrong {
  if (text === null) return undefined;
  if (typeof text !== "string") return `${name} is no text: ${String(text).slice(0, 40)}`;
  if (text.length > NUMBER_LENGTH_MAX || !NUMBER.test(text)) return `${name} is no number: ${text.slice(0, 40)}`;
  const { beNothing, beLess } = MAY[sign];
  const good = NOTHING.test(text) ? beNothing : beLess || !text.startsWith("-");
  return good ? undefined : `${name} is ${text}`;
}

/** The first of these numbers that is wrong. */
function wrongNumbers(numbers: Readonly<Record<string, string | null>>, sign: Sign): Wrong {
  return first(Object.keys(numbers), (name) => wrongNumber(name, numbers[name] ?? null, sign));
}

function first<T>(rows: readonly T[], wrong: (row: T) => Wrong): Wrong {
  for (const row of rows) {
    const found = wrong(row);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongPart({ conid, instrument, quote, session, shortable }: Part): Wrong {
  return wrongInstrument(instrument) ?? wrongQuote(quote) ?? wrongSession(session, conid) ?? wrongShortable(shortable);
}

function wrongInstrument(instrument: Part["instrument"]): Wrong {
  if (instrument.state === "missing") return undefined;
  const { secType, multiplier, sizeIncrement, minSize, minTick, strike, underlyingConid } = instrument.value;
  return once(
    instrument.value,
    () =>
      wrongNumbers({ multiplier, sizeIncrement, minTick }, "positive") ??
      wrongNumber("minSize", minSize, "notNegative") ??
      // What a written option obliges to is a multiple of it.
      (["OPT", "FOP"].includes(secType) ? wrongNumber("strike", strike, "positive") : undefined) ??
      // Its price is in per cent of a nominal value that TWS does not tell: ten thousand would count as nearly a hundred.
      (IN_PER_CENT.includes(secType) ? "what one bond is worth is not known" : undefined) ??
      (underlyingConid === undefined ? undefined : wrongConid(underlyingConid)),
  );
}

function wrongQuote(quote: Part["quote"]): Wrong {
  if (quote.state === "missing") return undefined;
  const { bidSize, askSize, volume, bid, ask, close, last, ageMs, currency } = quote.value;
  const foreign = [bid, ask, close, last].find((one) => one.state === "known" && one.unit !== currency);
  if (foreign?.state === "known") return `a price of the quote is in ${foreign.unit}, the quote in ${currency}`;
  if (ageMs < 0) return "the quote's age is negative";
  const numbers = {
    bidSize: numberOf(bidSize),
    askSize: numberOf(askSize),
    volume: numberOf(volume),
    close: numberOf(close),
    last: numberOf(last),
  };
  return wrongNumbers(numbers, "notNegative");
}

function wrongSession(session: Part["session"], conid: number): Wrong {
  if (session.state === "missing") return undefined;
  if (session.value.conid !== conid) return "the session is of another instrument";
  return session.value.asOf === session.asOf ? undefined : "the session is not as old as its fact";
}

function wrongShortable(shortable: Part["shortable"]): Wrong {
  if (shortable === undefined || shortable.state === "missing") return undefined;
  const { level, shares, ageMs, asOf } = shortable.value;
  if (asOf !== shortable.asOf) return "what can be borrowed is not as old as its fact";
  if (ageMs < 0) return "the age of what can be borrowed is negative";
  return wrongNumbers({ level, shares }, "notNegative");
}

function wrongAccount({ summary, whatIf, rate, loss }: Facts): Wrong {
  const wrongRate = rate.state === "known" ? wrongNumber("rate", rate.value, "positive") : undefined;
  return wrongRate ?? wrongSummary(summary) ?? wrongWhatIf(whatIf) ?? wrongMarks(loss);
}

type AmountName = { [K in keyof AccountSummary]: AccountSummary[K] extends Amount ? K : never }[keyof AccountSummary];
/** What the account owes is below zero; what it is worth, and what its positions take, never is. */
const AMOUNTS: Readonly<Record<AmountName, Sign>> = {
  ...{ netLiquidation: "positive", initialMargin: "notNegative", maintenanceMargin: "notNegative" },
  ...{ grossPositionValue: "notNegative", excessLiquidity: "any" },
  ...{ totalCash: "any", availableFunds: "any", buyingPower: "any" },
};
const AMOUNT_NAMES = Object.keys(AMOUNTS) as readonly AmountName[];

function wrongSummary(summary: Facts["summary"]): Wrong {
  if (summary.state === "missing") return undefined;
  const { value, asOf } = summary;
  if (value.asOf !== asOf) return "the values of the account are not as old as their fact";
  const wrongAmount = (name: AmountName): Wrong => {
    const { amount, currency } = value[name];
    if (currency !== value.baseCurrency) return `${name} is in ${currency}, the account in ${value.baseCurrency}`;
    return wrongNumber(name, amount, AMOUNTS[name]);
  };
  return (
    first(AMOUNT_NAMES, wrongAmount) ??
    first(value.cashByCurrency, ({ amount, currency }) => wrongNumber(`cash in ${currency}`, amount, "any"))
  );
}

/** A loss is a share of these: of nothing, or of less, there is none. */
function wrongMarks(loss: Facts["loss"]): Wrong {
  if (loss.state === "missing") return undefined;
  const { dayStart, highWaterMark, week } = loss.value;
  return wrongNumbers({ dayStart, highWaterMark, weekStart: week?.start ?? null }, "positive");
}

function wrongWhatIf(whatIf: Facts["whatIf"]): Wrong {
  if (whatIf.state === "missing") return undefined;
  const { value, asOf } = whatIf;
  if (value.asOf !== asOf) return "the what-if is not as old as its fact";
  const { initialMarginChange, maintenanceMarginChange, equityWithLoanAfter, commission } = value;
  const { initialMarginAfter, maintenanceMarginAfter } = value;
  const changes = { initialMarginChange, maintenanceMarginChange, equityWithLoanAfter };
  return (
    wrongNumbers({ ...changes, commission: commission?.amount ?? null }, "any") ??
    wrongNumbers({ initialMarginAfter, maintenanceMarginAfter }, "notNegative")
  );
}

function wrongLists({ positions, openOrders, ownOrders, book, working, summary }: Facts): Wrong {
  return (
    foreignBook(book, summary) ??
    wrongRow(positions, ({ quantity }) => wrongNumber("quantity", quantity, "any")) ??
    wrongRow(openOrders, ({ quantity, filledQuantity }) => wrongNumbers({ quantity, filledQuantity }, "notNegative")) ??
    wrongRow(ownOrders, ({ remaining }) => wrongNumber("remaining", remaining, "notNegative")) ??
    (book.state === "known" ? (wrongIn(book.value.holdings, wrongHolding) ?? twice(book.value)) : undefined) ??
    wrongRow(
      working,
      ({ conid, side, remaining, unitValue }) =>
        wrongConid(conid) ??
        (side === "BUY" || side === "SELL" ? undefined : "a working order neither buys nor sells") ??
        wrongNumbers({ remaining, unitValue }, "notNegative"),
    )
  );
}

function wrongRow<T extends object>(fact: Fact<readonly T[]>, wrong: (row: T) => Wrong): Wrong {
  return fact.state === "known" ? wrongIn(fact.value, wrong) : undefined;
}

function wrongIn<T extends object>(rows: readonly T[], wrong: (row: T) => Wrong): Wrong {
  return once(rows, () => first(rows, wrong));
}

function foreignBook(book: Facts["book"], summary: Facts["summary"]): Wrong {
  if (book.state === "missing" || summary.state === "missing") return undefined;
  const [own, base] = [book.value.baseCurrency, summary.value.baseCurrency];
  return own === base ? undefined : `the book is in ${own}, the account in ${base}`;
}

type Holding = Extract<Facts["book"], { state: "known" }>["value"]["holdings"][number];

/** Of two positions in one instrument only one would be counted. */
function twice(book: Extract<Facts["book"], { state: "known" }>["value"]): Wrong {
  return once(book, () => {
    const conids = new Set(book.holdings.map(({ conid }) => conid));
    return conids.size === book.holdings.length ? undefined : "an instrument is in the book twice";
  });
}

function wrongConid(conid: number): Wrong {
  return Number.isSafeInteger(conid) && conid > 0 ? undefined : `the instrument ${conid} is none`;
}

function wrongHolding({ conid, multiplier, quantity, unitValue }: Holding): Wrong {
  return (
    wrongConid(conid) ??
    wrongNumber("multiplier", multiplier, "positive") ??
    wrongNumber("quantity", quantity, "any") ??
    wrongNumber("unitValue", unitValue, "notNegative")
  );
}

/**
 * Counts and sums of what was done are never below zero; whatever is counted, and however deep it lies. A combination may
 * have been asked for, and a leg of it filled, at a price below zero.
 */
function wrongCounts({ legs }: OrderTerms, { counters, siblings }: Facts): Wrong {
  return first([counters, siblings], (fact) => {
    if (fact.state === "missing") return undefined;
    const wrongIf = (price: Sign) => wrongCount(Object.entries(fact.value), price);
    return legs === undefined ? once(fact.value, () => wrongIf("notNegative")) : wrongIf("any");
  });
}

/** What is counted, and never missing. */
const COUNTS = new Set(["messages", "orders", "cancels", "executions", "sameSide", "unpriced"]);
/** Texts that are numbers; the others are names and times. */
const COUNTED = /notional|price|nearest|farthest|best|trigger|limit|initial|maintenance|replaced/i;

function wrongCount(entries: readonly (readonly [string, unknown])[], price: Sign): Wrong {
  return first(entries, ([name, value]) => {
    if (typeof value === "number" && COUNTED.test(name) && !COUNTS.has(name)) return `${name} is no text: ${value}`;
    if (typeof value === "number" || COUNTS.has(name))
      return Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : `${name} is ${value}`;
    if (typeof value === "string")
      return COUNTED.test(name) ? wrongNumber(name, value, name === "price" ? price : "notNegative") : undefined;
    return wrongCount(Object.entries(value ?? {}), price);
  });
}

/** A session without its profit or return would count as one on which nothing was lost. */
function wrongHistory(history: Facts["history"]): Wrong {
  if (history.state === "missing") return undefined;
  const { dates, parts, profits } = history.value;
  const whole = (numbers: readonly number[]) => numbers.every(Number.isSafeInteger);
  return once(history.value, () => {
    const sums = [profits.held, profits.long, profits.short];
    if (sums.some(({ length }) => length !== dates.length)) return "profits and sessions of the past do not fit";
    if (parts.some(({ returns }) => returns.length > dates.length))
      return "returns and sessions of the past do not fit";
    const losses = parts.flatMap((part) => (part.losses === undefined ? [] : [part.losses.long, part.losses.short]));
    if (losses.some((one) => one.length !== dates.length || !one.every((ppm) => Number.isSafeInteger(ppm) && ppm >= 0)))
      return "the losses of an option are no whole numbers, or do not fit to the sessions of the past";
    const numbers = [...sums, ...parts.flatMap(({ returns, own }) => [returns, own])];
    return numbers.every(whole) ? undefined : "a return or profit of the past is no whole number";
  });
}
