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

/** Combination legs inside a market data or history request; read to keep the position, not used. */
export function skipBagLegs(reader: TokenReader, secType: string): void {
  if (secType !== "BAG") return;
  const legCount = reader.optionalInteger() ?? 0;
  reader.skip(legCount * 4);
}
