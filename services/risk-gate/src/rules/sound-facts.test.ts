import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Facts, known, missing } from "../facts/fact.ts";
import { AT, FACTS, withFact } from "../test-facts.ts";
import { FULL_FACTS } from "../testing/ablation-facts.ts";
import { amount, changed, facts, holding, only, quote, row } from "../testing/changed-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith, siblingsWith } from "../testing/test-counts.ts";
import { soundFacts } from "./sound-facts.ts";

const tests = ruleTests(soundFacts, {
  ...{ facts: FULL_FACTS, unit: "facts", tightens: null },
  finds: { limit: null, value: null, headroom: null },
});
const { denies, boundary, missingDenies, property, passes, result } = tests;
const week = (start: string) => changed("loss", { week: { monday: "2026-11-23", start } });
const notional = (text: string) => ({ windows: { minute: { notional: text } } });
const NOT = "FACT_INVALID" as const;
const found = (says: string) => ({ finds: { value: null, headroom: null, says } });
const SOUND = found("sound");

denies("a multiplier below zero makes a limit larger", NOT, {
  ...changed("instrument", { multiplier: "-100" }),
  ...found("multiplier is -100"),
});
denies("an exchange rate of zero makes everything worth nothing", NOT, {
  ...facts({ rate: known("0", "tws", AT) }),
  ...found("rate is 0"),
});
denies("a session of another instrument", NOT, {
  ...changed("session", { conid: 1 }),
  ...found("the session is of another instrument"),
});
denies("cash of the account in another currency", NOT, {
  ...amount("totalCash", "1", "EUR"),
  ...found("totalCash is in EUR, the account in USD"),
});
const pricedIn = (field: "bid" | "ask" | "last" | "close", unit: string): Partial<Facts> => {
  if (FACTS.quote.state === "missing") throw new TypeError("quote");
  const { value } = FACTS.quote;
  return { quote: { ...FACTS.quote, value: { ...value, [field]: { ...value[field], unit } } } };
};
const withoutClose = () => {
  const { quote } = pricedIn("last", "CHF");
  return quote?.state === "known" ? { ...quote.value, close: { state: "absent", reason: "not told" } } : {};
};
for (const field of ["bid", "ask", "last", "close"] as const)
  denies(`a quote in dollars whose ${field} is in francs`, NOT, {
    ...facts(pricedIn(field, "CHF")),
    ...found("a price of the quote is in CHF, the quote in USD"),
  });
denies("a last price in francs beside a close that nobody tells", NOT, {
  ...facts({ quote: { ...pricedIn("last", "CHF").quote, value: withoutClose() } as never }),
  ...found("a price of the quote is in CHF, the quote in USD"),
});
const borrowed = (change: object) => changed("shortable", change);
denies("what can be borrowed with an age of its own", NOT, {
  ...borrowed({ asOf: "2026-11-22T15:00:00.000Z" }),
  ...found("what can be borrowed is not as old as its fact"),
});
boundary("no share to borrow, and less", NOT, {
  inside: { ...borrowed({ shares: "0" }), ...SOUND },
  outside: { ...borrowed({ shares: "-1" }), ...found("shares is -1") },
});
boundary("no age, and less", NOT, {
  inside: { ...borrowed({ ageMs: 0 }), ...SOUND },
  outside: { ...borrowed({ ageMs: -1 }), ...found("the age of what can be borrowed is negative") },
});
denies("a level that is no number", NOT, {
  ...borrowed({ level: "NaN" }),
  ...found("level is no number: NaN"),
});
denies("margins below zero", NOT, {
  ...changed("whatIf", { initialMarginAfter: "-1" }),
  ...found("initialMarginAfter is -1"),
});
denies("a book in another currency than the account", NOT, {
  ...changed("book", { baseCurrency: "EUR" }),
  ...found("the book is in EUR, the account in USD"),
});
passes("debts: cash below zero", { ...amount("totalCash", "-5"), ...SOUND });

