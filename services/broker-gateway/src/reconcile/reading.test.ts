import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { STATES, type State } from "@countersign/contracts/life";
import { describe, expect, test } from "vitest";
import type { Evidence } from "../fold/evidence.ts";
import type { ExecState } from "../fold/exec-state.ts";
import { REF, sentOrder, shownAs } from "../fold/test-order.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { WireOrder } from "../session/wire.ts";
import { find, isOpenQuestion, isTooNew, type Reading, type Settled, settle } from "./settle.ts";

const row = (change: Partial<WireOrder> = {}) =>
  ({
    ...shownAs(sentOrder().sent),
    ...{ orderRef: REF, permId: "9", status: "Submitted", completedStatus: "text", filledQuantity: null },
    margins: { warning: "" },
    ...change,
  }) as WireOrder;

const reading = (change: Partial<Reading> = {}): Reading => ({
  ...{ open: [], completed: [], startedAtMs: 100_000, provesAbsence: true },
  looked: { startedAt: "2026-11-20T10:00:00.000Z", linkEpoch: 1, openOrders: 0, completedOrders: 0, executions: 0 },
  ...change,
});

/** An order that only notes what it is told. */
function noting(change: Partial<ExecState> = {}, actorChange: Partial<Settled> = {}) {
  const told: Evidence[] = [];
  const take = async (evidence: Evidence) => void told.push(evidence);
  const unsent = Number.NEGATIVE_INFINITY;
  const order = sentOrder({ state: "WORKING", ...change });
  const times = { sentAtMs: unsent, cancelledAtMs: unsent, movedAtMs: unsent, absentAtMs: unsent };
  const actor: Settled = { ...times, order, absences: 0, take, ...actorChange };
  return { actor, told };
}

describe("which row is the order's", () => {
  const { order } = noting({ permId: "9" }).actor;
  test.each<[string, Partial<WireOrder>[], number | undefined]>([
    ["its reference", [{ orderRef: "theirs" }, { permId: "1" }], 1],
    ["its permId under no reference", [{ orderRef: "" }], 0],
    ["its reference before its permId", [{ orderRef: "" }, { permId: "1" }], 1],
    ["another permId under no reference", [{ orderRef: "", permId: "8" }], undefined],
    ["its permId under another's reference", [{ orderRef: "theirs" }], undefined],
    ["no row at all", [], undefined],
  ])("%s", (_, changes, index) => {
    const rows = changes.map(row);
    expect(find(rows, { order })).toBe(index === undefined ? undefined : rows[index]);
  });

  test("an order without a permId is not the one without a permId that the broker shows", () => {
    const rows = [row({ orderRef: "", permId: null as unknown as string })];
    expect(find(rows, { order: { ...order, permId: null } })).toBeUndefined();
  });
});

describe("a reading that began", () => {
  test.each([
    [1_999, true],
    [2_000, false],
    [-1, true],
  ])("%i ms after the send -> too new: %s", (ms, expected) => {
    expect(isTooNew({ sentAtMs: 100_000 - ms }, reading())).toBe(expected);
  });
});

test("a reading bears on the orders that may be open at the broker", () => {
  const open = (Object.keys(STATES) as State[]).filter((state) =>
    isOpenQuestion({ order: sentOrder({ state }) } as OrderActor),
  );
  expect(open).toEqual(["SEND_STARTED", "WORKING", "PARTIAL", "CANCEL_REQUESTED", "UNKNOWN", "DISPUTED"]);
});

