import { ManualClock } from "@countersign/clock/manual-clock";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Watchers } from "./watchers.ts";

const LIMITS = { watchersMax: 6, watchersPerAskerMax: 2, linesPerAskerMax: 3 };

function open() {
  const clock = new ManualClock(0);
  return { clock, watchers: new Watchers(clock, LIMITS) };
}

test("an instrument is watched as long as anybody watches it", () => {
  const { watchers } = open();
  watchers.renew("a", "1", [1, 2], 1_000);
  watchers.renew("b", "1", [2], 1_000);
  watchers.renew("a", "1", [], 1_000);
  expect([...watchers.watched()]).toEqual([2]);
  watchers.renew("b", "1", [], 1_000);
  expect([...watchers.watched()]).toEqual([]);
});

test("beyond the share of its asker -> refused one by one; an asker of many names gains nothing", () => {
  const { watchers } = open();
  expect(watchers.renew("a", "1", [1, 2, 3, 4], 1_000)).toEqual({ admitted: true, added: [1, 2, 3], refused: [4] });
  expect(watchers.renew("a", "2", [3, 5], 1_000)).toEqual({ admitted: true, added: [3], refused: [5] });
  expect(watchers.renew("a", "3", [1], 1_000)).toMatchObject({ admitted: false });
  expect(watchers.renew("b", "1", [4], 1_000)).toEqual({ admitted: true, added: [4], refused: [] });
});

test("nobody renews -> forgotten with the lease", async () => {
  const { clock, watchers } = open();
  watchers.renew("a", "1", [1], 1_000);
  watchers.renew("b", "1", [1, 2], 5_000);
  await clock.advance(1_500);
  expect(watchers.expire()).toBe(true);
  expect([...watchers.watched()].sort()).toEqual([1, 2]);
  await clock.advance(4_000);
  expect(watchers.expire()).toBe(true);
  expect([...watchers.watched()]).toEqual([]);
});

test("whatever is asked, what is watched is bounded and is what the living watchers named", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const step = fc.record({ asker: name, watcher: name, conids: fc.uniqueArray(fc.integer({ min: 1, max: 9 })) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const { watchers } = open();
      const sets = new Map<string, number[]>();
      for (const { asker, watcher, conids } of steps) {
        const told = watchers.renew(asker, watcher, conids, 1_000);
        if (!told.admitted) continue;
        sets.set(
          `${asker} ${watcher}`,
          conids.filter((conid) => !told.refused.includes(conid)),
        );
        const union = new Set([...sets.values()].flat());
        expect(new Set(watchers.watched())).toEqual(union);
        expect(union.size).toBeLessThanOrEqual(4 * LIMITS.linesPerAskerMax);
      }
    }),
  );
});