const YESTERDAY = { asOf: "2026-11-22T15:00:00.000Z" };
denies("a session whose own time is not its fact's", NOT, {
  ...changed("session", YESTERDAY),
  ...found("the session is not as old as its fact"),
});
denies("values of the account that are older than their fact", NOT, {
  ...changed("summary", YESTERDAY),
  ...found("the values of the account are not as old as their fact"),
});
denies("a what-if that is older than its fact", NOT, {
  ...changed("whatIf", YESTERDAY),
  ...found("the what-if is not as old as its fact"),
});

for (const secType of ["BOND", "BILL", "FIXED"])
  denies(`a ${secType}, of whose price nobody knows what it is a percentage of`, NOT, {
    ...changed("instrument", { secType }),
    ...found("what one bond is worth is not known"),
  });
boundary("the smallest multiplier above zero, and zero", NOT, {
  inside: { ...changed("instrument", { multiplier: "0.00000001" }), ...SOUND },
  outside: { ...changed("instrument", { multiplier: "0.00000000" }), ...found("multiplier is 0.00000000") },
});
boundary("the account is worth a cent, and nothing", NOT, {
  inside: { ...amount("netLiquidation", "0.01"), ...SOUND },
  outside: { ...amount("netLiquidation", "0"), ...found("netLiquidation is 0") },
});
boundary("a volume of zero, and below", NOT, {
  inside: { ...quote({ volume: "0" }), ...SOUND },
  outside: { ...quote({ volume: "-1" }), ...found("volume is -1") },
});
boundary("a quote of now, and one that comes from the future", NOT, {
  inside: { ...changed("quote", { ageMs: 0 }), ...SOUND },
  outside: { ...changed("quote", { ageMs: -1 }), ...found("the quote's age is negative") },
});

missingDenies("a multiplier that is no number", NOT, changed("instrument", { multiplier: "NaN" }));
missingDenies("an amount that is no number", NOT, amount("buyingPower", "1e308"));
missingDenies("an exchange rate that is no number", NOT, facts({ rate: known("Infinity", "tws", AT) }));

