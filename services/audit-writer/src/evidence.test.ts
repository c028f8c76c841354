import type { AuditEntry, AuditRecord } from "@countersign/contracts/audit";
import { describe, expect, test } from "vitest";
import { Evidence } from "./evidence.ts";

const AT = "2026-03-02T10:00:00.000Z";
const execution = { execId: "e1", time: "t", side: "BOT", quantity: "10", currency: "USD", exchange: "SMART" };

/** One record of an edge, as its service writes it. */
function edge(producer: string, id: string, body: AuditEntry["body"]): AuditRecord {
  const actor = { kind: "service" as const, id: producer };
  const entry = { kind: "order.edge" as const, at: AT, correlationId: id, actor, body };
  return { type: "countersign.audit/1", seq: 1, at: AT, producer, prev: "0".repeat(64), entry };
}

const steps = {
  proposed: (id: string, mode = "paper") => edge("risk-gate", id, { event: "proposed", mode }),
  simulated: (id: string, estimatePrice = "100") =>
    edge("risk-gate", id, { event: "simulated", whatIf: "broker", estimatePrice }),
  approved: (id: string) => edge("approval", id, { event: "approved" }),
  intent: (id: string) => edge("broker-gateway", id, { fact: { type: "intent/1" } }),
  sent: (id: string) => edge("broker-gateway", id, { fact: { type: "sendStarted/1" } }),
  rejected: (id: string) => edge("broker-gateway", id, { fact: { type: "brokerRejected/1" } }),
  filled: (id: string, price: string) => {
    const filled = { ...execution, price, cumulativeQuantity: "10", averagePrice: price };
    return edge("broker-gateway", id, { fact: { type: "filled/1", execution: filled } });
  },
};
type Step = keyof typeof steps;

function countsOf(records: readonly AuditRecord[]) {
  const evidence = new Evidence();
  for (const record of records) evidence.take(record);
  return evidence.counts();
}

const whole = (id: string) => [
  steps.proposed(id),
  steps.simulated(id),
  steps.approved(id),
  steps.intent(id),
  steps.sent(id),
];

describe("the evidence of paper trading", () => {
  test("a whole order -> simulated, sent, filled and as estimated; its repeats count once", () => {
    const counts = countsOf([...whole("a"), steps.filled("a", "100.1"), steps.filled("a", "100.1")]);
    const expected = { simulated: 1, submitted: 1, rejected: 0, filled: 1, estimated: 1, asEstimated: 1 };
    expect(counts).toMatchObject({ ...expected, unexplainedCount: 0 });
  });

  test("a fill more than 0.1 % worse than the estimate -> filled, not as estimated", () => {
    expect(countsOf([...whole("a"), steps.filled("a", "100.11")])).toMatchObject({ filled: 1, asEstimated: 0 });
  });

  test("an order of the simulator -> counts for nothing", () => {
    const [, ...rest] = whole("a");
    expect(countsOf([steps.proposed("a", "simulator"), ...rest])).toMatchObject({ simulated: 0, submitted: 0 });
  });

  test.each(["proposed", "approved", "intent"] as const)(
    "sent without a record of %s before -> unexplained",
    (left: Step) => {
      const order = (["proposed", "simulated", "approved", "intent", "sent"] as const).filter((step) => step !== left);
      const counts = countsOf(order.map((step) => steps[step]("a")));
      expect(counts).toMatchObject({ unexplained: ["a"], unexplainedCount: 1 });
    },
  );

  test("approved only after it was sent -> unexplained", () => {
    const counts = countsOf([steps.proposed("a"), steps.intent("a"), steps.sent("a"), steps.approved("a")]);
    expect(counts.unexplainedCount).toBe(1);
  });

  test("sent twice -> unexplained", () => {
    expect(countsOf([...whole("a"), steps.sent("a")]).unexplainedCount).toBe(1);
  });

  test("an approval that another service claims to have recorded -> does not count", () => {
    const forged = edge("mcp-edge", "a", { event: "approved" });
    const counts = countsOf([steps.proposed("a"), forged, steps.intent("a"), steps.sent("a")]);
    expect(counts.unexplainedCount).toBe(1);
  });

  test("refused by the broker -> rejected, once", () => {
    expect(countsOf([...whole("a"), steps.rejected("a"), steps.rejected("a")])).toMatchObject({ rejected: 1 });
  });
});

