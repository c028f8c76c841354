import { ok } from "@countersign/contracts/denial";
import type { BarRow } from "@countersign/contracts/messages/broker.v1";
import type { BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { judgeBars } from "../bars/judge-bars.ts";
import type { Served } from "../pacing/asking.ts";
import { type BookFactsParts, serveBookFacts } from "./serve-book-facts.ts";

const ASOF = "2026-11-20T18:00:00.000Z";
const ZONE = "America/New_York";
const row = (date: string, close: string, high = close): BarRow => [
  ...([date, close, high, close, close, "100", null, null] as const),
];

/** What the gate is told of the closes of these rows. */
async function closesOf(rows: BarRow[]) {
  const context = {
    size: "1 day",
    whatToShow: "TRADES",
    secType: "STK",
    zone: ZONE,
    asOfMs: Date.parse(ASOF),
  } as const;
  const { bars, refused } = judgeBars(rows, context);
  const told = { bars, refused, refusedLeftOut: 0, complete: true, volumeUnit: "shares", timeZoneId: ZONE };
  const value = { ...told, asOf: ASOF, source: "tws" } as unknown as BarsValue;
  const handlers = new Map<unknown, (question: object) => Promise<unknown>>();
  const serve = (contract: unknown, handler: (question: object) => Promise<unknown>) => handlers.set(contract, handler);
  const parts = { dailyBars: async () => ok(value) } as unknown as BookFactsParts;
  serveBookFacts({ serve } as unknown as Served, parts);
  const reply = await handlers.get(RPCS.bookCloses)?.({ conids: [1], days: 10 });
  return (reply as { value: { instruments: [{ closes: unknown }] } }).value.instruments[0].closes;
}

const WEEK = [row("2026-11-16", "100"), row("2026-11-17", "100"), row("2026-11-19", "100")];

test("closes of finished sessions are told, with the unfinished one of today left out whatever it says", async () => {
  const days = [...WEEK, row("2026-11-18", "99")];
  const closes = ["16", "17", "18", "19"].map((day) => [`2026-11-${day}`, day === "18" ? "99" : "100"]);
  expect(await closesOf([...days, row("2026-11-20", "98")])).toMatchObject({ outcome: "ok", value: { closes } });
  expect(await closesOf([...days, row("2026-11-20", "98", "1")])).toMatchObject({ outcome: "ok", value: { closes } });
});

test("the bar of a crash that cannot be right -> no closes, and no past without that day; a bar of no day neither", async () => {
  expect(await closesOf([...WEEK, row("2026-11-18", "50", "1")])).toMatchObject({
    outcome: "denied",
    denial: { message: expect.stringMatching(/2026-11-18 cannot be right: highBelowLow/) },
  });
  expect(await closesOf([...WEEK, row("2026-02-30", "50")])).toMatchObject({ outcome: "denied" });
});