/** Every number that the rule looks at: how it comes into the facts, and whether it may be zero or below. */
const NUMBERS: readonly (readonly [string, "be anything" | "be zero" | "only be more", (text: string) => object])[] = [
  ["multiplier", "only be more", (text) => changed("instrument", { multiplier: text })],
  ["sizeIncrement", "only be more", (text) => changed("instrument", { sizeIncrement: text })],
  ["minTick", "only be more", (text) => changed("instrument", { minTick: text })],
  ["minSize", "be zero", (text) => changed("instrument", { minSize: text })],
  ...(["bidSize", "askSize", "volume", "close", "last"] as const).map(
    (name) => [name, "be zero", (text: string) => spoiledQuote(name, text)] as const,
  ),
  ["rate", "only be more", (text) => facts({ rate: known(text, "tws", AT) })],
  ["netLiquidation", "only be more", (text) => amount("netLiquidation", text)],
  ...["initialMargin", "maintenanceMargin", "grossPositionValue"].map(
    (name) => [name, "be zero", (text: string) => amount(name, text)] as const,
  ),
  ...["totalCash", "availableFunds", "buyingPower", "excessLiquidity"].map(
    (name) => [name, "be anything", (text: string) => amount(name, text)] as const,
  ),
  ["cash in EUR", "be anything", (text) => changed("summary", { cashByCurrency: [{ amount: text, currency: "EUR" }] })],
  ...["initialMarginChange", "maintenanceMarginChange", "equityWithLoanAfter"].map(
    (name) => [name, "be anything", (text: string) => changed("whatIf", { [name]: text })] as const,
  ),
  ["commission", "be anything", (text) => changed("whatIf", { commission: { amount: text, currency: "USD" } })],
  ...["initialMarginAfter", "maintenanceMarginAfter"].map(
    (name) => [name, "be zero", (text: string) => changed("whatIf", { [name]: text })] as const,
  ),
  ["dayStart", "only be more", (text) => changed("loss", { dayStart: text })],
  ["highWaterMark", "only be more", (text) => changed("loss", { highWaterMark: text })],
  ["weekStart", "only be more", week],
  ["quantity", "be anything", (text) => row("positions", { quantity: text })],
  ["quantity", "be zero", (text) => row("openOrders", { quantity: text })],
  ["filledQuantity", "be zero", (text) => row("openOrders", { filledQuantity: text })],
  ["remaining", "be zero", (text) => row("ownOrders", { remaining: text })],
  ["remaining", "be zero", (text) => row("working", { remaining: text })],
  ["unitValue", "be zero", (text) => row("working", { unitValue: text })],
  ["multiplier", "only be more", (text) => holding({ multiplier: text })],
  ["quantity", "be anything", (text) => holding({ quantity: text })],
  ["unitValue", "be zero", (text) => holding({ unitValue: text })],
  ["notional", "be zero", (text) => facts({ counters: countersWith({ account: notional(text) }) })],
  ["notional", "be zero", (text) => facts({ counters: countersWith({ instrument: notional(text) }) })],
  ["replaced", "be zero", (text) => facts({ counters: countersWith({ replaced: text }) })],
  ["initial", "be zero", (text) => facts({ counters: reserved({ initial: text }) })],
  ["maintenance", "be zero", (text) => facts({ counters: reserved({ maintenance: text }) })],
  ["price", "be zero", (text) => facts({ siblings: siblingsWith({ twins: [twin(text)] }) })],
];
const spoiledQuote = (name: string, value: string) => {
  const label = { unit: "USD", source: "tws", asOf: AT, ageMs: 0, dataType: "live", flags: [] };
  return changed("quote", { [name]: { state: "known", value, ...label } });
};
const reserved = (change: object) =>
  countersWith({ reservedMargin: { orders: 0, initial: "0", maintenance: "0", ...change } });
const twin = (price: string) => ({ proposalId: "p-2", state: "WORKING", price, ageMs: 5 }) as const;

describe.each(NUMBERS)("%s may %s", (name, may, spoil) => {
  const said = (text: string) => {
    const { outcome, message } = result(spoil(text));
    return outcome === "pass" ? "pass" : message;
  };
  test("above zero -> pass", () => expect(["1", "10", "7.25", "0.01", "100"].map(said)).toEqual(Array(5).fill("pass")));
  test("zero", () => {
    const zero = ["0", "0.00", "-0", "-0.0"];
    expect(zero.map(said)).toEqual(zero.map((text) => (may === "only be more" ? `${name} is ${text}` : "pass")));
  });
  test("below zero", () => {
    const below = ["-1", "-0.01", "-10"];
    expect(below.map(said)).toEqual(below.map((text) => (may === "be anything" ? "pass" : `${name} is ${text}`)));
  });
  test("no number -> denied, whatever it may be", () => {
    const none = ["NaN", "1e5", "", "+1", " 1", "1 ", "1.", ".5", "1.2.3", "--1", "1,5"];
    expect(none.map(said)).toEqual(none.map((text) => `${name} is no number: ${text}`));
    expect([5, -0].map((number) => said(number as never))).toEqual([`${name} is no text: 5`, `${name} is no text: 0`]);
    expect(said("x".repeat(60))).toBe(`${name} is no number: ${"x".repeat(40)}`);
  });
});

