import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { edgeUnderTest } from "../testing/edge-under-test.ts";
import { appOf, call } from "../testing/wire.ts";

const at = (day: number) => `2026-10-${String(day).padStart(2, "0")}T14:30:00.000Z`;
const gap = (day: number, reason: "notLoaded" | "closed") => ({
  from: at(day),
  until: at(day + 1),
  reason,
  waitMs: null,
});

const VALUE = {
  ...{ conid: 265598, whatToShow: "TRADES", barSize: "1 day", regularHoursOnly: true, from: at(1), until: at(30) },
  ...{
    timeZoneId: "America/New_York",
    currency: "USD",
    priceUnit: "currency",
    volumeUnit: "shares",
    adjusted: "splits",
  },
  ...{ dataType: null, resampled: null, bars: [], refused: [], refusedLeftOut: 0, complete: false, earliest: null },
  ...{ pages: { asked: 1, cached: 0 }, source: "tws", asOf: at(30), ageMs: 0 },
};

test("gaps that are not shown one by one are one that says how many; closed markets are none", async () => {
  const gaps = [...Array.from({ length: 23 }, (_, index) => gap(index + 1, "notLoaded")), gap(25, "closed")];
  const shown = async (told: object[]) => {
    const { edge } = edgeUnderTest({ [RPCS.bars.subject]: () => ok({ ...VALUE, gapsLeftOut: 0, gaps: told }) });
    const { value } = await call(appOf(edge), "get_bars", { conid: 265598, bar_size: "1 day", duration: "30 D" });
    return value.gaps ?? value;
  };
  const many = await shown(gaps);
  expect(many[0]).toEqual({ from: at(1), until: at(5), reason: "4 gaps" });
  expect(many[1]).toEqual({ from: at(5), until: at(6), reason: "notLoaded" });
  expect([many.length, many.at(-1).from]).toEqual([20, at(23)]);
  expect((await shown(gaps.slice(3))).map(({ from }: { from: string }) => from)).toEqual(
    gaps.slice(3, 23).map(({ from }) => from),
  );
});
