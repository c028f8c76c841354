import type { ExecFact, Execution } from "@countersign/contracts/facts/exec-facts.v1";
import type { State } from "@countersign/contracts/life";
import { describe, expect, test } from "vitest";
import type { Evidence } from "../fold/evidence.ts";
import { applyFact, type ExecState } from "../fold/exec-state.ts";
import { plan } from "../fold/plan.ts";
import { REF, sentOrder, shownAs } from "../fold/test-order.ts";
import type { WireOrder } from "../session/wire.ts";
import { type Settled, settle } from "./settle.ts";

const NEVER = Number.NEGATIVE_INFINITY;

function orderIn(state: State, executed = "0", leg: ExecState["leg"] = "entry"): ExecState {
  const base = { time: "", side: "BOT", price: "1", currency: "USD", exchange: "X", averagePrice: "1" } as const;
  const execution: Execution = { ...base, execId: "e.01", quantity: executed, cumulativeQuantity: executed };
  const executions = new Map(executed === "0" ? [] : [[execution.execId, execution]]);
  return sentOrder({ state, executions, leg }, { quantity: "10" });
}

/** An order's actor without a log behind it. */
function actorIn(order: ExecState, sentAtMs = NEVER): { actor: Settled; state: () => State } {
  let current = order;
  const take = async (evidence: Evidence) => {
    for (const draft of plan(current, evidence)) {
      const fact = { ...draft, proposalId: current.proposalId, at: "2026-11-20T10:00:00.000Z" } as ExecFact;
      current = applyFact(current, fact) ?? current;
    }
  };
  const times = { sentAtMs, cancelledAtMs: NEVER, movedAtMs: NEVER, absentAtMs: NEVER };
  const actor: Settled = { ...times, absences: 0, take, order: current };
  Object.defineProperty(actor, "order", { get: () => current });
  return { actor, state: () => current.state };
}

const shown = (status: string, orderRef = REF) =>
  ({
    ...shownAs(orderIn("WORKING").sent),
    ...{ orderRef, permId: "9", status, completedStatus: "text", filledQuantity: null, margins: { warning: "" } },
  }) as WireOrder;

const reading = (lists: { open?: WireOrder[]; completed?: WireOrder[] }, startedAtMs = 100_000) => ({
  open: lists.open ?? [],
  completed: lists.completed ?? [],
  startedAtMs,
  provesAbsence: true,
  looked: { startedAt: "2026-11-20T10:00:00.000Z", linkEpoch: 1, openOrders: 0, completedOrders: 0, executions: 0 },
});

const cases: [string, State, Parameters<typeof reading>[0], State][] = [
  ["unknown and open", "UNKNOWN", { open: [shown("Submitted")] }, "WORKING"],
  ["unknown and open, not yet passed on", "UNKNOWN", { open: [shown("PendingSubmit")] }, "WORKING"],
  ["sent and open", "SEND_STARTED", { open: [shown("PreSubmitted")] }, "WORKING"],
  ["cancel asked, still open", "CANCEL_REQUESTED", { open: [shown("Submitted")] }, "WORKING"],
  ["unknown and cancelled", "UNKNOWN", { completed: [shown("Cancelled")] }, "CANCELLED"],
  ["unknown and refused", "UNKNOWN", { completed: [shown("Inactive")] }, "BROKER_REJECTED"],
  ["filled without executions", "SEND_STARTED", { completed: [shown("Filled")] }, "UNKNOWN"],
  ["sent and nowhere", "SEND_STARTED", {}, "UNKNOWN"],
  ["working and once nowhere", "WORKING", {}, "WORKING"],
  ["unknown and nowhere", "UNKNOWN", {}, "UNKNOWN"],
  ["another's order", "SEND_STARTED", { open: [shown("Submitted", "theirs")] }, "UNKNOWN"],
];

describe("what a complete reading of the broker means for an order", () => {
  test.each(cases.map(([name, from, lists, to]) => ({ name, from, lists, to })))(
    "$name: $from -> $to",
    async ({ from, lists, to }) => {
      const { actor, state } = actorIn(orderIn(from));
      await settle(actor, reading(lists));
      expect(state()).toBe(to);
    },
  );

  test.each([
    ["cancelledAtMs", 100_000, "CANCEL_REQUESTED"],
    ["cancelledAtMs", 99_999, "WORKING"],
    ["movedAtMs", 100_500, "CANCEL_REQUESTED"],
  ] as const)(
    "still open in a reading of 100 s, with a cancel (%s) of %i ms -> %s: only one that began later tells",
    async (name, atMs, expected) => {
      const { actor, state } = actorIn(orderIn("CANCEL_REQUESTED"));
      actor[name] = atMs;
      await settle(actor, reading({ open: [shown("Submitted")] }));
      expect(state()).toBe(expected);
    },
  );

  test.each([
    [29_999, "WORKING"],
    [30_000, "UNKNOWN"],
  ] as const)("working and nowhere twice, %i ms apart -> %s", async (apartMs, expected) => {
    const { actor, state } = actorIn(orderIn("WORKING"));
    await settle(actor, reading({}));
    await settle(actor, reading({}, 100_000 + apartMs));
    expect(state()).toBe(expected);
  });

  test("nowhere, seen again, nowhere -> not lost", async () => {
    const { actor, state } = actorIn(orderIn("WORKING"));
    const lists = [{}, { open: [shown("Submitted")] }, {}];
    for (const [count, list] of lists.entries()) await settle(actor, reading(list, 100_000 + count * 30_000));
    expect(state()).toBe("WORKING");
  });

  test("sent a moment before the reading began and not in it -> not lost", async () => {
    const { actor, state } = actorIn(orderIn("SEND_STARTED"), 99_000);
    expect(await settle(actor, reading({}))).toBe("tooNew");
    expect(state()).toBe("SEND_STARTED");
  });

  const unproven: [State, Parameters<typeof reading>[0]][] = [
    ["SEND_STARTED", {}],
    ["WORKING", {}],
    ["SEND_STARTED", { completed: [shown("Filled")] }],
  ];
  test.each(unproven)(
    "read under another client id, %s and not shown in full -> nothing is concluded",
    async (from, lists) => {
      const { actor, state } = actorIn(orderIn(from));
      for (const atMs of [100_000, 200_000]) await settle(actor, { ...reading(lists, atMs), provesAbsence: false });
      expect(["SEND_STARTED", "WORKING"]).toContain(state());
      expect(actor.absences).toBe(0);
    },
  );

  test("read under another client id, unknown and open -> WORKING", async () => {
    const { actor, state } = actorIn(orderIn("UNKNOWN"));
    await settle(actor, { ...reading({ open: [shown("Submitted")] }), provesAbsence: false });
    expect(state()).toBe("WORKING");
  });

  test("partly executed and cancelled -> CANCELLED", async () => {
    const { actor, state } = actorIn(orderIn("PARTIAL", "4"));
    await settle(actor, reading({ completed: [shown("Cancelled")] }));
    expect(state()).toBe("CANCELLED");
  });
});

