import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import { MarketDataConfig } from "./config.ts";

/** The configuration that is shipped, with what a test needs otherwise. */
export function testConfig(other: Partial<MarketDataConfig> = {}): MarketDataConfig {
  const file = join(import.meta.dirname, "../../../config/market-data.yaml");
  return { ...loadConfig({ schema: MarketDataConfig, file }).config, ...other };
}
