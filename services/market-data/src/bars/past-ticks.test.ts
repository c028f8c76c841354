import { parseUtcText, utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { denied, ok } from "@countersign/contracts/denial";
import type { Trade } from "@countersign/contracts/messages/live-reads.v1";
import type { PastTick, TicksPastRequest } from "@countersign/contracts/messages/md-bars.v1";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { PacingRefused } from "../pacing/refused.ts";
import type { BarSource } from "./bar-source.ts";
import { type Pace, UNPACED } from "./pace.ts";
import { pastTicks } from "./past-ticks.ts";
import { Patience } from "./patience.ts";

const START_MS = Date.UTC(2026, 10, 20, 14, 30);
const clock = new ManualClock(START_MS + 86_400_000);

function tickAt(second: number, price: number): Trade {
  const none = { bid: null, ask: null, bidSize: null, askSize: null };
  return {
    at: utcText(START_MS + second * 1_000),
    price: String(price),
    size: "1",
    ...none,
    exchange: "X",
    conditions: "",
  };
}

/** `counts[second]` ticks in each second, told by prices that count up; `completes`: as TWS, which ends no page in a second. */
function tape(counts: readonly number[], completes: boolean) {
  let price = 0;
  const all = counts.flatMap((count, second) => Array.from({ length: count }, () => tickAt(second, price++)));
  const asked: string[] = [];
  const pastTicksOf: BarSource["pastTicks"] = async ({ from, until, count }) => {
    asked.push(`${from ?? until} ${count}`);
    const side = all.filter(({ at }) => (from === null ? at < (until ?? "") : at >= from));
    const page = from === null ? side.slice(-count) : side.slice(0, count);
    const edge = (from === null ? page[0] : page.at(-1))?.at;
    const rest = completes ? side.filter((tick) => tick.at === edge && !page.includes(tick)) : [];
    const ticks = from === null ? [...rest, ...page] : [...page, ...rest];
    const told = { conid: 1, currency: "USD", ticks, source: "tws", asOf: utcText(clock.nowMs()) };
    return ok(told);
  };
  const never = () => Promise.reject(new Error("not asked"));
  const source: BarSource = { bars: never, head: never, schedule: never, liveBars: never, pastTicks: pastTicksOf };
  return { all, asked, source };
}

type Request = z.output<typeof TicksPastRequest>;
const ASK: Request = {
  ...{ conid: 1, kind: "TRADES", from: utcText(START_MS), until: null, regularHoursOnly: true },
  ...{ count: 1_000, maxWaitMs: 1_000, asker: "agent-1" },
};
async function read(source: BarSource, change: Partial<Request> = {}, pace: Pace = UNPACED) {
  const request = { ...ASK, ...change };
  const reply = await pastTicks({ clock, source, pace }, request, Patience.of(clock, request));
  if (reply.outcome === "denied") throw new Error(reply.denial.code);
  return reply.value;
}
const prices = (ticks: readonly PastTick[]) => ticks.map(({ price }) => Number(price));

describe("ticks over several pages", () => {
  test("each tick comes once and no second is cut, forwards and backwards, however TWS ends a page", async () => {
    const counts = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(counts, fc.boolean(), fc.integer({ min: 1, max: 1_500 }), async (ticks, completes, count) => {
        const { all, source } = tape(ticks, completes);
        const forwards = await read(source, { count });
        expect(prices(forwards.ticks)).toEqual(all.slice(0, forwards.ticks.length).map(({ price }) => Number(price)));
        expect(forwards.ticks.length).toBeGreaterThanOrEqual(Math.min(count, all.length));
        expect(forwards.next === null || !forwards.ticks.some(({ at }) => at >= (forwards.next ?? ""))).toBe(true);
        const end = utcText(START_MS + 60_000);
        const backwards = await read(source, { count, from: null, until: end });
        expect(prices(backwards.ticks)).toEqual(
          all.slice(all.length - backwards.ticks.length).map(({ price }) => Number(price)),
        );
        expect(backwards.ticks.length).toBeGreaterThanOrEqual(Math.min(count, all.length));
      }),
      { numRuns: 60 },
    );
  });

  test("it goes on where it ended", async () => {
    const { all, source } = tape(
      Array.from({ length: 40 }, () => 30),
      true,
    );
    const first = await read(source, { count: 700 });
    const second = await read(source, { count: 1_500, from: first.next });
    expect(prices([...first.ticks, ...second.ticks])).toEqual(all.map((_, price) => price));
    expect(second.next).toBeNull();
  });

  test("a wait that is too long in the middle -> what there is, and where to go on", async () => {
    const { source } = tape(
      Array.from({ length: 40 }, () => 30),
      true,
    );
    let pages = 0;
    const run: Pace["run"] = (_cost, task) => {
      pages += 1;
      return pages > 1 ? Promise.reject(new PacingRefused("PACING_WAIT", 4_200)) : task();
    };
    const value = await read(source, { count: 1_000 }, { run });
    expect(value).toMatchObject({ complete: false, waitMs: 4_200, pages: 1 });
    expect(parseUtcText(value.next ?? "")).toBeGreaterThan(START_MS);
    await expect(read(source, {}, { run })).rejects.toThrow("PACING_WAIT");
  });
});

test("a denial of the broker on the first page is the answer", async () => {
  const { source } = tape([1], true);
  const refusing = { ...source, pastTicks: async () => denied("INVALID_ARGUMENT") };
  await expect(read(refusing)).rejects.toThrow("INVALID_ARGUMENT");
});

test.each([
  ["both", { until: utcText(START_MS) }],
  ["neither", { from: null }],
  ["no such day", { from: "2026-02-30T00:00:00.000Z" }],
])("%s of from and until -> INVALID_ARGUMENT, and nothing is asked", async (_, change) => {
  const { asked, source } = tape([1], true);
  await expect(read(source, change)).rejects.toThrow("INVALID_ARGUMENT");
  expect(asked).toEqual([]);
});
