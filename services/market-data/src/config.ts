import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { BarsSettings } from "./bars/bars-settings.ts";
import { InstrumentsConfig } from "./instruments/config.ts";
import { PacingConfig } from "./pacing/config.ts";
import { SurfaceConfig } from "./surface/config.ts";

const Ms = z.int().min(1).max(604_800_000);

/** config/market-data.yaml. Every age and bound is there; none has a default. */
export const MarketDataConfig = z.strictObject({
  instruments: InstrumentsConfig,
  calendar: z.strictObject({
    scheduleTtlMs: Ms.describe("How long the past sessions of an instrument are remembered"),
  }),
  surface: SurfaceConfig,
  bars: BarsSettings,
  quoteTtlMs: Ms.describe("Older quotes are not answered from memory, whatever the caller accepts"),
  deniedTtlMs: Ms.describe("How long it is remembered that the broker has no quote"),
  cacheEntriesMax: z.int().min(10).max(100_000).describe("Per cache; the least recently used goes first"),
  warmEveryMs: Ms.describe("How often a quote in use is asked again"),
  warmForMs: Ms.describe("How long after its last use a quote is kept warm"),
  warmLinesMax: z.int().min(0).max(100).describe("Quotes that are kept warm at once"),
  streams: z.strictObject({
    watchersMax: z.int().min(1).max(10_000).describe("Watchers of streams, all askers together"),
    watchersPerAskerMax: z.int().min(1).max(100).describe("Watchers of one asker"),
    linesPerAskerMax: z.int().min(1).max(1_000).describe("Different instruments that one asker may have streamed"),
    tickGapMs: z.int().min(0).max(10_000).describe("Ticks of one instrument are told no more often; the newest wins"),
    repeatMs: z.int().min(100).max(2_000).describe("A tick is told again after so long without a change"),
    silentAfterMs: Ms.describe("A stream that says nothing for so long while its market is open is opened anew"),
    feedSilentMs: z.int().min(1_500).max(60_000).describe("The gateway says every second that it lives"),
    leaseMs: z.int().min(1_500).max(60_000).describe("A market-data that is gone for so long leaves no line open"),
  }),
  fx: z.strictObject({
    absentPairTtlMs: Ms.describe("How long it is remembered that the broker quotes no such pair"),
    spreadMaxPercent: PositiveDecimalText.describe("Bid and ask of a pair further apart than this give no rate"),
  }),
  pacing: PacingConfig,
});
export type MarketDataConfig = z.infer<typeof MarketDataConfig>;
