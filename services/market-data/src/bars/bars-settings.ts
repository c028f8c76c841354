import * as z from "zod";

const Ms = z.int().min(1).max(604_800_000);

/** The part of config/market-data.yaml about what is asked of the past. */
export const BarsSettings = z.strictObject({
  openTtlMs: Ms.describe("How long bars up to now are taken from the cache, at most"),
  finishedTtlMs: Ms.describe("The same for bars of long ago, and never past the exchange's day"),
  noDataTtlMs: Ms.describe('How long "no data" is remembered'),
  headTtlMs: Ms.describe("How long it is remembered how far back the data goes"),
  pagesKeptMax: z.int().min(10).max(10_000).describe("Pages in the cache"),
  pagesMax: z.int().min(1).max(200).describe("Requests to the broker that one answer may take"),
  pagesAtOnce: z.int().min(1).max(10).describe("Of these so many wait for the broker at once"),
  yearsMax: z.int().min(1).max(100).describe("How far back a range may reach"),
});
export type BarsSettings = z.infer<typeof BarsSettings>;