describe("counts", () => {
  test.each<readonly [string, object]>([
    ["orders", facts({ counters: countersWith({ agent: { windows: { hour: { orders: -1 } } } }) })],
    ["messages", facts({ counters: countersWith({ instrument: { session: { messages: -1 } } }) })],
    ["cancels", facts({ counters: countersWith({ account: { session: { cancels: Number.NaN } } }) })],
    ["ageMs", facts({ siblings: siblingsWith({ twins: [{ ...twin("1"), ageMs: -1 }] }) })],
    ...(["messages", "orders", "cancels", "executions"] as const).map(
      (name) => [name, facts({ counters: countersWith({ agent: { session: { [name]: null } } }) })] as const,
    ),
    ["unpriced", facts({ siblings: siblingsWith({ same: { unpriced: null as never } }) })],
    ["orders", facts({ counters: countersWith({ agent: { windows: { hour: { orders: 1.5 } } } }) })],
    ["sameSide", facts({ siblings: siblingsWith({ sameSide: undefined as never }) })],
  ])("%s below zero, or none -> denied", (name, one) => {
    expect(result(one)).toMatchObject({ outcome: "deny", message: expect.stringMatching(new RegExp(`^${name} is `)) });
  });
  test("what is no number among them is left alone: names, times, and what is not there", () => {
    const counters = countersWith({ account: { session: { notional: null } }, instrument: { session: null } });
    const twins = [{ ...twin("1"), proposalId: "-1", price: null }];
    expect(result(facts({ counters, siblings: siblingsWith({ twins }) })).outcome).toBe("pass");
  });
});

describe("what is not there is the matter of the rules that need it", () => {
  const names = Object.keys(FULL_FACTS).filter((name) => !["mode", "agent", "at"].includes(name));
  test.each(names)("no %s -> pass", (name) => {
    expect(result(facts({ [name]: missing("none") })).outcome).toBe("pass");
  });
  test("a number that the broker does not give, a week that has not begun, a book of nobody's account -> pass", () => {
    expect(result(quote({ last: null, volume: null })).outcome).toBe("pass");
    expect(result(changed("whatIf", { commission: null } satisfies Partial<BrokerWhatIf>)).outcome).toBe("pass");
    expect(result(changed("loss", { week: undefined })).outcome).toBe("pass");
    expect(result(row("openOrders", { filledQuantity: null })).outcome).toBe("pass");
    expect(result(holding({ quantity: "0", unitValue: null })).outcome).toBe("pass");
    const foreign = changed("book", { baseCurrency: "EUR" }).facts;
    expect(result(facts({ ...foreign, summary: missing("none") })).outcome).toBe("pass");
  });
});

describe("what is found is said", () => {
  test("of every leg of a combination, and of every row of a list", () => {
    const { instrument, quote: good, session } = FACTS;
    const leg = (conid: number, change: object = {}) => ({
      instrument: only("instrument", withFact("instrument", { conid, ...change })).instrument ?? instrument,
      ...{ quote: good, session: only("session", withFact("session", { conid })).session ?? session },
    });
    const terms = {
      ...{ conid: undefined, limitPrice: "1" },
      legs: [1, 2].map((conid) => ({ conid, side: "BUY", ratio: 1 })),
    };
    const combo = (change: object) => result({ terms, facts: { legs: [leg(1), leg(2, change)] } });
    expect(combo({}).outcome).toBe("pass");
    expect(combo({ multiplier: "0" }).message).toBe("multiplier is 0");
    const [first] = (FULL_FACTS.positions as { value: readonly object[] }).value;
    const positions = known([first, { ...first, quantity: "NaN" }] as never, "tws", AT);
    expect(result(facts({ positions })).message).toBe("quantity is no number: NaN");
  });
});

property(
  "a list denies exactly when a number in it is none or has the wrong sign",
  fc.tuple(
    fc.constantFrom("positions", "ownOrders", "book", "working"),
    fc.constantFrom("1", "0", "-1", "NaN", "1e5", "", "7.25"),
  ),
  {
    make: ([name, text]) => {
      if (name === "book") return holding({ unitValue: text });
      return row(name as keyof Facts, name === "positions" ? { quantity: text } : { remaining: text });
    },
    holds: ({ outcome }, [name, text]) =>
      (outcome === "pass") === (["1", "0", "7.25"].includes(text) || (name === "positions" && text === "-1")),
  },
);
