import { expect, test } from "vitest";
import { assess } from "./assess.ts";
import type { AssessInput } from "./check.ts";
import { FACTS, factsWith, inputWith, NOW_MS, POLICY, ticketWith, useOf } from "./testing/envelope-input.ts";

/** What every condition finds, with the value and the limit that a person is shown. */
const linesOf = (input: AssessInput) =>
  assess(input).checks.map(({ check, outcome, value, limit }) => `${check} ${outcome}: ${value} (${limit})`);
const against = (input: AssessInput) => linesOf(input).filter((line) => !/^\w+ pass:/.test(line));

const terms = (change: object) => inputWith({ ticket: ticketWith(change) });
const facts = (...[name, change]: Parameters<typeof factsWith>) => inputWith({ facts: factsWith(name, change) });
const lanes = (change: object) => ({ ...POLICY, lanes: { ...POLICY.lanes, ...change } });
const weekly = {
  ...({ id: "weekly", conid: 756733, side: "BUY", notionalMax: "500" } as const),
  ...({ every: { count: 1, unit: "week" }, startsOn: "2026-11-16" } as const),
};
const planned = (change: object = {}) => lanes({ opening: false, schedules: [{ ...weekly, ...change }] });
const byPlan = (change: object) => useOf({ schedule: { id: "weekly", periodFrom: "2026-11-16" }, ...change });
const verdict = (change: object) => inputWith({ facts: { ...FACTS, verdict: { ...FACTS.verdict, ...change } } });
const combination = () => {
  const { ticket } = inputWith();
  const { conid: _, ...rest } = ticket.terms;
  return inputWith({ ticket: { ...ticket, terms: rest } as typeof ticket });
};
const spent = (amount: string, change: object = {}) =>
  inputWith({ uses: [useOf({ notional: { amount, currency: "USD" }, ...change })] });
const off = () => ({ ...inputWith(), ledger: { ...inputWith().ledger, mode: "off" as const } });
const ago = (ms: number) => new Date(NOW_MS - ms).toISOString();
const hours = (zone: string) => facts("hours", { zone });
const windows = (...found: { days: ("MON" | "TUE")[]; from: string; to: string }[]) =>
  inputWith({ policy: { ...POLICY, hours: { ...POLICY.hours, windows: found } } });
const sale = (before: string, change: Parameters<typeof inputWith>[0] = {}) =>
  inputWith({ ticket: ticketWith({ side: "SELL" }), facts: factsWith("position", { before }), ...change });
const cover = (before: string, quantity = "1") =>
  inputWith({
    ticket: ticketWith({ quantity }),
    policy: lanes({ opening: false }),
    facts: factsWith("position", { before }),
  });
const signed = (...people: string[]) => {
  const { document } = inputWith();
  if (document.state !== "valid") throw new Error("no document");
  return inputWith({ document: { ...document, signers: people.map((person) => ({ person, keyId: person })) } });
};

test("inside of every limit: each condition with its value and its limit", () => {
  expect(linesOf(signed("ada", "bob"))).toMatchInlineSnapshot(`
    [
      "policy pass: small-orders v1 (null)",
      "turnedOn pass: b315a0c7154b8d379a99cde50bf9a7afc72afffd1d96ee8d9359019b5aed1a74 (b315a0c7154b8d379a99cde50bf9a7afc72afffd1d96ee8d9359019b5aed1a74)",
      "killSwitch pass: ACTIVE (ACTIVE)",
      "verdict pass: null (null)",
      "approvals pass: null (null)",
      "scope pass: null (null)",
      "instrument pass: 756733 (null)",
      "securityType pass: STK (STK)",
      "orderType pass: LMT (LMT)",
      "timeInForce pass: DAY (DAY, GTD)",
      "hours pass: MON 10:00 America/New_York (10 min after the open, 10 min before the close)",
      "quote pass: 300 ms (2000 ms)",
      "spread pass: 0.1 (0.5 %)",
      "orderNotional pass: 500 (1000)",
      "dayNotionalAgent pass: 500 (2500)",
      "dayNotionalAccount pass: 500 (4000)",
      "position pass: 500 (3000, 5 %)",
      "lane pass: null (null)",
      "repeats pass: 1 (3 in 600 s)",
    ]
  `);
});