describe("what the order is told", () => {
  test("it is open: that a reading found it, and its row of absences ends", async () => {
    const { actor, told } = noting({}, { absences: 1 });
    expect(await settle(actor, reading({ open: [row()], completed: [row({ status: "Cancelled" })] }))).toBe("open");
    expect(told).toMatchObject([{ kind: "seen", status: "Submitted", permId: "9", adopted: true }]);
    expect(actor.absences).toBe(0);
  });

  test.each([
    ["Cancelled", "cancelled"],
    ["ApiCancelled", "cancelled"],
    ["Inactive", "rejected"],
  ])("it is completed as %s: it ended, in the broker's words", async (status, as) => {
    const { actor, told } = noting({}, { absences: 1 });
    expect(await settle(actor, reading({ completed: [row({ status })] }))).toBe("completed");
    expect(told).toEqual([{ kind: "ended", as, text: "text" }]);
    expect(actor.absences).toBe(0);
  });

  const executions = (quantity: string) => {
    const base = { time: "", side: "BOT", price: "1", currency: "USD", exchange: "X", averagePrice: "1" } as const;
    const execution: Execution = { ...base, execId: "e.01", quantity, cumulativeQuantity: quantity };
    return new Map([[execution.execId, execution]]);
  };
  test("it is completed as Filled and every execution is known: nothing more", async () => {
    const { actor, told } = noting({ executions: executions("100") });
    expect(await settle(actor, reading({ completed: [row({ status: "Filled" })] }))).toBe("completed");
    expect(told).toEqual([]);
  });

  test("it is completed as Filled and executions are missing: seen, and lost where the reading proves it", async () => {
    const reason = "the broker says Filled (text) and does not show every execution";
    const completed = [row({ status: "Filled" })];
    const found = { kind: "seen", status: "Filled", permId: "9", whyHeld: "", adopted: true };
    const proving = noting({ executions: executions("40") });
    await settle(proving.actor, reading({ completed }));
    expect(proving.told).toEqual([found, { kind: "lost", reason, unacknowledgedOnly: false }]);
    const other = noting({ executions: executions("40") });
    await settle(other.actor, reading({ completed, provesAbsence: false }));
    expect(other.told).toEqual([found]);
  });

  test("it is completed in a way that nobody knows: seen, and nothing concluded", async () => {
    const { actor, told } = noting();
    await settle(actor, reading({ completed: [row({ status: "Strange" })] }));
    expect(told.map(({ kind }) => kind)).toEqual(["seen"]);
  });

  test("it is nowhere: absent at once, lost at once only when it was never acknowledged", async () => {
    const sent = noting({ state: "SEND_STARTED" });
    expect(await settle(sent.actor, reading())).toBe("absent");
    expect(sent.told).toEqual([
      {
        kind: "lost",
        reason: "neither open nor completed at the broker, and not executed in full",
        unacknowledgedOnly: false,
      },
      { kind: "absent", reading: reading().looked, sinceMs: null },
    ]);
    const { actor, told } = noting();
    expect(await settle(actor, reading())).toBe("absent");
    expect(told.map(({ kind }) => kind)).toEqual(["absent"]);
    expect([actor.absences, actor.absentAtMs]).toEqual([1, 100_000]);
  });

  test("nowhere again: counted 30 s later and not before, with the time between", async () => {
    const { actor, told } = noting({}, { absences: 1, absentAtMs: 100_000 });
    expect(await settle(actor, reading({ startedAtMs: 129_999 }))).toBe("absent");
    expect([told, actor.absences, actor.absentAtMs]).toEqual([[], 1, 100_000]);
    await settle(actor, reading({ startedAtMs: 130_000.4 }));
    expect(told).toMatchObject([{ kind: "lost" }, { kind: "absent", sinceMs: 30_000 }]);
    expect([actor.absences, actor.absentAtMs]).toEqual([2, 130_000.4]);
  });

  test("nowhere, read under another id or too soon after the send: told nothing, counted nothing", async () => {
    const unproven = noting();
    expect(await settle(unproven.actor, reading({ provesAbsence: false }))).toBe("unproven");
    const tooNew = noting({}, { sentAtMs: 99_000 });
    expect(await settle(tooNew.actor, reading())).toBe("tooNew");
    for (const { actor, told } of [unproven, tooNew]) expect([told, actor.absences]).toEqual([[], 0]);
  });
});
