import { parseUtcText } from "@countersign/clock/clock";
import { OPERATOR } from "@countersign/contracts/asker";
import { denied, ok } from "@countersign/contracts/denial";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import type { ChainRequest } from "@countersign/contracts/messages/md-instruments.v1";
import type * as z from "zod";
import type { Served } from "../pacing/asking.ts";
import type { Asker } from "../pacing/cost.ts";
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

/** The gate asks on subjects of its own; here there are people and agents. */
const laneOf = (id: string): Asker => ({ lane: id === OPERATOR ? "operator" : "agent", id });

export function serveInstruments(bus: Served, parts: InstrumentParts): void {
  const { instruments, resolver } = parts;
  bus.serve(MARKET_READS.contract, ({ conid }) => instruments.get(conid));
  bus.serve(MARKET_READS.search, ({ asker, ...request }) => searchInstruments(parts, request, laneOf(asker)));
  bus.serve(MARKET_READS.resolve, ({ by, asker }) => resolver.resolve(by, laneOf(asker)));
  bus.serve(MARKET_READS.resolveMany, ({ items, asker }) => resolver.resolveMany(items, laneOf(asker)));
  bus.serve(MARKET_READS.chain, (request) => chain(parts, request, laneOf(request.asker)));
  bus.serve(MARKET_READS.chainContracts, (request) => chainContracts(parts, request, laneOf(request.asker)));
  bus.serve(MARKET_READS.futures, (request) => futuresOf(parts, request, laneOf(request.asker)));
  bus.serve(MARKET_READS.combo, ({ legs, asker }) => resolveCombo(parts, legs, laneOf(asker)));
}

async function chain({ chains, clock }: InstrumentParts, request: z.output<typeof ChainRequest>, asker: Asker) {
  const fault = boundsFault(request);
  if (fault !== undefined) return fault;
  const found = await chains.of(request.conid, request.exchange, asker);
  if (found.outcome === "denied") return found;
  const { underlying, source, asOf } = found.value;
  const series = filteredSeries(found.value.series, request);
  if (series.length === 0) return denied("UNKNOWN_INSTRUMENT", "There are no such options on it.");
  const ageMs = Math.max(0, Math.round(clock.nowMs() - parseUtcText(asOf)));
  return ok({ underlying: refOf(underlying), series, source, asOf, ageMs });
}
