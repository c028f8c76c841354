import { utcText } from "@countersign/clock/clock";
import { describe, expect, test } from "vitest";
import { FACTS } from "../test-facts.ts";
import { sessionStart } from "./session-start.ts";

const [instrument, session] = [FACTS.instrument, FACTS.session];
if (instrument.state === "missing" || session.state === "missing") throw new TypeError("the facts to start from");
const startOf = (tradingHours: string, changes: Partial<typeof session.value>, contract: object = {}) => {
  const start = sessionStart({ ...instrument.value, tradingHours, ...contract }, { ...session.value, ...changes });
  return start === undefined ? undefined : utcText(start);
};

describe("when the session of an instrument began", () => {
  const july = { tradeDate: "2026-07-20", asOf: "2026-07-20T15:00:00.000Z", timeZoneId: "America/New_York" };
  test.each(["EST", "EST (Eastern Standard Time)", "US/Eastern"])(
    "a contract of which TWS writes the zone as %s, in summer -> by the zone of its session: midnight there is 04:00 UTC",
    (timeZoneId) => {
      expect(startOf("20260720:0400-20260720:2000", july, { timeZoneId })).toBe("2026-07-20T04:00:00.000Z");
    },
  );
  test("the evening before, when it ends on its date", () => {
    const hours = "20260719:1800-20260720:1700;20260720:1800-20260721:1700";
    expect(startOf(hours, july)).toBe("2026-07-19T22:00:00.000Z");
  });
  test("a market that never closes: the session that midnight ends is the one of the day before that midnight", () => {
    const hours = "20260720:0000-20260721:0000;20260721:0000-20260722:0000";
    expect(startOf(hours, july)).toBe("2026-07-20T04:00:00.000Z");
    expect(startOf(`20260719:0000-20260720:0000;${hours}`, july)).toBe("2026-07-20T04:00:00.000Z");
  });
  test("an evening that midnight ends belongs to its own date, over the end of a year too", () => {
    const newYear = { tradeDate: "2026-12-31", asOf: "2026-12-31T22:00:00.000Z", timeZoneId: "America/New_York" };
    expect(startOf("20261231:0400-20270101:0000", newYear)).toBe("2026-12-31T05:00:00.000Z");
  });
  test("closed: the date that the exchange has, so that what waits for its opening counts with the session of that day", () => {
    const hours = "20260720:0900-20260720:1730;20260721:0900-20260721:1730";
    const berlin = (asOf: string, change: object) => startOf(hours, { asOf, timeZoneId: "Europe/Berlin", ...change });
    const closed = { state: "closed", tradeDate: null } as const;
    expect(berlin("2026-07-20T06:30:00.000Z", closed)).toBe("2026-07-19T22:00:00.000Z");
    expect(berlin("2026-07-20T08:00:00.000Z", { tradeDate: "2026-07-20" })).toBe("2026-07-19T22:00:00.000Z");
    expect(berlin("2026-07-20T21:59:59.999Z", closed)).toBe("2026-07-19T22:00:00.000Z");
    expect(berlin("2026-07-20T22:00:00.000Z", closed)).toBe("2026-07-20T22:00:00.000Z");
  });
  test.each<[string, object]>([
    ["nobody knows whether it is closed", { state: "unknown" }],
    ["it is closed by the table of exchanges alone", { source: "fallback-table" }],
    ["its zone is none", { timeZoneId: "Nowhere" }],
  ])("without a date, and %s -> nobody knows", (_, change) => {
    const session = { ...july, state: "closed", tradeDate: null, ...change } as const;
    expect(startOf("20260720:0900-20260720:1730", session)).toBeUndefined();
  });
  test("hours that do not name the date, or begin later than now -> nobody knows", () => {
    expect(startOf("20260721:0400-20260721:2000", july)).toBeUndefined();
    expect(startOf("20260720:1600-20260720:2000", july)).toBeUndefined();
  });
});
