import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MarketWorld } from "../testing/market-world.ts";

/** The real service with the real gateway and a simulator that opens and closes as the exchanges do. */

const AAPL = 265598;
const MSFT = 272093;
const EUR_USD = 12087792;
const asker = "agent-1";

let world: MarketWorld;
beforeAll(async () => {
  world = await MarketWorld.open({ simulator: ["--calendar", "real"] });
});
afterAll(() => world?.close());

async function ok<T>(
  asking: Promise<{ outcome: "ok"; value: T } | { outcome: "denied"; denial: unknown }>,
): Promise<T> {
  const reply = await asking;
  if (reply.outcome === "denied") throw new Error(JSON.stringify(reply.denial));
  return reply.value;
}

describe("over the bus", () => {
  test("the session of a stock is that of the contract, and says how far it is known", async () => {
    const session = await ok(world.edge.request(RPCS.session, { conid: AAPL, asker }));
    expect(session).toMatchObject({ conid: AAPL, source: "contract", timeZoneId: "US/Eastern" });
    expect(session.state).not.toBe("unknown");
    expect(session.days.length).toBeGreaterThanOrEqual(8);
    expect(session.coveredUntil !== null && session.coveredUntil > session.asOf).toBe(true);
    for (const next of [session.nextOpen, session.nextClose, session.nextLiquidOpen, session.nextLiquidClose]) {
      expect(next !== null && next > session.asOf).toBe(true);
    }
  });

  test("the calendar has the days of the contract, and the past of the broker's schedule before them", async () => {
    covers("reply/historicalSchedule");
    const { days, zone } = await ok(world.edge.request(RPCS.calendar, { conid: AAPL, asker, pastDays: 20 }));
    expect(zone).toBe("US/Eastern");
    const past = days.filter(({ source }) => source === "schedule");
    expect(past.filter(({ sessions }) => sessions.length > 0).length).toBeGreaterThanOrEqual(15);
    expect(past.every(({ sessions }) => sessions.every(({ session }) => session === "liquid"))).toBe(true);
    expect(days.map(({ date }) => date)).toEqual([...days.map(({ date }) => date)].sort());
    expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
    const ranges = days.flatMap(({ sessions }) => sessions);
    for (const [index, { open, close }] of ranges.entries()) {
      expect(close > open && open >= (ranges[index - 1]?.close ?? "")).toBe(true);
    }
    for (const { date, kind, sessions } of days) {
      const weekend = [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());
      expect(kind === "weekend", date).toBe(weekend);
      expect(sessions.length > 0, date).toBe(kind === "regular" || kind === "halfDay");
    }
  });

  test("any number of callers for the same past cost one request of the broker", async () => {
    const before = (await world.simulator.frames()).reqHistoricalData ?? 0;
    const asking = Array.from({ length: 50 }, (_, index) =>
      world.edge.request(RPCS.calendar, { conid: MSFT, asker: `caller-${index}`, pastDays: 5 }),
    );
    for (const reply of await Promise.all(asking)) expect(reply.outcome).toBe("ok");
    expect(((await world.simulator.frames()).reqHistoricalData ?? 0) - before).toBe(1);
  });

  test("currencies trade from Sunday evening on, each session under the date on which it ends", async () => {
    const { days } = await ok(world.edge.request(RPCS.calendar, { conid: EUR_USD, asker, pastDays: 0 }));
    const monday = days.find(({ date }) => new Date(`${date}T12:00:00Z`).getUTCDay() === 1);
    const opens = monday?.sessions[0]?.open ?? "";
    expect(new Date(opens).getUTCDay()).toBe(0);
    expect(monday?.sessions.map(({ session }) => session)).toEqual(["liquid"]);
  });

  test("a trade settles by the exchange's cycle, also when no date is named", async () => {
    const named = world.edge.request(RPCS.settlement, { conid: AAPL, asker, tradeDate: "2026-11-25" });
    expect(await ok(named)).toMatchObject({ settlementDate: "2026-11-27", cycleDays: 1, source: "fallback-table" });
    const next = await ok(world.edge.request(RPCS.settlement, { conid: AAPL, asker, tradeDate: null }));
    expect(next.settlementDate > next.tradeDate).toBe(true);
  });

  test("an exchange by any of its names; an unknown one -> EXCHANGE_UNKNOWN", async () => {
    const toronto = await ok(world.edge.request(RPCS.exchange, { name: "tse" }));
    expect(toronto).toMatchObject({ exchange: { codes: ["TSE"], currency: "CAD" }, matched: "code" });
    expect(toronto.conflicts).toHaveLength(1);
    expect(await ok(world.edge.request(RPCS.exchange, { name: "XTKS" }))).toMatchObject({
      exchange: { codes: ["TSEJ"] },
    });
    const mars = await world.edge.request(RPCS.exchange, { name: "MARS" });
    expect(mars).toMatchObject({ outcome: "denied", denial: { code: "EXCHANGE_UNKNOWN" } });
  });
});