const CASES: readonly [string, AssessInput][] = [
  ["no document", inputWith({ document: { state: "none" } })],
  ["an invalid one", inputWith({ document: { state: "invalid", ref: undefined, reasons: ["torn", "old"] } })],
  ["another mode here", inputWith({ mode: "paper" })],
  ["off", off()],
  ["REDUCE_ONLY here", inputWith({ kill: { level: "REDUCE_ONLY", reason: "test" } })],
  ["REDUCE_ONLY at the gate", facts("kill", { level: "REDUCE_ONLY", reason: "theirs" })],
  ["level not known", facts("kill", undefined)],
  ["no facts at all", inputWith({ facts: { missing: "no answer" } })],
  ["denied", verdict({ outcome: "deny" })],
  ["a rule does not pass", verdict({ rules: FACTS.verdict.rules.map((rule) => ({ ...rule, outcome: "confirm" })) })],
  ["other limits", verdict({ policyHash: "b".repeat(64) })],
  ["two people", inputWith({ demand: { approvals: 2, keys: "session" } })],
  ["a passkey", inputWith({ demand: { approvals: 1, keys: "passkey" } })],
  ["another account", terms({ account: "DU7654321" })],
  ["another agent", inputWith({ ticket: ticketWith({}, { agent: "stranger" }) })],
  ["a combination", combination()],
  ["not allowed", terms({ conid: 272093 })],
  ["denied too", terms({ conid: 265598 })],
  ["the ticket says another type", facts("secType", "OPT")],
  [
    "a type that is not allowed",
    inputWith({ policy: { ...POLICY, instruments: { ...POLICY.instruments, secTypes: ["OPT", "FUT"] } } }),
  ],
  ["type not known", facts("secType", undefined)],
  ["a market order", terms({ orderType: "MKT", limitPrice: null })],
  ["outside regular hours", terms({ outsideRth: true })],
  ["a change", inputWith({ ticket: { ...inputWith().ticket, modifies: {} } as never })],
  ["good till cancelled", terms({ timeInForce: "GTC" })],
  [
    "good till a date without one",
    { ...inputWith(), ticket: { ...ticketWith(), terms: { ...ticketWith().terms, timeInForce: "GTD" } } as never },
  ],
  [
    "a day order with an end",
    { ...inputWith(), ticket: { ...ticketWith(), terms: { ...ticketWith().terms, goodTill: ago(-1_000) } } as never },
  ],
  ["too long", terms({ timeInForce: "GTD", goodTill: ago(-900_001) })],
  ["hours not known", facts("hours", undefined)],
  ["a zone that nobody knows", hours("Mars/Olympus")],
  ["the wall of another zone", hours("Asia/Tokyo")],
  ["another day's window", windows({ days: ["TUE"], from: "09:45", to: "15:30" })],
  [
    "between two windows",
    windows({ days: ["MON"], from: "09:45", to: "10:00" }, { days: ["MON"], from: "10:01", to: "15:30" }),
  ],
  ["no window", windows()],
  ["delayed", facts("quote", { dataType: "delayed" })],
  ["marked", facts("quote", { flags: ["halted", "crossed"] })],
  ["crossed", facts("quote", { bid: "500.1" })],
  ["no bid", facts("quote", { bid: "0" })],
  ["bid and ask alike", facts("quote", { bid: "500" })],
  ["too old", facts("quote", { ageMs: 2_001 })],
  ["too old by now", inputWith({ nowMs: NOW_MS + 1_701 })],
  ["a gate a second ahead", inputWith({ nowMs: NOW_MS - 1_000 })],
  ["a gate more than a second ahead", inputWith({ nowMs: NOW_MS - 1_001 })],
  ["a quote more than a second ahead", facts("quote", { ageMs: -1_001 })],
  ["quote not known", facts("quote", undefined)],
  ["wide", facts("quote", { bid: "497.49" })],
  ["a cent too much", facts("notional", "1000.01")],
  ["a notional of nothing", facts("notional", "0")],
  ["notional not known", facts("notional", undefined)],
  ["another base currency", facts("baseCurrency", "EUR")],
  ["base currency not known", facts("baseCurrency", undefined)],
  ["a cent too much of the agent", spent("2000.01", { side: "SELL" })],
  ["a cent too much of the account", spent("3500.01", { agent: "other" })],
  ["of another account and agent", spent("9000", { agent: "other", account: "DU7654321" })],
  ["in shadow mode before", spent("9000", { mode: "shadow" })],
  ["a day and a moment ago", spent("9000", { at: ago(86_400_000) })],
  ["a moment less than a day ago", spent("2000.01", { at: ago(86_399_999), side: "SELL" })],
  ["in another currency", inputWith({ uses: [useOf({ notional: { amount: "1", currency: "EUR" } })] })],
  ["position too large", facts("position", { before: "5.00002" })],
  ["too large a part", facts("netLiquidation", "9999.99")],
  ["value not known", facts("netLiquidation", undefined)],
  ["position not known", facts("position", undefined)],
  ["a sale of nothing", sale("0")],
  ["a sale of all", sale("1")],
  ["a sale of more than all", sale("0.99")],
  ["a sale while short", sale("-1")],
  ["reducing is not allowed", sale("1", { policy: lanes({ reducing: false }) })],
  ["covered", cover("-1")],
  ["covered and more", cover("-1", "1.5")],
  ["opening is not allowed", cover("0")],
  ["by plan", inputWith({ policy: planned() })],
  ["by plan again", inputWith({ policy: planned(), uses: [byPlan({})] })],
  ["by plan, of another account", inputWith({ policy: planned(), uses: [byPlan({ account: "DU7654321" })] })],
  ["by plan, of another instrument", inputWith({ policy: planned(), uses: [byPlan({ conid: 1 })] })],
  ["by plan, of the other side", inputWith({ policy: planned(), uses: [byPlan({ side: "SELL" })] })],
  ["by plan, in shadow", inputWith({ policy: planned(), uses: [byPlan({ mode: "shadow" })] })],
  [
    "by plan, the newest counts",
    inputWith({ policy: planned(), uses: [byPlan({}), byPlan({ at: ago(14 * 86_400_000) })] }),
  ],
  ["a cent more than the plan has", inputWith({ policy: planned({ notionalMax: "499.99" }) })],
  ["before the plan begins", inputWith({ policy: planned({ startsOn: "2026-11-24" }) })],
  ["a plan without hours", { ...facts("hours", undefined), document: inputWith({ policy: planned() }).document }],
  ["a plan without notional", { ...facts("notional", undefined), document: inputWith({ policy: planned() }).document }],
  ["a plan of the other side", inputWith({ policy: planned({ side: "SELL" }) })],
  ["a plan of another instrument", inputWith({ policy: planned({ conid: 265598 }) })],
  [
    "the third within ten minutes",
    inputWith({ uses: [1, 2].map((n) => useOf({ at: ago(n * 1_000) })), throttle: { max: 2, windowSeconds: 600 } }),
  ],
  [
    "of which one is older",
    inputWith({ uses: [1_000, 600_000].map((ms) => useOf({ at: ago(ms) })), throttle: { max: 2, windowSeconds: 600 } }),
  ],
];

