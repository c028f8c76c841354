/** A contract as it appears inside orders, executions and positions. All values are wire text. */
export interface ContractView {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  /** Expiry `YYYYMMDD`; empty when the instrument does not expire. */
  readonly expiry: string;
  /** Empty when there is none. */
  readonly strike: string;
  /** `C`, `P` or empty. */
  readonly right: string;
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

/** The 11 contract tokens of orders, executions and positions; the caller says which exchange TWS shows there. */
export function contractTokens(
  contract: ContractView,
  shown: { readonly exchange: string; readonly strike: string; readonly right: string },
): string[] {
  return [
    String(contract.conId),
    contract.symbol,
    contract.secType,
    contract.expiry,
    contract.strike === "" ? shown.strike : contract.strike,
    contract.right === "" ? shown.right : contract.right,
    contract.multiplier,
    shown.exchange,
    contract.currency,
    contract.localSymbol,
    contract.tradingClass,
  ];
}
