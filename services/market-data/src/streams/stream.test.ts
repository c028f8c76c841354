import { ManualClock } from "@countersign/clock/manual-clock";
import type { LineUpdate, LineValue } from "@countersign/contracts/messages/md-streams.v1";
import { Tick } from "@countersign/contracts/messages/md-streams.v1";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, newStream, quoteOf, standingOf, tickOf } from "./stream.ts";
import { Watchdog } from "./watchdog.ts";

const START_MS = Date.UTC(2027, 0, 4, 15);
const AS_OF = "2027-01-04T14:59:59.000Z";
const value = (text: string): LineValue => ({
  ...{ state: "known", value: text, unit: "USD", dataType: "live", flags: [], asOf: null },
});
const ALL = {
  ...{ bid: value("10"), ask: value("11"), last: value("10.5"), close: value("9") },
  ...{ bidSize: value("1"), askSize: value("2"), volume: { state: "absent", reason: "notSent" } as const },
};

function update(change: Partial<LineUpdate> = {}): LineUpdate {
  return {
    ...{ conid: 1, currency: "USD", sequence: 1, whole: true, state: "running", code: null, why: null },
    ...{ dataType: "live", asOf: AS_OF, source: "tws", flags: [], values: ALL, ...change },
  };
}

describe("a stream", () => {
  test("changes are laid over what was known, and every age is of now", () => {
    const stream = newStream(1, 0);
    expect(fold(stream, update(), 0)).toBe(true);
    expect(fold(stream, update({ sequence: 2, whole: false, values: { bid: value("10.1") } }), 0)).toBe(true);
    const quote = quoteOf(stream, START_MS);
    expect(quote).toMatchObject({
      bid: { value: "10.1", ageMs: 1_000 },
      ask: { value: "11", ageMs: 1_000 },
      ageMs: 1_000,
    });
  });

  test("a gap -> nothing more is taken, and everything is stale, until it is told whole", () => {
    const stream = newStream(1, 0);
    fold(stream, update(), 0);
    expect(fold(stream, update({ sequence: 3, whole: false, values: { bid: value("12") } }), 0)).toBe(false);
    expect(standingOf(stream, undefined).status).toBe("stale");
    expect(fold(stream, update({ sequence: 4, whole: false, values: { bid: value("13") } }), 0)).toBe(false);
    expect(quoteOf(stream, START_MS)).toMatchObject({ bid: { value: "10" } });
    expect(fold(stream, update({ sequence: 5 }), 0)).toBe(true);
    expect(standingOf(stream, undefined).status).toBe("live");
  });

  test("a line that begins in the middle -> its whole is asked for", () => {
    const stream = newStream(1, 0);
    expect(fold(stream, update({ sequence: 7, whole: false, values: { bid: value("12") } }), 0)).toBe(false);
    expect(quoteOf(stream, START_MS)).toBeUndefined();
  });

  test.each(["interrupted", "refused", "noRoom", "opening"] as const)(
    "%s -> flagged, and its time stands still",
    (state) => {
      const stream = newStream(1, 0);
      fold(stream, update(), 0);
      fold(stream, update({ sequence: 2, whole: false, state, values: {} }), 0);
      const tick = tickOf(stream, "s", standingOf(stream, undefined), START_MS + 60_000);
      expect(tick).toMatchObject({
        asOf: AS_OF,
        ageMs: 61_000,
        flags: ["stale"],
        bid: { asOf: AS_OF, flags: ["stale"] },
      });
    },
  );

  test("whatever order messages are lost in, a tick that is not flagged has what was said last", () => {
    const steps = fc.array(fc.record({ lost: fc.boolean(), whole: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (messages) => {
        const stream = newStream(1, 0);
        for (const [index, { lost, whole }] of messages.entries()) {
          const bid = value(String(index));
          if (!lost) fold(stream, update({ sequence: index + 1, whole, values: whole ? { ...ALL, bid } : { bid } }), 0);
          const tick = tickOf(stream, "s", standingOf(stream, undefined), START_MS);
          if (lost || tick === undefined) continue;
          Tick.parse(tick);
          if (!tick.flags.includes("stale")) expect(tick.bid).toMatchObject({ value: String(index) });
        }
      }),
    );
  });
});

describe("the watchdog", () => {
  const look = async (open: boolean | undefined) => {
    const clock = new ManualClock(START_MS);
    const stream = newStream(1, clock.monotonicMs());
    const silent: number[] = [];
    const watchdog = new Watchdog({
      ...{ clock, silentAfterMs: 10_000, isOpen: async () => open },
      onSilent: () => silent.push(clock.monotonicMs() - START_MS),
    });
    for (let second = 0; second < 100; second += 1) {
      watchdog.look(stream);
      await clock.advance(1_000);
    }
    return silent;
  };

  test("silent in an open market -> found, and again each time after twice as long", async () => {
    const found = await look(true);
    expect(found.length).toBe(3);
    const waits = found.map((at, index) => at - (found[index - 1] ?? 0));
    expect(waits[1]).toBeGreaterThan(20_000);
    expect(waits[2]).toBeGreaterThan(40_000);
  });

  test("nobody knows whether it is open -> found; closed -> silence is as it should be", async () => {
    expect((await look(undefined)).length).toBe(3);
    expect(await look(false)).toEqual([]);
  });
});
