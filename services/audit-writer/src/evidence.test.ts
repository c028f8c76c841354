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
    const record = edge("broker-gateway", "reconciliation", { mode: "paper", unknown: 0, strangers: 0, ...body });
    return { ...record, entry: { ...record.entry, kind: "reconciliation", at } };
  };

  test("counted back from the latest to the first that did not match", () => {
    const counts = countsOf([
      day("2026-03-02T10:00:00.000Z", {}),
      day("2026-03-03T10:00:00.000Z", { strangers: 1 }),
      day("2026-03-04T10:00:00.000Z", { unknown: 1 }),
      day("2026-03-04T11:00:00.000Z", {}),
      day("2026-03-05T10:00:00.000Z", {}),
    ]);
    expect(counts).toMatchObject({ matchedDays: 2, lastUnmatchedDay: "2026-03-03", strangers: 1 });
  });

  test("an order still in doubt at the end of a day -> that day does not match", () => {
    const counts = countsOf([day("2026-03-04T11:00:00.000Z", {}), day("2026-03-04T12:00:00.000Z", { unknown: 1 })]);
    expect(counts).toMatchObject({ matchedDays: 0, lastUnmatchedDay: "2026-03-04" });
  });

  test("an order of ours that nobody intended -> its day does not match, whatever comes later that day", () => {
    const counts = countsOf([day("2026-03-04T11:00:00.000Z", { strangers: 1 }), day("2026-03-04T12:00:00.000Z", {})]);
    expect(counts.matchedDays).toBe(0);
  });

  test("days of the simulator and records without a mode -> not counted", () => {
    const counts = countsOf([day(AT, { mode: "simulator" }), day(AT, { mode: undefined as never })]);
    expect(counts).toMatchObject({ matchedDays: 0, lastUnmatchedDay: null });
  });
});
