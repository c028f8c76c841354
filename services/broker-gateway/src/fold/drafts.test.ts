import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { BETWEEN_ABSENCES_MS } from "@countersign/orders/absences";
import { describe, expect, test } from "vitest";
import type { Draft, Evidence } from "./evidence.ts";
import { applyDraft, type ExecState } from "./exec-state.ts";
import { plan } from "./plan.ts";
import { sentOrder, termsWith } from "./test-order.ts";

/** Where an order can be once it is the gateway's. */
const STATES = [
  ...(["INTENT", "KILLED_NOT_SENT", "SEND_STARTED", "WORKING", "PARTIAL", "CANCEL_REQUESTED", "FILLED"] as const),
  ...(["CANCELLED", "BROKER_REJECTED", "UNKNOWN", "CLOSED_ABSENT", "DISPUTED"] as const),
];
type Here = (typeof STATES)[number];

function orderIn(state: Here, change: Partial<ExecState> = {}): ExecState {
  return sentOrder({ state, ...(state === "DISPUTED" && { dispute: "seen twice" }), ...change });
}

/** The facts that this evidence adds in each state; a state that is not named adds none. */
function expectDrafts(evidence: Evidence, expected: Partial<Record<Here, string>>, change: Partial<ExecState> = {}) {
  const found = STATES.map((state) => [
    state,
    plan(orderIn(state, change), evidence)
      .map(({ type }) => type)
      .join(" "),
  ]);
  expect(Object.fromEntries(found.filter(([, drafts]) => drafts !== ""))).toEqual(expected);
}
const everywhere = (states: readonly Here[], drafts: string) =>
  Object.fromEntries(states.map((state) => [state, drafts])) as Partial<Record<Here, string>>;
const evidenceOf = ([draft]: Draft[]) => draft?.type === "disputed/1" && draft.evidence;

const seen = (status: string, change: object = {}) =>
  ({ kind: "seen", status, permId: "9", whyHeld: "", adopted: false, ...change }) as const;
const fill = (quantity: string, execId = "a.01"): Execution => ({
  ...{ time: "20261120 10:00:00 US/Eastern", side: "BOT", currency: "USD", exchange: "NASDAQ", price: "10.5" },
  ...{ averagePrice: "10.5", cumulativeQuantity: quantity, quantity, execId },
});
const executed = (quantity: string, execId?: string): Evidence => ({
  ...{ kind: "executed", execution: fill(quantity, execId), permId: null },
});
const NEVER_SENT = ["INTENT", "KILLED_NOT_SENT", "CLOSED_ABSENT"] as const;
const OPEN = ["SEND_STARTED", "WORKING", "PARTIAL", "CANCEL_REQUESTED", "UNKNOWN"] as const;

describe("two orders under one reference, whatever is contradicted beside it", () => {
  const two = /^two orders carry this reference: 8, 9$/;
  const after = (order: ExecState, evidence: Evidence) => plan(order, evidence).reduce(applyDraft, order);

  test("disputed already for another reason -> the dispute says it", () => {
    const order = orderIn("DISPUTED", { permId: "8", dispute: "more was executed than ordered" });
    const twice = after(order, seen("Submitted"));
    expect(twice.dispute).toMatch(two);
    expect(plan(twice, seen("Submitted"))).toEqual([]);
  });

  test("an execution under another permId -> the dispute says it, and what else is executed does not hide it", () => {
    const executedAs = (quantity: string, id: string): Evidence =>
      ({ ...executed(quantity, id), permId: "9" }) as Evidence;
    const twice = after(orderIn("WORKING", { permId: "8" }), executedAs("1", "a.01"));
    expect([twice.state, twice.permId]).toEqual(["DISPUTED", "8"]);
    expect(twice.dispute).toMatch(two);
    const more = after(twice, executedAs("1000", "b.01"));
    expect([more.state, more.executions.size]).toEqual(["DISPUTED", 2]);
    expect(more.dispute).toMatch(two);
  });
});

describe("a reading shows the order as open long after its end", () => {
  const stillOpen = (status: string) => ({ kind: "stillOpen", status }) as const;
  test.each(["Submitted", "PreSubmitted"])("%s: disputed where it ended by the broker's word", (status) =>
    expectDrafts(stillOpen(status), everywhere(["FILLED", "CANCELLED"], "disputed/1")),
  );
  test.each(["PendingCancel", "Cancelled", "Filled", "Inactive", ""])("%s: no contradiction", (status) =>
    expectDrafts(stillOpen(status), {}),
  );
});

