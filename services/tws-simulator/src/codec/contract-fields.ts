import { boundedCount } from "./order-legs.ts";
import type { TokenReader } from "./token-reader.ts";

/** What a client says about a contract. Empty text and 0 mean "not given". */
export interface ContractQuery {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly expiry: string;
  /** Decimal text; absent for everything but options. */
  readonly strike: string | undefined;
  readonly right: string;
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

/** The 12 contract tokens that most requests share. */
export function readContract(reader: TokenReader): ContractQuery {
  return {
    conId: reader.optionalInteger() ?? 0,
    symbol: reader.text(),
    secType: reader.text().toUpperCase(),
    expiry: reader.text(),
    strike: reader.optionalDecimal(),
    right: reader.text(),
    multiplier: reader.text(),
    exchange: reader.text(),
    primaryExchange: reader.text(),
    currency: reader.text(),
    localSymbol: reader.text(),
    tradingClass: reader.text(),
  };
}

/** One leg of a combination in a request for data. */
export interface DataLeg {
  readonly conId: number;
  readonly ratio: number;
  readonly action: string;
}

/** The legs behind a contract of the type BAG; nothing is there for any other type. */
export function readDataLegs(reader: TokenReader, secType: string): readonly DataLeg[] {
  if (secType !== "BAG") return [];
  return Array.from({ length: boundedCount(reader, "legs") }, () => {
    const leg = { conId: reader.integer(), ratio: reader.integer(), action: reader.text().toUpperCase() };
    reader.skip(1); // exchange
    return leg;
  });
}