describe("the days of reconciliations", () => {
  const day = (at: string, body: object): AuditRecord => {
    const record = edge("broker-gateway", "reconciliation", { mode: "paper", ...body });
    return { ...record, entry: { ...record.entry, kind: "reconciliation", at } };
  };
  const orders = (at: string, body: object = {}) => day(at, { unknown: 0, strangers: 0, ...body });
  const account = (positions: object = {}, cash: object = {}) => ({ DU1234567: { positions, cash } });
  const held = (at: string, accounts: object = account(), body: object = {}) =>
    day(at, { why: "holdings", accounts, ...body });
  const whole = (date: string, body: object = {}) => [
    orders(`${date}T10:00:00.000Z`, body),
    held(`${date}T10:01:00.000Z`),
  ];

  test("counted back from the latest to the first that did not match", () => {
    const counts = countsOf([
      ...whole("2026-03-02"),
      ...whole("2026-03-03", { strangers: 1 }),
      ...whole("2026-03-04", { unknown: 1 }),
      orders("2026-03-04T11:00:00.000Z"),
      ...whole("2026-03-05"),
    ]);
    expect(counts).toMatchObject({ matchedDays: 2, lastUnmatchedDay: "2026-03-03", strangers: 1 });
    expect(counts.lastUnmatchedWhy).toContain("no intent");
  });

  test("an order still in doubt at the end of a day -> that day does not match", () => {
    const counts = countsOf([...whole("2026-03-04"), orders("2026-03-04T12:00:00.000Z", { unknown: 1 })]);
    expect(counts).toMatchObject({
      matchedDays: 0,
      lastUnmatchedDay: "2026-03-04",
      lastUnmatchedWhy: "an order in doubt",
    });
  });

  test("an order of ours that nobody intended -> its day does not match, whatever comes later that day", () => {
    const counts = countsOf([...whole("2026-03-04", { strangers: 1 }), orders("2026-03-04T12:00:00.000Z")]);
    expect(counts.matchedDays).toBe(0);
  });

  test("days of the simulator and records without a mode -> not counted", () => {
    const counts = countsOf([orders(AT, { mode: "simulator" }), orders(AT, { mode: undefined as never })]);
    expect(counts).toMatchObject({ matchedDays: 0, lastUnmatchedDay: null });
  });

  test.each<[string, AuditRecord[]]>([
    ["positions and cash never compared", []],
    ["compared in the simulator", [held(AT, account(), { mode: "simulator" })]],
    ["compared by another service", [{ ...held(AT), producer: "admin-api" }]],
    ["compared in words that cannot be read", [held(AT, account({ 265598: "ten" }))]],
    ["read, and then not any more", [held(AT), held(AT, { DU1234567: { positions: {} } })]],
  ])("%s -> the day does not match", (_what, records) => {
    const why = "positions and cash were not compared";
    expect(countsOf([orders(AT), ...records])).toMatchObject({ matchedDays: 0, lastUnmatchedWhy: why });
  });

  const days = (...found: object[]) =>
    found.flatMap((accounts, index) => {
      const at = `2026-03-0${index + 2}T10:00:00.000Z`;
      return [orders(at), held(at, accounts)];
    });

  test("what was held before the first day, and what moved for a while within one, is no change", () => {
    const was = account({ 265598: "100" }, { USD: "1000" });
    const records = [
      ...days(was, was),
      held("2026-03-03T11:00:00.000Z", account()),
      held("2026-03-03T12:00:00.000Z", was),
    ];
    expect(countsOf(records)).toMatchObject({
      matchedDays: 2,
      lastUnmatchedDay: null,
      cashSteps: [],
      cashStepsCount: 0,
    });
  });

  test.each<[string, object, object, string]>([
    ["one share more", account({ 1: "5" }), account({ 1: "6" }), "1 of 1 in DU1234567"],
    ["a part of one less", account({ 1: "5" }), account({ 1: "4.9999" }), "-0.0001 of 1 in DU1234567"],
    ["one that is gone", account({ 1: "5" }), account(), "-5 of 1 in DU1234567"],
    ["one that came", account(), account({ 1: "5" }), "5 of 1 in DU1234567"],
    ["an account that is gone", { ...account(), DU7: { positions: {}, cash: {} } }, account(), "DU7 was not compared"],
  ])("%s -> that day does not match, and the next ones count from there", (_what, before, after, why) => {
    const counts = countsOf(days(before, before, after, after, after));
    expect(counts).toMatchObject({ matchedDays: 2, lastUnmatchedDay: "2026-03-04" });
    expect(counts.lastUnmatchedWhy).toContain(why);
  });

  test("cash that moved without an order -> a step with its day, of more than a cent, only on days that count", () => {
    const cash = (USD: string, EUR = "0") => account({}, { USD, EUR });
    const counts = countsOf(days(cash("1"), cash("1000"), cash("1000.01"), cash("987.67"), cash("987.67", "-0.02")));
    const row = { account: "DU1234567", currency: "USD" };
    expect(counts).toMatchObject({ matchedDays: 5, cashStepsCount: 3 });
    expect(counts.cashSteps).toEqual([
      { ...row, day: "2026-03-03", amount: "999" },
      { ...row, day: "2026-03-05", amount: "-12.34" },
      { ...row, day: "2026-03-06", currency: "EUR", amount: "-0.02" },
    ]);
    const later = countsOf(
      days(cash("1"), cash("1000"), account({ 1: "1" }, { USD: "1000" }), account({ 1: "1" }, { USD: "1000" })),
    );
    expect(later).toMatchObject({ matchedDays: 1, cashSteps: [], cashStepsCount: 0 });
  });

  test("more steps than are told -> the count says so", () => {
    const many = Array.from({ length: 6 }, (_, index) =>
      account(
        {},
        Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`A${String.fromCharCode(65 + n)}A`, String(index)])),
      ),
    );
    const { cashSteps, cashStepsCount } = countsOf(days(...many));
    expect([cashSteps.length, cashStepsCount]).toEqual([100, 130]);
  });
});
