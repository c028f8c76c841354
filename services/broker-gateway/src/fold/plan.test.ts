import type { ExecFact, Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { toText } from "@countersign/money/decimal";
import { covers } from "@countersign/testing/covers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Evidence } from "./evidence.ts";
import { applyFact, type ExecState, filledQuantity } from "./exec-state.ts";
import { isTwoOrders, plan } from "./plan.ts";
import { sentOrder } from "./test-order.ts";

const START = sentOrder();

function execution(execId: string, quantity: string, cumulativeQuantity: string): Execution {
  const base = { time: "20261120 10:00:00 US/Eastern", side: "BOT", currency: "USD", exchange: "NASDAQ" } as const;
  return { ...base, execId, quantity, cumulativeQuantity, price: "10.5", averagePrice: "10.5" };
}

const seen = (status: string, adopted = false): Evidence => ({
  kind: "seen",
  status,
  permId: "9",
  whyHeld: "",
  adopted,
});
const executed = (execId: string, quantity: string, cumulative: string): Evidence => ({
  kind: "executed",
  execution: execution(execId, quantity, cumulative),
  permId: "9",
});
const charged = (execId: string): Evidence => ({
  kind: "charged",
  execId,
  commission: { amount: "1", currency: "USD" },
  realizedPnl: null,
});
const error = (code: number): Evidence => ({ kind: "error", code, text: "said the broker" });

/** As the gateway does it: a commission waits for its execution. */
function run(evidence: readonly Evidence[], start: ExecState = START): { order: ExecState; facts: ExecFact[] } {
  let order = start;
  const facts: ExecFact[] = [];
  const take = (one: Evidence) => {
    for (const draft of plan(order, one)) {
      const fact = { ...draft, proposalId: order.proposalId, at: "2026-11-20T10:00:00.000Z" } as ExecFact;
      const after = applyFact(order, fact);
      if (after === undefined) throw new Error(`no edge ${order.state} -> ${draft.type}`);
      order = after;
      facts.push(fact);
    }
  };
  for (const one of evidence) take(one);
  for (const one of evidence) if (one.kind === "charged") take(one);
  return { order, facts };
}

function summary({ order }: { order: ExecState }) {
  const executions = [...order.executions.keys()].sort();
  return { state: order.state, executions, commissions: [...order.commissions.keys()].sort() };
}

/** Every order and any repetition of the evidence ends alike. */
function expectAnyOrder(evidence: Evidence[], start = START): ReturnType<typeof summary> {
  const expected = summary(run(evidence, start));
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...evidence, ...evidence], { minLength: evidence.length }),
      fc.shuffledSubarray(evidence, { minLength: evidence.length, maxLength: evidence.length }),
      (some, all) => {
        expect(summary(run([...some, ...all], start))).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
  return expected;
}

const FILLS = [executed("a.01", "40", "40"), executed("b.01", "40", "80"), executed("c.01", "20", "100")];
const CHARGES = ["a.01", "b.01", "c.01"].map(charged);

describe("evidence of the broker, in any order and any number of times", () => {
  test("a fill in three parts -> FILLED with three executions and commissions", () => {
    const all = [seen("PreSubmitted"), seen("Submitted"), ...FILLS, seen("Filled"), ...CHARGES];
    expect(expectAnyOrder(all)).toEqual({
      state: "FILLED",
      executions: ["a.01", "b.01", "c.01"],
      commissions: ["a.01", "b.01", "c.01"],
    });
  });

  test("a cancel and a full fill -> FILLED, the fill wins", () => {
    expect(expectAnyOrder([seen("Cancelled"), error(202), ...FILLS]).state).toBe("FILLED");
  });

  test("a cancel after a part -> CANCELLED with its execution", () => {
    const result = expectAnyOrder([seen("Cancelled"), error(202), executed("a.01", "40", "40"), charged("a.01")]);
    expect(result).toMatchObject({ state: "CANCELLED", executions: ["a.01"], commissions: ["a.01"] });
  });

  test("an execution corrected in its price -> FILLED, counted once, both versions kept", () => {
    covers("field/double-counted-fills");
    const result = expectAnyOrder([executed("a.01", "40", "40"), executed("a.02", "40", "40"), ...FILLS.slice(1)]);
    expect(result).toMatchObject({ state: "FILLED", executions: ["a.01", "a.02", "b.01", "c.01"] });
  });

  test("an execution taken back -> DISPUTED", () => {
    const result = expectAnyOrder([executed("a.01", "40", "40"), executed("a.02", "0", "0"), ...FILLS.slice(1)]);
    expect(result).toMatchObject({ state: "DISPUTED", executions: ["a.01", "a.02", "b.01", "c.01"] });
  });

  test("more executed than ordered -> DISPUTED", () => {
    expect(expectAnyOrder([...FILLS, executed("d.01", "1", "101")]).state).toBe("DISPUTED");
  });

  test("a rejection together with an execution -> DISPUTED", () => {
    expect(expectAnyOrder([executed("a.01", "40", "40"), error(201)]).state).toBe("DISPUTED");
  });

  test("Inactive and 201 -> BROKER_REJECTED", () => {
    expect(expectAnyOrder([seen("Inactive"), error(201)]).state).toBe("BROKER_REJECTED");
  });

  test("every sequence whatsoever walks along edges of the life of an order", () => {
    const any = fc.constantFrom<Evidence>(
      ...["PendingSubmit", "Submitted", "PendingCancel", "Cancelled", "Inactive", "Filled"].map((s) => seen(s)),
      ...FILLS,
      ...CHARGES,
      ...[110, 161, 201, 202, 399, 10148, 99_999].map(error),
      seen("Submitted", true),
      { kind: "lost", reason: "the link broke", unacknowledgedOnly: true },
      { kind: "lost", reason: "not there", unacknowledgedOnly: false },
    );
    fc.assert(fc.property(fc.array(any, { maxLength: 30 }), (evidence) => void run(evidence)));
  });
});

