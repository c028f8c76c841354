import { z } from "zod";
import { instrumentId } from "./fields.ts";

export const DATA_FAULTS = [
  z
    .strictObject({ action: z.literal("delayedDataOnly"), conid: instrumentId })
    .describe("No live data: 10089 for market data type 1 or 2, 10167 and delayed data for type 3 or 4."),
  z
    .strictObject({
      action: z.literal("noData"),
      conid: instrumentId,
      code: z.union([z.literal(354), z.literal(10089), z.literal(10168), z.literal(10186)]).default(354),
    })
    .describe("Requests for quotes are answered with this error and nothing else."),
  z
    .strictObject({ action: z.literal("partialData"), conid: instrumentId })
    .describe("Requests for quotes are answered with 10090, and the data follows."),
  z
    .strictObject({
      action: z.literal("competingSession"),
      delayed: z.boolean().default(false).describe("true = delayed data is given all the same"),
    })
    .describe(
      "Streams stop with 10197 under their ids, and so does each request for quotes; they go on when it is taken away.",
    ),
  z
    .strictObject({ action: z.literal("staleData"), conid: instrumentId })
    .describe("Streams of quotes, ticks, depth and live bars stay open and say nothing more; the market moves on."),
  z
    .strictObject({ action: z.literal("crossedBook"), conid: instrumentId })
    .describe("The bid is shown above the ask; orders fill at the market's own prices."),
  z
    .strictObject({ action: z.literal("pricesMinusOne"), conid: instrumentId })
    .describe("Bid, ask and last are shown as -1 with size 0."),
  z
    .strictObject({
      action: z.literal("halted"),
      conid: instrumentId,
      kind: z.enum(["1", "2"]).default("1").describe("1 = by the exchange, 2 = for volatility"),
    })
    .describe("Tick 49 says that the instrument is halted; orders still fill."),
  z
    .strictObject({ action: z.literal("noSnapshotEnd"), conid: instrumentId })
    .describe("A snapshot has all its ticks and never its end."),
] as const;
