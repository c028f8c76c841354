import { EventName } from "@stoqey/ib";
import { expect, test } from "vitest";
import { MIDNIGHT_MS, playDay } from "../testing/simulated-day.ts";

const PNL_HOURS = 2;
const HOUR_SECONDS = 3_600;

test("two clients at once, at 178 and at 193, for a full day of simulated time", async () => {
  const { simulator, library, old, marketOrder, dayOrder, restingOrder } = await playDay({
    quoteHours: 1,
    pnlHours: PNL_HOURS,
  });
  expect(library.api.serverVersion).toBe(193);
  expect(old.frames[0]?.[0]).toBe("178");
  const hours = Array.from({ length: 24 }, (_, hour) => MIDNIGHT_MS / 1000 + hour * 3600);
  expect(library.of(EventName.currentTime).map(({ args }) => args[0])).toEqual(hours);
  expect(old.of("49").map((frame) => Number(frame[2]))).toEqual(hours);

  const fills = library.of(EventName.execDetails).map(({ args }) => args[2] as { time: string; orderId: number });
  expect(fills).toMatchObject([{ orderId: marketOrder, time: "20270104 09:30:00 US/Eastern" }]);
  expect(library.statuses(marketOrder)).toContain("Filled");
  expect(library.statuses(dayOrder).at(-1)).toBe("Cancelled");
  expect(library.statuses(restingOrder).at(-1)).toBe("Submitted");

  const quotes = { library: library.of(EventName.tickPrice).length, old: old.of("1").length };
  expect(quotes.old).toBe(quotes.library);
  expect(quotes.library).toBeGreaterThan(3_000);
  expect(library.of(EventName.pnl).length).toBeGreaterThan(1_000);
  expect(library.of(EventName.pnl).length).toBeLessThanOrEqual(PNL_HOURS * HOUR_SECONDS + 1);
  expect(library.protocolErrors()).toEqual([]);
  expect(old.of("4").filter((frame) => Number(frame[3]) < 2000)).toEqual([]);
  await simulator.stop();
});
