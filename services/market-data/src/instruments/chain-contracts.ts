import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { type Denial, denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import type { KnownValue } from "@countersign/contracts/market-value";
import {
  CHAIN_CONTRACTS_MAX,
  CHAIN_VALUES_MAX,
  type ChainContractsReply,
  type ChainContractsRequest,
  type OptionContract,
} from "@countersign/contracts/messages/md-instruments.v1";
import { compare, decimal } from "@countersign/money/decimal";
import type * as z from "zod";
import type { InstrumentBroker } from "./broker.ts";
import { classesOf, classWith, nearestStrikes, type OptionClass } from "./chain-part.ts";
import type { DetailsBook, Found, Row } from "./details-book.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { expiryFault } from "./expiry.ts";
import { type Chain, filteredSeries, type OptionChains } from "./option-chain.ts";
import { optionTicks } from "./option-ticks.ts";
import { moneyOf, optionValues } from "./option-values.ts";
import { refOf } from "./refs.ts";

export interface ChainContractsDeps {
  readonly clock: Clock;
  readonly broker: Pick<InstrumentBroker, "ticks">;
  readonly book: DetailsBook;
  readonly chains: OptionChains;
  readonly exchanges: ExchangeNames;
  readonly quote: (conid: number, maxAgeMs: number) => Promise<Reply<Quote>>;
  readonly config: { readonly moneyAgeMsMax: number };
}

type Request = z.output<typeof ChainContractsRequest>;
type Answer = Extract<z.output<typeof ChainContractsReply>, { outcome: "ok" }>["value"];
type Refused = { outcome: "denied"; denial: Denial };

interface Wanted {
  readonly expiration: string;
  readonly strike: string;
  readonly right: "C" | "P";
  readonly of: OptionClass | undefined;
}

/** The contracts of a part of a chain. How many they are is known before the broker is asked for any of them. */
export async function chainContracts(deps: ChainContractsDeps, request: Request): Promise<Reply<Answer>> {
  const past = request.expirations
    .map((day) => expiryFault(day, deps.clock.nowMs()))
    .find((fault) => fault !== undefined);
  if (past !== undefined) return denied("INVALID_ARGUMENT", past);
  const chain = await deps.chains.of(request.conid, request.exchange);
  if (chain.outcome === "denied") return chain;
  const part = await partOfChain(deps, request, chain.value);
  if ("outcome" in part) return part;
  const found = await Promise.all(part.wanted.map((one) => find(deps, request, chain.value, one)));
  const refused = found.find((one) => one.outcome === "denied");
  if (refused?.outcome === "denied") return refused;
  const pairs = part.wanted.map((one, index) => ({ one, row: rowIn(found[index], one) }));
  const rows = pairs.flatMap(({ row }) => (row === undefined ? [] : [row]));
  const missing = pairs.filter(({ row }) => row === undefined).map(({ one: { of: _of, ...named } }) => named);
  const contracts = await Promise.all(rows.map((row) => contractOf(deps, row, request.values)));
  const oldest = [chain.value, ...found.flatMap((one) => (one.outcome === "rows" ? [one] : []))];
  const asOf = oldest.map((one) => one.asOf).sort()[0] ?? chain.value.asOf;
  const ageMs = Math.max(0, Math.round(deps.clock.nowMs() - parseUtcText(asOf)));
  const underlying = refOf(chain.value.underlying);
  return ok({ underlying, money: part.money, contracts, missing, source: chain.value.source, asOf, ageMs });
}

type Part = { readonly wanted: readonly Wanted[]; readonly money: KnownValue | null };

async function partOfChain(deps: ChainContractsDeps, request: Request, chain: Chain): Promise<Part | Refused> {
  const { tradingClass, expirations, strikes, right } = request;
  const none = { expiryFrom: null, expiryTo: null, strikeFrom: null, strikeTo: null };
  const classes = classesOf(filteredSeries(chain.series, { tradingClass, ...none }));
  if (classes.length === 0) return denied("UNKNOWN_INSTRUMENT", "There are no such options on it.");
  const priced = Array.isArray(strikes) || strikes.price !== null ? null : await moneyNow(deps, request.conid);
  if (priced !== null && "outcome" in priced) return priced;
  const rights = right === null ? (["C", "P"] as const) : [right];
  const wanted: Wanted[] = [];
  for (const expiration of new Set(expirations)) {
    const of = classWith(classes, expiration);
    if (of !== undefined && "outcome" in of) return of;
    const price = Array.isArray(strikes) ? null : (strikes.price ?? priced?.value ?? null);
    const named = Array.isArray(strikes) ? [...new Set(strikes)] : nearest(of, price, strikes.nearest);
    wanted.push(...named.flatMap((strike) => rights.map((one) => ({ expiration, strike, right: one, of }))));
  }
  const most = request.values ? CHAIN_VALUES_MAX : CHAIN_CONTRACTS_MAX;
  if (wanted.length <= most) return { wanted, money: priced };
  return denied("BATCH_TOO_LARGE", `At most ${most} contracts at once.`, { most, asked: wanted.length });
}

function nearest(of: OptionClass | undefined, price: string | null, count: number): string[] {
  return of === undefined || price === null ? [] : nearestStrikes(of.strikes, price, count);
}

async function moneyNow(deps: ChainContractsDeps, conid: number): Promise<KnownValue | Refused> {
  const quote = await deps.quote(conid, deps.config.moneyAgeMsMax);
  if (quote.outcome === "denied") return quote;
  const money = moneyOf(quote.value);
  return money ?? denied("QUOTE_MISSING", "The underlying has no price now; name the strikes or a price.");
}

async function find(
  { book, exchanges }: ChainContractsDeps,
  request: Request,
  { underlying }: Chain,
  { expiration, strike, right, of }: Wanted,
): Promise<Found> {
  if (of === undefined) return { outcome: "none" };
  const onFuture = underlying.secType === "FUT";
  const exchange = onFuture ? exchanges.code(request.exchange ?? underlying.exchange) : "SMART";
  const { tradingClass, multiplier } = of;
  const { symbol, currency } = underlying;
  const terms = { lastTradeDate: expiration, strike, right, tradingClass, multiplier };
  return book.find({ symbol, currency, secType: onFuture ? "FOP" : "OPT", exchange, ...terms });
}

function rowIn(found: Found | undefined, { expiration, strike, right }: Wanted): Row | undefined {
  if (found?.outcome !== "rows") return undefined;
  return found.rows.find(
    ({ ref }) =>
      ref.lastTradeDate === expiration &&
      ref.right === right &&
      ref.strike !== null &&
      compare(decimal(ref.strike), decimal(strike)) === 0,
  );
}

async function contractOf({ broker }: ChainContractsDeps, { ref }: Row, withValues: boolean): Promise<OptionContract> {
  if (!withValues) return { instrument: ref, values: null, absent: null };
  try {
    const reply = await optionTicks(broker, ref.conid);
    if (reply.outcome === "denied") return { instrument: ref, values: null, absent: reply.denial.code };
    return { instrument: ref, values: optionValues(reply.value, ref.right ?? "C"), absent: null };
  } catch (error) {
    // One option without a market takes nothing from the others.
    if (!(error instanceof Fault)) throw error;
    return { instrument: ref, values: null, absent: `${error.code}: ${error.message}`.slice(0, 200) };
  }
}