describe("an order of 10 that the broker lists as ended before it was filled", () => {
  test.each([
    { status: "Cancelled", executed: "4", inAll: "4", to: "CANCELLED" },
    { status: "Cancelled", executed: "0", inAll: "0", to: "CANCELLED" },
    { status: "Cancelled", executed: "4", inAll: "3", to: "CANCELLED" },
    { status: "Cancelled", executed: "4", inAll: "6", to: "UNKNOWN" },
    { status: "ApiCancelled", executed: "0", inAll: "6", to: "UNKNOWN" },
    { status: "Inactive", executed: "0", inAll: "6", to: "UNKNOWN" },
    { status: "Inactive", executed: "0", inAll: "0", to: "BROKER_REJECTED" },
  ] as const)("$status with $executed known of $inAll filled -> $to", async ({ status, executed, inAll, to }) => {
    for (const from of ["SEND_STARTED", "PARTIAL", "CANCEL_REQUESTED", "UNKNOWN"] as const) {
      const { actor, state } = actorIn(orderIn(from, executed));
      await settle(actor, reading({ completed: [{ ...shown(status), filledQuantity: inAll }] }));
      expect(state()).toBe(to);
    }
  });

  test("read under another client id, with fills that are not shown -> nothing is concluded", async () => {
    const { actor, state } = actorIn(orderIn("PARTIAL", "4"));
    const row = { ...shown("Cancelled"), filledQuantity: "6" };
    await settle(actor, { ...reading({ completed: [row] }), provesAbsence: false });
    expect(state()).toBe("PARTIAL");
  });
});

describe("an order of 10 that the broker lists as filled", () => {
  test.each([
    { leg: "stopLoss", executed: "6", inAll: "6", to: "FILLED" },
    { leg: "takeProfit", executed: "6", inAll: "6", to: "FILLED" },
    { leg: "stopLoss", executed: "4", inAll: "6", to: "UNKNOWN" },
    { leg: "stopLoss", executed: "0", inAll: "0", to: "UNKNOWN" },
    { leg: "stopLoss", executed: "6", inAll: null, to: "UNKNOWN" },
    { leg: "entry", executed: "6", inAll: "6", to: "UNKNOWN" },
  ] as const)("$leg with $executed known of $inAll -> $to", async ({ leg, executed, inAll, to }) => {
    for (const from of ["WORKING", "UNKNOWN"] as const) {
      const { actor, state } = actorIn(orderIn(from, executed, leg));
      await settle(actor, reading({ completed: [{ ...shown("Filled"), filledQuantity: inAll }] }));
      expect(state()).toBe(to);
    }
  });
});

describe("an order that was filled while a change of its quantity of 10 was open", () => {
  const changing = (executed: string, asked: string): ExecState => {
    const order = orderIn("PARTIAL", executed);
    const terms = { ...order.terms, quantity: asked };
    return { ...order, pending: { by: "prop_change", terms, sent: { ...order.sent, quantity: asked } } };
  };

  test.each([
    { executed: "10", inAll: "10", asked: "12", to: "FILLED", quantity: "10", open: false },
    { executed: "8", inAll: "8", asked: "8", to: "FILLED", quantity: "8", open: false },
    { executed: "8", inAll: "10", asked: "8", to: "UNKNOWN", quantity: "10", open: true },
    { executed: "8", inAll: "8", asked: "12", to: "UNKNOWN", quantity: "10", open: true },
  ])("$executed known of $inAll, $asked asked for -> $to, $quantity in force", async (one) => {
    const { actor, state } = actorIn(changing(one.executed, one.asked));
    await settle(actor, reading({ completed: [{ ...shown("Filled"), filledQuantity: one.inAll }] }));
    expect(state()).toBe(one.to);
    expect(actor.order.quantity).toBe(one.quantity);
    expect(actor.order.pending !== undefined).toBe(one.open);
  });
});

test("completed while a change of it is open, and how much was filled is not told -> lost, not broken", async () => {
  const order = orderIn("WORKING");
  const pending = { by: `prop_${"b".repeat(26)}`, terms: { ...order.terms, quantity: "20" } } as ExecState["pending"];
  const { actor, state } = actorIn({ ...order, ...(pending !== undefined && { pending }) });
  await settle(actor, reading({ completed: [{ ...shown("Filled"), filledQuantity: null }] }));
  expect(state()).toBe("UNKNOWN");
});
