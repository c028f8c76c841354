import type { Bus } from "@countersign/bus/bus";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import type { Asker } from "./broker.ts";
import type { InstrumentParts } from "./open-instruments.ts";

/** What is answered about which instrument is meant. */
export const INSTRUMENT_SERVED = [MARKET_READS.contract, MARKET_READS.resolve, MARKET_READS.resolveMany] as const;

const ASKER: Asker = { lane: "operator", id: "operator" };

export function serveInstruments(bus: Bus, { instruments, resolver }: InstrumentParts): void {
  bus.serve(MARKET_READS.contract, ({ conid }) => instruments.get(conid));
  bus.serve(MARKET_READS.resolve, ({ by }) => resolver.resolve(by, ASKER));
  bus.serve(MARKET_READS.resolveMany, ({ items }) => resolver.resolveMany(items, ASKER));
}
