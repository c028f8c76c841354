import { type Denial, denied, Fault, ok } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import { decimal, divideRoundingUp, toText } from "@countersign/money/decimal";
import type { BrokerEvent, WireDetails } from "../session/wire.ts";
import type { PriceBands } from "./price-bands.ts";
import { type ReadDeps, SOURCE, utcAt } from "./reader.ts";
import { refusal } from "./refusal.ts";

const DETAILS_TIMEOUT_MS = 6_000;
const CACHE_ENTRIES_MAX = 2_000;

export interface Described {
  readonly instrument: Instrument;
  readonly source: string;
  readonly asOf: string;
}

export type ContractAnswer = ReturnType<typeof ok<Described>> | { readonly outcome: "denied"; readonly denial: Denial };

/** Instruments by conId, as TWS describes them; remembered for a while, because an order needs to know its exchange. */
export class Contracts {
  readonly #deps: ReadDeps & { readonly cacheMs: number; readonly priceBands: PriceBands };
  readonly #cache = new Map<number, { readonly instrument: Instrument; readonly atMs: number }>();
  readonly #running = new Map<number, Promise<ContractAnswer>>();

  constructor(deps: ReadDeps & { readonly cacheMs: number; readonly priceBands: PriceBands }) {
    this.#deps = deps;
  }

  /** Denied when TWS has no such contract; a Fault when it cannot be asked or leaves out what an order needs. */
  async byConid(conid: number): Promise<ContractAnswer> {
    const { clock, cacheMs } = this.#deps;
    const known = this.#cache.get(conid);
    if (known !== undefined && clock.monotonicMs() - known.atMs <= cacheMs) {
      return ok({ instrument: known.instrument, source: SOURCE, asOf: utcAt(clock, known.atMs) });
    }
    const running = this.#running.get(conid) ?? this.#read(conid).finally(() => this.#running.delete(conid));
    this.#running.set(conid, running);
    return running;
  }

  async #read(conid: number): Promise<ContractAnswer> {
    const rows = await this.details({ conid });
    const [first] = rows;
    if (first === undefined) return denied("UNKNOWN_INSTRUMENT");
    const priceBands = await this.#deps.priceBands.of(first);
    const instrument = { ...instrumentOf(first), ...(priceBands !== undefined && { priceBands }) };
    const atMs = this.#deps.clock.monotonicMs();
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= CACHE_ENTRIES_MAX && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(conid, { instrument, atMs });
    return ok({ instrument, source: SOURCE, asOf: utcAt(this.#deps.clock, atMs) });
  }

  /** Every contract that fits; none when TWS says that there is none. */
  details(query: { conid?: number; symbol?: string; secType?: string; currency?: string }): Promise<WireDetails[]> {
    const rows: WireDetails[] = [];
    return this.#deps.requests.ask({
      what: "contract details",
      timeoutMs: DETAILS_TIMEOUT_MS,
      send: (connection, id) => connection.requestDetails(id, query),
      on: (event: BrokerEvent) => {
        if (event.kind === "details") rows.push(event.details);
        if (event.kind === "detailsEnd") return { result: rows };
        const refused = refusal(event);
        if (refused === undefined) return undefined;
        const { behaviour, message } = refused.failure;
        if (behaviour === "noInstrument" || behaviour === "badArgument") return { result: [] };
        return { failure: new Fault(behaviour === "paced" ? "BUSY" : "BROKER_REFUSED", message) };
      },
    });
  }
}

/** What one contract of these is worth is a multiple of its price: without it a hundred shares would pass for one. */
const COUNTED_IN_CONTRACTS: readonly string[] = ["FUT", "CONTFUT", "OPT", "FOP", "WAR", "IOPT"];

/** What one unit is worth at a price of 1: shares in London and grains in Chicago are quoted in hundredths of their currency. */
function perPoint({ contract, priceMagnifier }: WireDetails): string {
  const [multiplier, magnifier] = [contract.multiplier ?? "1", priceMagnifier ?? 1];
  if (magnifier === 1) return multiplier;
  if (magnifier < 1) throw new Fault("BROKER_REFUSED", `TWS magnifies prices of ${contract.conid} by ${magnifier}`);
  return toText(divideRoundingUp(decimal(multiplier), decimal(String(magnifier)), 8));
}

export function instrumentOf(details: WireDetails): Instrument {
  const { contract, minTick, minSize, sizeIncrement } = details;
  if (contract.multiplier === null && COUNTED_IN_CONTRACTS.includes(contract.secType)) {
    throw new Fault("BROKER_REFUSED", `TWS gives no multiplier for ${contract.secType} ${contract.conid}`);
  }
  if (minTick === null || minSize === null || sizeIncrement === null) {
    throw new Fault("BROKER_REFUSED", `TWS gives no tick or size step for ${contract.conid}`);
  }
  const right = contract.right.startsWith("C") ? "C" : contract.right.startsWith("P") ? "P" : null;
  const list = (text: string, lengthMax: number) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "" && item.length <= lengthMax)
      .slice(0, 200);
  return {
    conid: contract.conid,
    symbol: contract.symbol,
    secType: contract.secType,
    exchange: contract.exchange,
    primaryExchange: contract.primaryExchange,
    currency: contract.currency,
    localSymbol: contract.localSymbol,
    tradingClass: contract.tradingClass,
    multiplier: perPoint(details),
    lastTradeDate: contract.lastTradeDate,
    strike: right === null ? null : contract.strike,
    right,
    ...(right !== null &&
      details.underlyingConid !== null &&
      details.underlyingConid > 0 && { underlyingConid: details.underlyingConid }),
    longName: details.longName,
    minTick,
    minSize,
    sizeIncrement,
    orderTypes: list(details.orderTypes, 40),
    validExchanges: list(details.validExchanges, 20),
    industry: details.industry,
    category: details.category,
    timeZoneId: details.timeZoneId,
    tradingHours: details.tradingHours,
    liquidHours: details.liquidHours,
  };
}
