import * as z from "zod";
import { WatchConfig } from "./watch/watch-config.ts";

/** config/risk-gate.yaml: how the gate works. What it allows stands in config/risk-policy.yaml. */
export const RiskGateConfig = z.strictObject({
  proposalTtlSeconds: z.int().min(1).max(3_600).describe("From the proposal to the last moment of an approval"),
  openProposalsPerAgentMax: z.int().min(1).max(1_000).describe("Proposals of one agent that may wait for a decision"),
  quoteAskAgeMsMax: z
    .int()
    .min(0)
    .max(60_000)
    .describe("How old a quote from the cache may be when facts are gathered"),
  whatIfReuseMsMax: z
    .int()
    .min(0)
    .max(60_000)
    .describe("How long the broker's what-if for the same order is used again"),
  unjudgedEveryMs: z.int().min(100).max(600_000).describe("How often what is recorded and not judged is tried again"),
  book: z
    .strictObject({
      everyMs: z.int().min(500).max(600_000).describe("How often prices, rates and open orders are asked ahead"),
      ageMsMax: z.int().min(500).max(600_000).describe("Older ones are asked again before an order is judged"),
      rateAgeMsMax: z.int().min(0).max(3_600_000).describe("Oldest quote of a currency pair that a rate is made of"),
    })
    .describe("What is known of everything that an account holds"),
  history: z
    .strictObject({
      days: z.int().min(10).max(800).describe("How many calendar days back the past of an instrument is asked for"),
      everyMs: z.int().min(500).max(3_600_000).describe("How often the past of what is held is looked for"),
      ageMsMax: z.int().min(60_000).max(86_400_000).describe("Older ones are asked for again"),
      retryMinMs: z.int().min(100).max(60_000).describe("After a first failure nothing is asked for so long"),
      retryMs: z.int().min(500).max(3_600_000).describe("Each further failure doubles the rest, up to this"),
    })
    .describe("Daily closes, for volatility, correlation, value at risk and volume"),
  watch: WatchConfig.describe("What stops by itself when an account loses"),
});
export type RiskGateConfig = z.infer<typeof RiskGateConfig>;