describe("the broker shows the order", () => {
  const disputes = everywhere(NEVER_SENT, "disputed/1");

  test.each(["Submitted", "PreSubmitted"])("%s: acknowledged where that is news", (status) => {
    const news = everywhere(["SEND_STARTED", "UNKNOWN", "BROKER_REJECTED"], "acknowledged/1");
    expectDrafts(seen(status), { ...disputes, ...news });
    expectDrafts(seen(status, { adopted: true }), { ...disputes, ...news, CANCEL_REQUESTED: "acknowledged/1" });
  });

  test.each(["PendingSubmit", "ApiPending"])("%s: no proof that it arrived, unless a reading found it", (status) => {
    expectDrafts(seen(status), disputes);
    const news = everywhere(["SEND_STARTED", "UNKNOWN"], "acknowledged/1");
    expectDrafts(seen(status, { adopted: true }), { ...disputes, ...news });
  });

  test.each(["Cancelled", "ApiCancelled"])("%s: cancelled wherever it may be open", (status) => {
    expectDrafts(seen(status), { ...disputes, ...everywhere(OPEN, "cancelled/1") });
  });

  test("Filled, without its executions: it has arrived, and no more", () => {
    expectDrafts(seen("Filled"), { ...disputes, ...everywhere(["SEND_STARTED", "UNKNOWN"], "acknowledged/1") });
  });

  test("what was never sent is at the broker: the dispute says how", () => {
    expect(evidenceOf(plan(orderIn("INTENT"), seen("Submitted")))).toBe(
      "the broker shows it as Submitted although it was INTENT",
    );
  });

  test("under another permId: disputed, once; the same one, or none, is no contradiction", () => {
    const all = STATES.filter((state) => state !== "DISPUTED");
    const known = { permId: "8" };
    const at = all.filter((state) => state !== "INTENT");
    for (const state of at) {
      expect(evidenceOf(plan(orderIn(state, known), seen("Submitted")))).toBe("two orders carry this reference: 8, 9");
    }
    const already = { ...known, dispute: "two orders carry this reference: 8, 9" };
    expect(plan(orderIn("DISPUTED", already), seen("Submitted"))).toEqual([]);
    expect(plan(orderIn("WORKING", known), seen("Submitted", { permId: null }))).toEqual([]);
    expect(plan(orderIn("WORKING", { permId: "9" }), seen("Submitted"))).toEqual([]);
  });

  test("its warning is kept, once; an empty one is none", () => {
    const warned = plan(orderIn("WORKING"), seen("Submitted", { warning: "held" }));
    expect(warned).toEqual([{ type: "brokerSaid/1", code: null, text: "held" }]);
    expect(plan(orderIn("WORKING"), seen("Submitted", { warning: "" }))).toEqual([]);
    const said = new Set(["null held"]);
    expect(plan(orderIn("WORKING", { said }), seen("Submitted", { warning: "held" }))).toEqual([]);
  });
});

