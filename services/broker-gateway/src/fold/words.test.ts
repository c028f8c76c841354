import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { describe, expect, test } from "vitest";
import { differencesOf } from "./drift.ts";
import type { Evidence } from "./evidence.ts";
import { applyFact, type ExecState } from "./exec-state.ts";
import { plan } from "./plan.ts";
import { sentOrder, shownAs, termsWith } from "./test-order.ts";

function factsOf(evidence: readonly Evidence[], start: ExecState = sentOrder()): ExecFact[] {
  let order = start;
  return evidence.flatMap((one) =>
    plan(order, one).map((draft) => {
      const fact = { ...draft, proposalId: order.proposalId, at: "2026-11-20T10:00:00.000Z" } as ExecFact;
      order = applyFact(order, fact) ?? order;
      return fact;
    }),
  );
}
const wordsIn = (facts: ExecFact[]) =>
  facts.flatMap((fact) => ("text" in fact ? [[fact.type, fact.code, fact.text]] : []));
const said = (code: number, text: string, advancedReject?: string): Evidence => ({
  ...{ kind: "error", code, text },
  ...(advancedReject !== undefined && { advancedReject }),
});
const HELD =
  "Order Message: BUY 1 AAPL NASDAQ.NMS Warning: Your order will not be placed at the exchange until 09:30:00.";
const working = sentOrder({ state: "WORKING", permId: "9" });

describe("what the broker says about an order is kept in its own words", () => {
  test.each([
    [399, HELD],
    [2109, "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order type."],
    [10349, "Order TIF was set to DAY based on order preset."],
    [404, "Order held while securities are located."],
    [10147, "OrderId 7 that needs to be cancelled is not found."],
  ])("%i -> a note, and the order stays where it is", (code, text) => {
    const facts = factsOf([said(code, text)], working);
    expect(wordsIn(facts)).toEqual([["brokerSaid/1", code, text]]);
  });

  test("10311 and every other code that is not understood -> the words first, then UNKNOWN", () => {
    const facts = factsOf([said(10311, "This order will be directly routed to NYSE.")], sentOrder());
    expect(wordsIn(facts)[0]).toEqual(["brokerSaid/1", 10311, "This order will be directly routed to NYSE."]);
  });

  test("a rejection carries its words and its JSON, once", () => {
    const json = '{"rejectReason":"margin","overrides":["X"]}';
    const facts = factsOf([
      said(201, "Order rejected - reason:margin", json),
      said(201, "Order rejected - reason:margin"),
    ]);
    expect(facts.map(({ type }) => type)).toEqual(["brokerRejected/1"]);
    expect(facts[0]).toMatchObject({ code: 201, text: "Order rejected - reason:margin", advancedReject: json });
  });

  test("the reason of a cancel that arrives after the status is kept", () => {
    const status: Evidence = { kind: "seen", status: "Cancelled", permId: "9", whyHeld: "", adopted: false };
    const reason =
      "Order Canceled - reason:We cannot accept an order at a limit price at or more aggressive than 265.25.";
    const facts = factsOf([status, said(202, reason)], working);
    expect(wordsIn(facts)).toEqual([
      ["cancelled/1", null, "Cancelled"],
      ["brokerSaid/1", 202, reason],
    ]);
  });

  test("the same words are noted once, and at most fifty different ones", () => {
    const many = Array.from({ length: 80 }, (_, index) => said(399, `warning ${index}`));
    expect(factsOf([said(399, HELD), said(399, HELD)], working)).toHaveLength(1);
    expect(factsOf(many, working)).toHaveLength(50);
  });
});

describe("terms that differ from what was sent", () => {
  const limit = (change: object) => sentOrder({}, { orderType: "LMT", limitPrice: "10.50", ...change });
  const { sent } = limit({});

  test("the same terms in the broker's spelling differ in nothing", () => {
    expect(
      differencesOf(sent, { ...shownAs(sent), limitPrice: "10.5", quantity: "100", auxPrice: "0" }, false),
    ).toEqual([]);
  });

  test.each([
    ["quantity", "90"],
    ["limitPrice", "10.6"],
    ["timeInForce", "GTC"],
    ["orderType", "MKT"],
    ["side", "SELL"],
    ["outsideRth", true],
  ])("%s changed at the broker -> noted with both values", (field, broker) => {
    const found = differencesOf(sent, { ...shownAs(sent), [field]: broker }, false);
    expect(found).toMatchObject([{ field, broker: String(broker) }]);
  });

  test("the quantity of an exit shrinks with its sibling's fills: no difference", () => {
    expect(differencesOf(sent, { ...shownAs(sent), quantity: "60" }, true)).toEqual([]);
  });

  test("what TWS computes for a stop or a trailing order is no difference", () => {
    const stop = sentOrder({}, { orderType: "STP", stopPrice: "9" }).sent;
    expect(differencesOf(stop, { ...shownAs(stop), limitPrice: "9.23" }, false)).toEqual([]);
    const trail = { by: "amount", amount: "1" };
    const terms = { orderType: "TRAIL LIMIT", trail, stopPrice: "9", limitOffset: "0.1" };
    const trailing = sentOrder({}, terms).sent;
    expect(differencesOf(trailing, { ...shownAs(trailing), limitPrice: "8.9" }, false)).toEqual([]);
  });

  test("a difference is noted when it appears, when it changes and when it is gone, and not in between", () => {
    const seen = (shown: object): Evidence => ({
      ...{ kind: "seen", status: "Submitted", permId: "9", whyHeld: "", adopted: false },
      shown: { ...shownAs(sent), ...shown },
    });
    const facts = factsOf(
      [seen({}), seen({ limitPrice: "11" }), seen({ limitPrice: "11" }), seen({ limitPrice: "12" }), seen({})],
      { ...limit({}), state: "WORKING", permId: "9" },
    );
    const drifts = facts.flatMap((fact) =>
      fact.type === "drifted/1" ? [fact.differences.map((one) => one.broker)] : [],
    );
    expect(drifts).toEqual([["11"], ["12"], []]);
  });
});

test("a no in words that the log knows already: news once for each open change, and never without one", () => {
  const terms = termsWith({ quantity: "150" });
  const pending = { by: `prop_${"b".repeat(26)}`, terms, sent: sentOrder({}, { quantity: "150" }).sent };
  const known = { ...working, said: new Set(["110 said", "399 said", "null said"]) };
  const drafts = (change: Partial<ExecState>, evidence: Evidence) =>
    plan({ ...known, ...change }, evidence).map(({ type }) => type);
  expect(drafts({ pending }, said(110, "said"))).toEqual(["brokerSaid/1"]);
  const refused = { ...pending, refusal: { code: 110, text: "said" } };
  expect(drafts({ pending: refused }, said(110, "said"))).toEqual([]);
  expect(drafts({}, said(110, "said"))).toEqual(["lost/1"]);
  expect(drafts({ pending }, said(399, "said"))).toEqual([]);
  const seen = {
    kind: "seen",
    status: "Submitted",
    permId: "9",
    whyHeld: "",
    adopted: false,
    warning: "said",
  } as const;
  expect(drafts({ pending }, seen)).toEqual([]);
});