test("outside of one: what stands against it, with value and limit; nothing else does", () => {
  const found = CASES.map(([name, input]) => `${name}: ${against(input).join("; ")} -> ${assess(input).outcome}`);
  expect(found).toMatchInlineSnapshot(`
    [
      "no document: policy missing: null (null); turnedOn missing: null (null); scope missing: null (null); instrument missing: null (null); securityType missing: null (null); orderType missing: null (null); timeInForce missing: null (null); hours missing: null (null); quote missing: null (null); spread missing: null (null); orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null); lane missing: null (null); repeats missing: null (null) -> person",
      "an invalid one: policy fail: null (null); turnedOn missing: null (null); scope missing: null (null); instrument missing: null (null); securityType missing: null (null); orderType missing: null (null); timeInForce missing: null (null); hours missing: null (null); quote missing: null (null); spread missing: null (null); orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null); lane missing: null (null); repeats missing: null (null) -> person",
      "another mode here: policy fail: null (null) -> person",
      "off: turnedOn fail: null (null); repeats missing: null (null) -> person",
      "REDUCE_ONLY here: killSwitch fail: REDUCE_ONLY (ACTIVE) -> person",
      "REDUCE_ONLY at the gate: killSwitch fail: REDUCE_ONLY (ACTIVE) -> person",
      "level not known: killSwitch missing: null (null) -> person",
      "no facts at all: killSwitch missing: null (null); verdict missing: null (null); scope missing: null (null); instrument missing: null (null); securityType missing: null (null); orderType missing: null (null); timeInForce missing: null (null); hours missing: null (null); quote missing: null (null); spread missing: null (null); orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null); lane missing: null (null); repeats missing: null (null) -> person",
      "denied: verdict fail: null (null) -> person",
      "a rule does not pass: verdict fail: null (null) -> person",
      "other limits: verdict fail: null (null) -> person",
      "two people: approvals fail: 2 (1) -> person",
      "a passkey: approvals fail: passkey (session) -> person",
      "another account: scope fail: DU7654321 (null) -> person",
      "another agent: scope fail: stranger (null) -> person",
      "a combination: instrument fail: null (null); repeats missing: null (null) -> person",
      "not allowed: instrument fail: 272093 (null) -> person",
      "denied too: instrument fail: 265598 (null) -> person",
      "the ticket says another type: securityType fail: OPT (STK) -> person",
      "a type that is not allowed: securityType fail: STK (OPT, FUT) -> person",
      "type not known: securityType missing: null (null) -> person",
      "a market order: orderType fail: MKT (LMT) -> person",
      "outside regular hours: orderType fail: LMT (LMT) -> person",
      "a change: orderType fail: LMT (LMT) -> person",
      "good till cancelled: timeInForce fail: GTC (DAY, GTD) -> person",
      "good till a date without one: timeInForce missing: null (null) -> person",
      "a day order with an end: timeInForce fail: null (null) -> person",
      "too long: timeInForce fail: 2026-11-23T15:15:00.001Z (15 min) -> person",
      "hours not known: hours missing: null (null) -> person",
      "a zone that nobody knows: hours missing: null (null) -> person",
      "the wall of another zone: hours fail: TUE 00:00 Asia/Tokyo (10 min after the open, 10 min before the close) -> person",
      "another day's window: hours fail: MON 10:00 America/New_York (10 min after the open, 10 min before the close) -> person",
      "between two windows: hours fail: MON 10:00 America/New_York (10 min after the open, 10 min before the close) -> person",
      "no window: hours fail: MON 10:00 America/New_York (10 min after the open, 10 min before the close) -> person",
      "delayed: quote fail: delayed (live) -> person",
      "marked: quote fail: null (null) -> person",
      "crossed: quote fail: null (null); spread missing: null (null) -> person",
      "no bid: quote fail: null (null); spread missing: null (null) -> person",
      "bid and ask alike: quote fail: null (null) -> person",
      "too old: quote fail: 2001 ms (2000 ms) -> person",
      "too old by now: quote fail: 2001 ms (2000 ms) -> person",
      "a gate a second ahead:  -> approve",
      "a gate more than a second ahead: quote missing: null (null) -> person",
      "a quote more than a second ahead: quote missing: null (null) -> person",
      "quote not known: quote missing: null (null); spread missing: null (null) -> person",
      "wide: spread fail: 2.51 (0.5 %) -> person",
      "a cent too much: orderNotional fail: 1000.01 (1000) -> person",
      "a notional of nothing: orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null) -> person",
      "notional not known: orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null) -> person",
      "another base currency: orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null) -> person",
      "base currency not known: orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null) -> person",
      "a cent too much of the agent: dayNotionalAgent fail: 2500.01 (2500) -> person",
      "a cent too much of the account: dayNotionalAccount fail: 4000.01 (4000) -> person",
      "of another account and agent:  -> approve",
      "in shadow mode before:  -> approve",
      "a day and a moment ago:  -> approve",
      "a moment less than a day ago: dayNotionalAgent fail: 2500.01 (2500) -> person",
      "in another currency: dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null) -> person",
      "position too large: position fail: 3000.01 (3000, 5 %) -> person",
      "too large a part: position fail: 500 (3000, 5 %) -> person",
      "value not known: position missing: null (null) -> person",
      "position not known: position missing: null (null); lane missing: null (null) -> person",
      "a sale of nothing: position fail: 0 to -1 (null) -> person",
      "a sale of all:  -> approve",
      "a sale of more than all: position fail: 0.99 to -0.01 (null) -> person",
      "a sale while short: position fail: -1 to -2 (null) -> person",
      "reducing is not allowed: lane fail: null (null) -> person",
      "covered:  -> approve",
      "covered and more: lane fail: null (null) -> person",
      "opening is not allowed: lane fail: null (null) -> person",
      "by plan:  -> approve",
      "by plan again: lane fail: last 2026-11-23 (once from 2026-11-23) -> person",
      "by plan, of another account:  -> approve",
      "by plan, of another instrument:  -> approve",
      "by plan, of the other side:  -> approve",
      "by plan, in shadow:  -> approve",
      "by plan, the newest counts: lane fail: last 2026-11-23 (once from 2026-11-23) -> person",
      "a cent more than the plan has: lane fail: 500 (499.99) -> person",
      "before the plan begins: lane fail: null (null) -> person",
      "a plan without hours: turnedOn fail: d600a40dabda8ee9477fa5883e4e5c8db8ef7873bc07b4e4b88cf696c1991443 (b315a0c7154b8d379a99cde50bf9a7afc72afffd1d96ee8d9359019b5aed1a74); hours missing: null (null); lane missing: null (null) -> person",
      "a plan without notional: turnedOn fail: d600a40dabda8ee9477fa5883e4e5c8db8ef7873bc07b4e4b88cf696c1991443 (b315a0c7154b8d379a99cde50bf9a7afc72afffd1d96ee8d9359019b5aed1a74); orderNotional missing: null (null); dayNotionalAgent missing: null (null); dayNotionalAccount missing: null (null); position missing: null (null); lane missing: null (null) -> person",
      "a plan of the other side: lane fail: null (null) -> person",
      "a plan of another instrument: lane fail: null (null) -> person",
      "the third within ten minutes: repeats fail: 3 (2 in 600 s) -> person",
      "of which one is older:  -> approve",
    ]
  `);
});