describe("an execution", () => {
  test("of a part, and of the whole", () => {
    const part = everywhere([...OPEN, "CANCELLED"], "partiallyFilled/1");
    const disputed = ["INTENT", "KILLED_NOT_SENT", "FILLED", "BROKER_REJECTED", "CLOSED_ABSENT"] as const;
    const again = { DISPUTED: "partiallyFilled/1 disputed/1" };
    const against = everywhere(disputed, "disputed/1 partiallyFilled/1 disputed/1");
    expectDrafts(executed("40"), { ...part, ...against, ...again });
    const whole = everywhere([...OPEN, "CANCELLED"], "filled/1");
    const over = everywhere(disputed, "disputed/1 filled/1 disputed/1");
    expectDrafts(executed("100"), { ...whole, ...over, DISPUTED: "filled/1 disputed/1" });
  });

  test("of more than was ordered: disputed, with what it was", () => {
    for (const state of STATES.filter((one) => one !== "DISPUTED")) {
      const [first] = plan(orderIn(state), executed("101"));
      expect(first).toEqual({
        type: "disputed/1",
        evidence: "more was executed than ordered: BOT 101 at 10.5 (a.01)",
      });
    }
  });

  test("where nothing may be executed: the dispute says where it was", () => {
    expect(evidenceOf(plan(orderIn("FILLED"), executed("40")))).toBe(
      "executed although it was FILLED: BOT 40 at 10.5 (a.01)",
    );
  });

  test("that is known already adds nothing; another version of it is a correction", () => {
    const executions = new Map([["a.01", fill("40")]]);
    expectDrafts(executed("40"), {}, { executions });
    const [corrected, ...more] = plan(orderIn("WORKING", { executions }), executed("40", "a.02"));
    expect([corrected?.type, more]).toEqual(["corrected/1", []]);
    const [, dispute] = plan(orderIn("WORKING", { executions }), executed("41", "a.02"));
    expect(dispute).toEqual({ type: "disputed/1", evidence: "the broker corrected 40 of a.01 to 41" });
    const disputed = plan(orderIn("DISPUTED", { executions }), executed("41", "a.02"));
    expect(disputed.map(({ type }) => type)).toEqual(["corrected/1"]);
  });

  test("keeps the permId that is known where it brings none", () => {
    expect(plan(orderIn("WORKING", { permId: "9" }), executed("40"))).toMatchObject([{ permId: "9" }]);
    expect(plan(orderIn("WORKING"), { ...executed("40"), permId: "7" } as Evidence)).toMatchObject([{ permId: "7" }]);
  });

  test("beyond the old quantity and within that of an open change: the change has happened", () => {
    const terms = termsWith({ quantity: "150" });
    const pending = { by: `prop_${"b".repeat(26)}`, terms, sent: sentOrder({}, { quantity: "150" }).sent };
    const types = (quantity: string) =>
      plan(orderIn("WORKING", { pending }), executed(quantity)).map(({ type }) => type);
    expect(types("100")).toEqual(["partiallyFilled/1"]);
    expect(types("101")).toEqual(["termsReplaced/1", "partiallyFilled/1"]);
    expect(types("150").slice(0, 2)).toEqual(["termsReplaced/1", "filled/1"]);
    expect(types("151")[0]).toBe("disputed/1");
  });
});

describe("a commission", () => {
  const charged: Evidence = {
    ...{ kind: "charged", execId: "a.01", commission: { amount: "1", currency: "USD" }, realizedPnl: null },
  };
  const executions = new Map([["a.01", fill("40")]]);
  test("of a known execution, once, wherever it can have been executed", () => {
    const open = everywhere([...OPEN, "FILLED", "CANCELLED", "DISPUTED"], "commission/1");
    expectDrafts(charged, open, { executions });
    expectDrafts(charged, {});
    expectDrafts(charged, {}, { executions, commissions: new Map([["a.01", charged.commission]]) });
  });
});

describe("no answer", () => {
  const lost = (unacknowledgedOnly: boolean): Evidence => ({
    kind: "lost",
    reason: "x".repeat(501),
    unacknowledgedOnly,
  });
  test("unknown from where it was sent; once acknowledged only where it was looked for", () => {
    expectDrafts(lost(true), { SEND_STARTED: "lost/1" });
    const looked = everywhere(["SEND_STARTED", "WORKING", "PARTIAL", "CANCEL_REQUESTED"], "lost/1");
    expectDrafts(lost(false), looked);
    expect(plan(orderIn("SEND_STARTED"), lost(true))).toEqual([{ type: "lost/1", reason: "x".repeat(500) }]);
  });
});

describe("absences", () => {
  const reading = {
    startedAt: "2026-11-20T10:00:00.000Z",
    linkEpoch: 1,
    openOrders: 0,
    completedOrders: 0,
    executions: 0,
  };
  const absent = (sinceMs: number | null): Evidence => ({ kind: "absent", reading, sinceMs });
  const first = { ...reading, sinceMs: null };
  const second = { ...reading, sinceMs: BETWEEN_ABSENCES_MS };

  test("are kept only of an order of which nobody knows", () => {
    expectDrafts(absent(null), everywhere(["UNKNOWN", "DISPUTED"], "absent/1"));
  });
  test("the first in the log begins the row; two in a row are enough, until the row is broken", () => {
    expect(plan(orderIn("UNKNOWN"), absent(40_000))).toEqual([{ type: "absent/1", ...first }]);
    const one = orderIn("UNKNOWN", { absences: [first] });
    expect(plan(one, absent(40_000))).toEqual([{ type: "absent/1", ...reading, sinceMs: 40_000 }]);
    const two = orderIn("UNKNOWN", { absences: [first, second] });
    expect(plan(two, absent(40_000))).toEqual([]);
    expect(plan(two, absent(null))).toEqual([{ type: "absent/1", ...first }]);
  });
});

