import { isTimeZone } from "@countersign/clock/time-zone";
import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";

const Percent = PositiveDecimalText.describe("Per cent, for example 2 or 2.5");

/** When a loss stops by itself. No limit has a default. */
export const WatchConfig = z.strictObject({
  everyMs: z.int().min(200).max(60_000).describe("How often the broker is asked for the value of each account"),
  staleAfterMs: z.int().min(1_000).max(600_000).describe("Without a value for so long no policy approves anything"),
  reduceOnlyAfterMs: z.int().min(1_000).max(86_400_000).describe("Without a value for so long: REDUCE_ONLY"),
  sessionZone: z.string().refine(isTimeZone, "no IANA time zone").describe("Whose midnight begins the day"),
  flowPercentMin: Percent.describe(
    "A step of the value that no profit or loss explains, of at least so many per cent of it, is a deposit or withdrawal",
  ),
  dailyLoss: z.strictObject({ autoOffPercent: Percent, reduceOnlyPercent: Percent, haltPercent: Percent }),
  drawdown: z.strictObject({ reduceOnlyPercent: Percent }),
});
export type WatchConfig = z.infer<typeof WatchConfig>;
