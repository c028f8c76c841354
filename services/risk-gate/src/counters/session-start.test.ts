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
    "a contract of which TWS writes the zone as %s, in summer -> by the zone of its session: 04:00 there is 08:00 UTC",
    (timeZoneId) => {
      expect(startOf("20260720:0400-20260720:2000", july, { timeZoneId })).toBe("2026-07-20T08:00:00.000Z");
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
    expect(startOf("20261231:0400-20270101:0000", newYear)).toBe("2026-12-31T09:00:00.000Z");
  });
  test("hours that do not name the date, or begin later than now -> nobody knows", () => {
    expect(startOf("20260721:0400-20260721:2000", july)).toBeUndefined();
    expect(startOf("20260720:1600-20260720:2000", july)).toBeUndefined();
  });
});