describe("how the broker says it ended", () => {
  const ended = (as: "cancelled" | "rejected"): Evidence => ({ kind: "ended", as, text: "by the desk" });
  test("cancelled or refused, wherever it may be open", () => {
    expectDrafts(ended("cancelled"), everywhere(OPEN, "cancelled/1"));
    expectDrafts(ended("rejected"), everywhere(OPEN, "brokerRejected/1"));
    expect(plan(orderIn("WORKING"), ended("rejected"))).toEqual([
      { type: "brokerRejected/1", code: null, text: "by the desk" },
    ]);
    expect(plan(orderIn("WORKING"), ended("cancelled"))).toEqual([
      { type: "cancelled/1", code: null, text: "by the desk" },
    ]);
  });
  test("refused although something was executed: disputed, with what was said", () => {
    const order = orderIn("PARTIAL", { executions: new Map([["a.01", fill("40")]]) });
    expect(evidenceOf(plan(order, ended("rejected")))).toBe(
      "rejected (status: by the desk) although something was executed",
    );
    expect(plan({ ...order, state: "DISPUTED", dispute: "x" }, ended("rejected"))).toEqual([]);
  });
});

describe("a message of the broker", () => {
  const error = (code: number, text = "said"): Evidence => ({ kind: "error", code, text });
  const said = everywhere(STATES, "brokerSaid/1");
  test("201 refuses, and its words are in the refusal", () => {
    expectDrafts(error(201), { ...said, ...everywhere(OPEN, "brokerRejected/1") });
  });
  test("110 refuses only what is new", () => {
    const acknowledged = everywhere(["WORKING", "PARTIAL", "CANCEL_REQUESTED"], "brokerSaid/1 lost/1");
    const isNew = everywhere(["SEND_STARTED", "UNKNOWN"], "brokerRejected/1");
    expectDrafts(error(110), { ...said, ...acknowledged, ...isNew });
    const known = { ...acknowledged, SEND_STARTED: "brokerSaid/1 lost/1" };
    expectDrafts(error(110), { ...said, ...known }, { permId: "9" });
  });
  test.each([202, 103, 31_337])("%i alone proves nothing: the order is looked for", (code) => {
    const open = everywhere(["SEND_STARTED", "WORKING", "PARTIAL", "CANCEL_REQUESTED"], "brokerSaid/1 lost/1");
    expectDrafts(error(code), { ...said, ...open });
  });
  test("399 changes nothing", () => expectDrafts(error(399), said));
  test("nothing is kept of an order that has no intent yet, and nothing without words", () => {
    expect(plan(sentOrder({ state: "APPROVED" }), error(399))).toEqual([]);
    expectDrafts(error(399, ""), {});
    for (const text of ["Order Canceled - reason:", "Order Canceled - reason: "]) {
      expect(plan(orderIn("CANCELLED"), error(202, text))).toEqual([]);
    }
  });
  test("a no while a change is open may be the change's: nothing is concluded", () => {
    const terms = termsWith({ quantity: "150" });
    const pending = { by: `prop_${"b".repeat(26)}`, terms, sent: sentOrder({}, { quantity: "150" }).sent };
    expect(plan(orderIn("WORKING", { pending }), error(201)).map(({ type }) => type)).toEqual(["brokerSaid/1"]);
  });
  test("the JSON beside it is kept with it", () => {
    const with399 = plan(orderIn("WORKING"), { kind: "error", code: 399, text: "said", advancedReject: "{}" });
    expect(with399).toEqual([{ type: "brokerSaid/1", code: 399, text: "said", advancedReject: "{}" }]);
    expect(plan(orderIn("WORKING"), error(399))).toEqual([{ type: "brokerSaid/1", code: 399, text: "said" }]);
  });
});
