import { AUTO_CHECKS, type AutoCheckName } from "@countersign/contracts/auto-approval";
import type { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import { describe, expect, test } from "vitest";
import { assess, CHECKS } from "./assess.ts";
import type { AssessInput } from "./check.ts";
import { CONID, FACTS, factsWith, inputWith, NOW_MS, POLICY, ticketWith, useOf } from "./testing/envelope-input.ts";

const failing = (input: AssessInput) =>
  assess(input)
    .checks.filter(({ outcome }) => outcome !== "pass")
    .map(({ check }) => check);
const terms = (change: object) => inputWith({ ticket: ticketWith(change) });
const facts = (name: keyof EnvelopeFacts, change: object | string | undefined) =>
  inputWith({ facts: factsWith(name, change) });
const at = (text: string) => ({ nowMs: Date.parse(text), facts: { ...FACTS, at: text } });
const lanes = (change: object) => ({ ...POLICY, lanes: { ...POLICY.lanes, ...change } });
const held = (before: string, working = "0") => factsWith("position", { before, working });
const SECOND_MS = 1_000;
const asking = (rule: EnvelopeFacts["verdict"]["rules"][number]) => ({ ...rule, outcome: "confirm" as const });
const before = (seconds: number) => new Date(NOW_MS - seconds * SECOND_MS).toISOString();

test("every condition of the contracts is looked at, in its order", () => {
  expect(CHECKS.map(({ name }) => name)).toEqual(Object.keys(AUTO_CHECKS));
});

test("an order inside of every limit is approved, and every condition says why", () => {
  const { outcome, checks } = assess(inputWith());
  expect(checks.filter((check) => check.outcome !== "pass")).toEqual([]);
  expect(outcome).toBe("approve");
});

/** One step outside, each time of one limit. */
const OUTSIDE: readonly [string, AutoCheckName, AssessInput][] = [
  ["no document", "policy", inputWith({ document: { state: "none" } })],
  ["a policy of another mode", "policy", inputWith({ policy: { ...POLICY, mode: "paper" } })],
  [
    "another document than the one that was turned on",
    "turnedOn",
    {
      ...inputWith(),
      ledger: inputWith({ policy: lanes({}) }).ledger,
      document: inputWith({ policy: { ...POLICY, version: 2 } }).document,
    },
  ],
  ["REDUCE_ONLY here", "killSwitch", inputWith({ kill: { level: "REDUCE_ONLY", reason: "test" } })],
  ["policies stopped by a service", "killSwitch", inputWith({ autoOff: "no operator was there" })],
  ["REDUCE_ONLY at the gate", "killSwitch", facts("kill", { level: "REDUCE_ONLY" })],
  [
    "a fresh verdict that a person must confirm",
    "verdict",
    inputWith({ facts: { ...FACTS, verdict: { ...FACTS.verdict, rules: FACTS.verdict.rules.map(asking) } } }),
  ],
  [
    "a fresh verdict that denies",
    "verdict",
    inputWith({ facts: { ...FACTS, verdict: { ...FACTS.verdict, outcome: "deny" } } }),
  ],
  [
    "a verdict by other limits",
    "verdict",
    inputWith({ facts: { ...FACTS, verdict: { ...FACTS.verdict, policyHash: "b".repeat(64) } } }),
  ],
  ["two people are asked for", "approvals", inputWith({ demand: { approvals: 2, keys: "session" } })],
  ["a passkey is asked for", "approvals", inputWith({ demand: { approvals: 1, keys: "passkey" } })],
  ["another account", "scope", terms({ account: "DU7654321" })],
  ["another agent", "scope", inputWith({ ticket: ticketWith({}, { agent: "stranger" }) })],
  ["an instrument that is not allowed", "instrument", terms({ conid: 272093 })],
  ["an instrument that is allowed and denied", "instrument", terms({ conid: 265598 })],
  ["another type of instrument", "securityType", facts("secType", "OPT")],
  ["a market order", "orderType", terms({ orderType: "MKT", limitPrice: null })],
  ["outside regular hours", "orderType", terms({ outsideRth: true })],
  [
    "with exits",
    "orderType",
    terms({ exits: { takeProfit: { limitPrice: "600" }, stopLoss: { stopPrice: "400" }, timeInForce: "DAY" } }),
  ],
  ["good till cancelled", "timeInForce", terms({ timeInForce: "GTC" })],
  [
    "good for 15 min and 1 ms",
    "timeInForce",
    terms({ timeInForce: "GTD", goodTill: new Date(NOW_MS + 900_001).toISOString() }),
  ],
  ["1 ms before ten minutes after the open", "hours", inputWith(at("2026-11-23T14:39:59.999Z"))],
  ["in the window's last minute gone", "hours", inputWith(at("2026-11-23T20:30:00.000Z"))],
  ["a delayed quote", "quote", facts("quote", { dataType: "delayed" })],
  ["a quote that is 2,001 ms old", "quote", facts("quote", { ageMs: 2_001 })],
  ["a quote that became too old since the gate saw it", "quote", inputWith({ nowMs: NOW_MS + 1_701 })],
  ["a quote with a mark", "quote", facts("quote", { flags: ["halted"] })],
  ["a crossed quote", "quote", facts("quote", { bid: "500.1" })],
  ["a spread above the limit", "spread", facts("quote", { bid: "497.49" })],
  ["one cent more than one order may be", "orderNotional", facts("notional", "1000.01")],
  [
    "one cent more in 24 hours of the agent",
    "dayNotionalAgent",
    inputWith({ uses: [useOf({ side: "SELL", notional: { amount: "2000.01", currency: "USD" } })] }),
  ],
  [
    "one cent more in 24 hours of the account",
    "dayNotionalAccount",
    inputWith({ uses: [useOf({ agent: "other", notional: { amount: "3500.01", currency: "USD" } })] }),
  ],
  ["a position of one cent too much", "position", facts("position", { before: "5.00002" })],
  ["a position too large with what works", "position", facts("position", { working: "6" })],
  ["a position too large with what is approved and unsent", "position", inputWith({ approvedUnsent: "6" })],
  ["too large a part of the account", "position", facts("netLiquidation", "9999.99")],
  ["a sale of what is not held", "position", terms({ side: "SELL" })],
  [
    "the third repetition within ten minutes",
    "repeats",
    inputWith({
      uses: [1, 2, 599].map((ago) => useOf({ at: before(ago), notional: { amount: "1", currency: "USD" } })),
    }),
  ],
];

describe("one step outside of one limit", () => {
  test.each(OUTSIDE)("%s -> to a person, for %s", (_, check, input) => {
    expect(failing(input)).toContain(check);
    expect(assess(input).outcome).toBe("person");
  });
  test("every condition but the lanes is shown to fail here", () => {
    const shown = new Set(OUTSIDE.map(([, check]) => check));
    expect(Object.keys(AUTO_CHECKS).filter((check) => !shown.has(check as AutoCheckName))).toEqual(["lane"]);
  });
});

describe("exactly at a limit", () => {
  const inside: [string, AssessInput][] = [
    [
      "ten minutes after the open, to the ms",
      inputWith({
        ...at("2026-11-23T14:40:00.000Z"),
        policy: { ...POLICY, hours: { ...POLICY.hours, windows: null } },
      }),
    ],
    ["15 minutes", terms({ timeInForce: "GTD", goodTill: new Date(NOW_MS + 900_000).toISOString() })],
    ["2,000 ms", facts("quote", { ageMs: 2_000 })],
    ["1,000", facts("notional", "1000")],
    [
      "2,500 of the agent",
      inputWith({ uses: [useOf({ side: "SELL", notional: { amount: "2000", currency: "USD" } })] }),
    ],
    [
      "what is older than 24 hours",
      inputWith({ uses: [useOf({ at: before(86_400), notional: { amount: "2500", currency: "USD" } })] }),
    ],
    ["3,000 of position", facts("position", { before: "5" })],
    ["two before, in ten minutes", inputWith({ uses: [useOf({ at: before(1) }), useOf({ at: before(2) })] })],
  ];
  test.each(inside)("%s -> approved", (_, input) => {
    expect(failing(input)).toEqual([]);
  });
});

describe("a missing fact", () => {
  const gathered = [
    "kill",
    "secType",
    "baseCurrency",
    "notional",
    "netLiquidation",
    "position",
    "quote",
    "hours",
  ] as const;
  test.each(gathered)("%s -> to a person", (name) => {
    expect(assess(facts(name, undefined)).outcome).toBe("person");
  });
  test("none at all -> to a person, and every condition is still looked at", () => {
    const { outcome, checks } = assess(inputWith({ facts: { missing: "no answer" } }));
    expect([outcome, checks.length]).toEqual(["person", CHECKS.length]);
  });
  test("what was approved in another currency cannot be added up -> to a person", () => {
    const uses = [useOf({ notional: { amount: "1", currency: "EUR" } })];
    expect(failing(inputWith({ uses }))).toContain("dayNotionalAgent");
  });
});

describe("lanes", () => {
  const weekly = {
    id: "weekly",
    conid: CONID,
    side: "BUY",
    notionalMax: "500",
    every: { count: 1, unit: "week" },
    startsOn: "2026-11-16",
  } as const;
  const planned = (change: object = {}) => lanes({ opening: false, schedules: [{ ...weekly, ...change }] });
  const byPlan = (text: string) => useOf({ at: text, schedule: { id: "weekly", periodFrom: "2026-11-16" } });
  test("opening is not allowed -> to a person; a sale of what is held still goes", () => {
    expect(failing(inputWith({ policy: lanes({ opening: false }) }))).toEqual(["lane"]);
    const sale = inputWith({
      policy: lanes({ opening: false }),
      ticket: ticketWith({ side: "SELL" }),
      facts: held("1"),
    });
    expect(failing(sale)).toEqual([]);
  });
  test("a sale of all that is held while another sale works -> not only reducing", () => {
    const ticket = ticketWith({ side: "SELL" });
    expect(failing(inputWith({ ticket, facts: held("1", "0.1") }))).toContain("position");
    expect(failing(inputWith({ ticket, facts: held("1"), approvedUnsent: "0.1" }))).toContain("position");
  });
  test("a purchase that covers a short position reduces; one unit more does not", () => {
    const only = { policy: lanes({ opening: false }) };
    expect(failing(inputWith({ ...only, facts: held("-1") }))).toEqual([]);
    expect(failing(inputWith({ ...only, facts: held("-0.5") }))).toEqual(["lane"]);
  });
  test("by a plan: once in a period, although opening is not allowed otherwise", () => {
    expect(failing(inputWith({ policy: planned() }))).toEqual([]);
    // Sunday evening in New York is Monday in UTC: the week before.
    expect(failing(inputWith({ policy: planned(), uses: [byPlan("2026-11-23T04:59:59.999Z")] }))).toEqual([]);
    expect(failing(inputWith({ policy: planned(), uses: [byPlan("2026-11-23T05:00:00.000Z")] }))).toEqual(["lane"]);
  });
  test("a plan holds although opening is allowed: more than it has, or before it begins -> to a person", () => {
    expect(failing(inputWith({ policy: { ...planned({ notionalMax: "499.99" }) } }))).toEqual(["lane"]);
    const early = { ...POLICY, lanes: { ...planned({ startsOn: "2026-11-24" }).lanes, opening: true } };
    expect(failing(inputWith({ policy: early }))).toEqual(["lane"]);
  });
  test("a plan that is signed anew with other days does not get the period twice", () => {
    const again = planned({ startsOn: "2026-11-17" });
    expect(failing(inputWith({ policy: again, uses: [byPlan("2026-11-18T15:00:00.000Z")] }))).toEqual(["lane"]);
  });
});

describe("the exchange's wall", () => {
  const open = {
    ...POLICY,
    hours: { ...POLICY.hours, windows: [{ days: ["MON" as const], from: "09:45", to: "10:00" }] },
  };
  const session = (from: string, until: string) => ({
    hours: { state: "known" as const, value: { zone: "America/New_York", sessions: [{ open: from, close: until }] } },
  });
  test("09:50 in New York is 13:50 UTC in summer and 14:50 in winter", () => {
    const summer = "2026-10-26T13:50:00.000Z";
    const winter = "2026-11-02T14:50:00.000Z";
    for (const [text, from] of [
      [summer, "2026-10-26T13:30:00.000Z"],
      [winter, "2026-11-02T14:30:00.000Z"],
    ] as const) {
      const input = inputWith({ ...at(text), policy: open });
      const until = from.replace(/T1[34]:30/, "T20:00");
      expect(failing({ ...input, facts: { ...FACTS, at: text, ...session(from, until) } })).toEqual([]);
    }
  });
  test("on the day on which the clock goes back a window begins and ends by the wall, and its hour comes twice", () => {
    const sunday = {
      ...open,
      hours: { ...open.hours, windows: [{ days: ["SUN" as const], from: "01:00", to: "01:30" }] },
    };
    const hours = session("2026-11-01T00:00:00.000Z", "2026-11-01T20:00:00.000Z");
    const found = ["04:59", "05:00", "05:29", "05:30", "06:00", "06:29", "06:30"].map((time) => {
      const text = `2026-11-01T${time}:00.000Z`;
      const input = inputWith({ policy: sunday, nowMs: Date.parse(text), facts: { ...FACTS, at: text, ...hours } });
      return failing(input).includes("hours") ? "out" : "in";
    });
    expect(found).toEqual(["out", "in", "in", "out", "in", "in", "out"]);
  });
  test("a half day ends ten minutes before its own close", () => {
    const policy = { ...POLICY, hours: { ...POLICY.hours, windows: null } };
    const hours = session("2026-11-27T14:30:00.000Z", "2026-11-27T18:00:00.000Z");
    const of = (text: string) =>
      inputWith({ policy, nowMs: Date.parse(text), facts: { ...FACTS, at: text, ...hours } });
    expect(failing(of("2026-11-27T17:49:59.999Z"))).toEqual([]);
    expect(failing(of("2026-11-27T17:50:00.000Z"))).toEqual(["hours"]);
  });
});