describe("a combination", () => {
  const legs = [
    { conid: 11, side: "BUY", ratio: 1 },
    { conid: 12, side: "SELL", ratio: 2 },
  ];
  const start = sentOrder({}, { legs, quantity: "2" });
  const whole = executed("f.01.01", "2", "2");
  const inLeg = (comboLeg: number, execId: string, quantity: string): Evidence => {
    return { kind: "executed", execution: { ...execution(execId, quantity, quantity), comboLeg }, permId: "9" };
  };
  const first = inLeg(11, "f.02.01", "2");
  const second = inLeg(12, "f.03.01", "4");
  const quantityOf = ({ order }: ReturnType<typeof run>) => toText(filledQuantity(order));

  test("is filled by its own execution; those in its legs and their commissions are kept, and never counted", () => {
    const all = [whole, first, second, charged("f.02.01"), charged("f.03.01"), seen("Filled")];
    const ids = ["f.01.01", "f.02.01", "f.03.01"];
    expect(expectAnyOrder(all, start)).toMatchObject({ state: "FILLED", executions: ids, commissions: ids.slice(1) });
    expect(quantityOf(run([...all, ...all].reverse(), start))).toBe("2");
  });
  test("is not filled by its legs alone", () => {
    const result = run([first, second], start);
    expect([result.order.state, quantityOf(result)]).toEqual(["SEND_STARTED", "0"]);
    expect(result.facts.map(({ type }) => type)).toEqual(["comboLegFilled/1", "comboLegFilled/1"]);
  });
  test("a leg's execution corrected in its price counts once, and not as filled", () => {
    const result = run([whole, first, inLeg(11, "f.02.02", "2")], start);
    expect([result.order.state, quantityOf(result)]).toEqual(["FILLED", "2"]);
  });
  test.each(["KILLED_NOT_SENT", "BROKER_REJECTED", "CLOSED_ABSENT"] as const)(
    "a leg traded while %s -> DISPUTED",
    (state) => {
      expect(run([first], { ...start, state }).order.state).toBe("DISPUTED");
    },
  );
  test("an execution in what is no leg of it -> DISPUTED", () => {
    expect(run([inLeg(13, "f.04.01", "2")], start).order.dispute).toContain("13 is no leg");
  });
});

describe("what one answer means", () => {
  test.each([
    [110, "SEND_STARTED", "BROKER_REJECTED"],
    [110, "WORKING", "UNKNOWN"],
    [201, "WORKING", "BROKER_REJECTED"],
    [399, "SEND_STARTED", "SEND_STARTED"],
    [2109, "WORKING", "WORKING"],
    [103, "SEND_STARTED", "UNKNOWN"],
    [31_337, "SEND_STARTED", "UNKNOWN"],
    [10147, "CANCEL_REQUESTED", "CANCEL_REQUESTED"],
    [161, "WORKING", "WORKING"],
    [99_999, "FILLED", "FILLED"],
  ] as const)("error %i in %s -> %s", (code, state, expected) => {
    expect(run([error(code)], { ...START, state }).order.state).toBe(expected);
  });

  test("an order that was never sent but is at the broker -> DISPUTED", () => {
    expect(run([seen("Submitted")], { ...START, state: "KILLED_NOT_SENT" }).order.state).toBe("DISPUTED");
  });

  test.each(["Deactivated", "SomethingNew"])("a status that nobody knows, %s, ends nothing", (status) => {
    expect(run([seen(status)], { ...START, state: "WORKING" }).order.state).toBe("WORKING");
    expect(run([seen(status)], { ...START, state: "PARTIAL" }).order.state).toBe("PARTIAL");
  });

  test("two permIds under one reference -> DISPUTED", () => {
    expect(run([seen("Submitted")], { ...START, state: "WORKING", permId: "8" }).order.state).toBe("DISPUTED");
  });

  test("an unknown order that is found again -> WORKING", () => {
    expect(run([seen("PendingSubmit", true)], { ...START, state: "UNKNOWN" }).order.state).toBe("WORKING");
  });

  test("the link breaks after the acknowledgement -> still WORKING", () => {
    const broken: Evidence = { kind: "lost", reason: "the link broke", unacknowledgedOnly: true };
    expect(run([seen("Submitted"), broken]).order.state).toBe("WORKING");
    expect(run([broken]).order.state).toBe("UNKNOWN");
  });

  test("a lost order that was filled meanwhile -> FILLED", () => {
    expect(run([{ kind: "lost", reason: "x", unacknowledgedOnly: true }, ...FILLS, seen("Filled")]).order.state).toBe(
      "FILLED",
    );
  });
});

test.each([
  ["disputed for two orders", "DISPUTED", "two orders carry this reference: 8 and 9", true],
  ["disputed for something else", "DISPUTED", "filled after a cancel", false],
  ["settled by a person since", "WORKING", null, false],
  ["in a state that no dispute has", "UNKNOWN", "two orders carry this reference: 8 and 9", false],
  ["disputed by words that only end like it", "DISPUTED", "no: two orders carry this reference", false],
  ["disputed without words", "DISPUTED", null, false],
] as const)("two orders under one reference: %s", (_what, state, dispute, expected) => {
  expect(isTwoOrders({ state, dispute })).toBe(expected);
});
