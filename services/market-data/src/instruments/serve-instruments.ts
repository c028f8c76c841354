import { parseUtcText } from "@countersign/clock/clock";
import { denied, ok } from "@countersign/contracts/denial";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import type { ChainRequest } from "@countersign/contracts/messages/md-instruments.v1";
import type * as z from "zod";
import type { Served } from "../pacing/asking.ts";
import { chainContracts } from "./chain-contracts.ts";
import { resolveCombo } from "./combo.ts";
import { futuresOf } from "./futures.ts";
import type { InstrumentParts } from "./open-instruments.ts";
import { boundsFault, filteredSeries } from "./option-chain.ts";
import { refOf } from "./refs.ts";
import { searchInstruments } from "./search-instruments.ts";

/** What is answered about which instrument is meant. */
export const INSTRUMENT_SERVED = [
  MARKET_READS.contract,
  MARKET_READS.search,
  MARKET_READS.resolve,
  MARKET_READS.resolveMany,
  MARKET_READS.chain,
  MARKET_READS.chainContracts,
  MARKET_READS.futures,
  MARKET_READS.combo,
] as const;

export function serveInstruments(bus: Served, parts: InstrumentParts): void {
  const { instruments, resolver } = parts;
  bus.serve(MARKET_READS.contract, ({ conid }) => instruments.get(conid));
  bus.serve(MARKET_READS.search, ({ asker: _, ...request }) => searchInstruments(parts, request));
  bus.serve(MARKET_READS.resolve, ({ by }) => resolver.resolve(by));
  bus.serve(MARKET_READS.resolveMany, ({ items }) => resolver.resolveMany(items));
  bus.serve(MARKET_READS.chain, (request) => chain(parts, request));
  bus.serve(MARKET_READS.chainContracts, (request) => chainContracts(parts, request));
  bus.serve(MARKET_READS.futures, (request) => futuresOf(parts, request));
  bus.serve(MARKET_READS.combo, ({ legs }) => resolveCombo(parts, legs));
}

async function chain({ chains, clock }: InstrumentParts, request: z.output<typeof ChainRequest>) {
  const fault = boundsFault(request);
  if (fault !== undefined) return fault;
  const found = await chains.of(request.conid, request.exchange);
  if (found.outcome === "denied") return found;
  const { underlying, source, asOf } = found.value;
  const series = filteredSeries(found.value.series, request);
  if (series.length === 0) return denied("UNKNOWN_INSTRUMENT", "There are no such options on it.");
  const ageMs = Math.max(0, Math.round(clock.nowMs() - parseUtcText(asOf)));
  return ok({ underlying: refOf(underlying), series, source, asOf, ageMs });
}
