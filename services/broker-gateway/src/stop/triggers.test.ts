import type { TripRequest } from "@countersign/bus/tripwire";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { describe, expect, test } from "vitest";
import { applyFact, type ExecState } from "../fold/exec-state.ts";
import { sentOrder } from "../fold/test-order.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import { Triggers } from "./triggers.ts";

const LOST_MS = Date.parse("2026-03-02T10:00:00.000Z");
const at = (ms: number) => new Date(LOST_MS + ms).toISOString();
const AFTER_MS = 60_000;
const { proposalId } = sentOrder();

/** The order after these facts of its log. */
function afterFacts(...facts: object[]): ExecState {
  return facts.reduce<ExecState>((order, fact) => {
    const after = applyFact(order, { proposalId, ...fact } as ExecFact);
    if (after === undefined) throw new Error("no such edge");
    return after;
  }, sentOrder());
}
const lost = (ms: number) => ({ type: "lost/1", reason: "no answer", at: at(ms) });
const working = (ms: number) => ({ type: "acknowledged/1", permId: null, at: at(ms) });

/** Whether a gateway process trips that starts at this moment and looks, so many ms later, for the second time. */
async function trips(order: ExecState, startMs: number, laterMs: number): Promise<boolean> {
  const clock = new ManualClock(LOST_MS + startMs);
  const tripped: TripRequest<"broker-gateway">[] = [];
  const limit = { afterMs: AFTER_MS, level: "HALTED" } as const;
  const triggers = new Triggers({
    clock,
    table: { list: () => [{ order } as OrderActor] },
    audit: { waitingMs: () => 0 },
    reconciler: { strangers: [] },
    lostOrders: [],
    view: { clockStepMs: () => 0, trips: () => [] },
    wire: { trip: (request) => void tripped.push(request) },
    config: { unknownOrder: limit, auditLag: limit } as never,
  });
  triggers.look();
  await clock.advance(laterMs);
  triggers.look();
  triggers.stop();
  return tripped.some(({ cause, level }) => cause === "unknown-order" && level === "HALTED");
}

describe("the stop for an order UNKNOWN too long", () => {
  test.each<[string, ExecState, number, number, boolean]>([
    ["one process sees it the whole time, a moment too short", afterFacts(lost(0)), 0, AFTER_MS - 1, false],
    ["one process sees it the whole time", afterFacts(lost(0)), 0, AFTER_MS, true],
    ["a process that starts a moment before", afterFacts(lost(0)), AFTER_MS - 200, 199, false],
    ["a process that starts a moment before, and the moment passes", afterFacts(lost(0)), AFTER_MS - 200, 200, true],
    ["a process that starts an hour later", afterFacts(lost(0)), 3_600_000, 0, true],
    ["facts that leave it UNKNOWN begin no new time", afterFacts(lost(0), lost(50_000)), AFTER_MS, 0, true],
    ["found and lost again: from then on", afterFacts(lost(0), working(1), lost(2_000)), AFTER_MS, 1_999, false],
    ["found and lost again, long enough", afterFacts(lost(0), working(1), lost(2_000)), AFTER_MS, 2_000, true],
    [
      "a wall clock that was set back takes off nothing of what this process saw",
      afterFacts(lost(0)),
      -3_600_000,
      AFTER_MS,
      true,
    ],
    ["found", afterFacts(lost(0), working(1)), 3_600_000, AFTER_MS, false],
  ])("%s", async (_what, order, startMs, laterMs, expected) => {
    expect(await trips(order, startMs, laterMs)).toBe(expected);
  });
});

describe("an order of ours that no log knows", () => {
  const named = (letter: string) => `cs1.${letter.repeat(20)}`;
  type Stored = { service: string; cause: string; trip: { evidence: { name: string; value: string }[] } };

  /** One process after the other: what the broker shows at each of its readings -> how often it trips. */
  function processes(readings: string[][][], lostOrders: readonly string[] = []): number[] {
    const stored: Stored[] = [];
    return readings.map((of) => {
      const reconciler: { strangers: string[] } = { strangers: [] };
      let count = 0;
      const trip = ({ cause, evidence, anew }: TripRequest<"broker-gateway">) => {
        expect([cause, anew]).toEqual(["strange-order", true]);
        count += 1;
        const list = Object.entries(evidence).map(([name, value]) => ({ name, value: String(value) }));
        stored.splice(0, 1, { service: "broker-gateway", cause, trip: { evidence: list } });
      };
      const never = { afterMs: AFTER_MS, level: "HALTED" } as const;
      const triggers = new Triggers({
        clock: new ManualClock(LOST_MS),
        table: { list: () => [] },
        audit: { waitingMs: () => 0 },
        reconciler,
        lostOrders,
        view: { clockStepMs: () => 0, trips: () => stored as never },
        wire: { trip },
        config: { unknownOrder: never, auditLag: never } as never,
      });
      for (const shown of of) {
        reconciler.strangers = shown;
        triggers.look();
        triggers.look();
      }
      triggers.stop();
      return count;
    });
  }

  test.each<[string, string[][][], number[]]>([
    ["none", [[[]]], [0]],
    ["one, at every reading", [[[named("a")], [named("a")]]], [1]],
    ["a second one", [[[named("a")], [named("a"), named("b")]]], [2]],
    ["the same after a restart", [[[named("a")]], [[named("a")]]], [1, 0]],
    ["another after a restart", [[[named("a")]], [[named("b")]]], [1, 1]],
    ["one of them is gone after a restart", [[[named("a"), named("b")]], [[named("b")]]], [1, 0]],
  ])("%s -> so many trips of each process: %j %j", (_, shown, expected) => {
    expect(processes(shown)).toEqual(expected);
  });

  test("one that the logs have lost and the broker does not show counts as one that it shows", () => {
    expect(processes([[[]], [[named("a")]], [[]]], [named("a")])).toEqual([1, 0, 0]);
    expect(processes([[[named("b")]]], [named("a")])).toEqual([1]);
  });
});
