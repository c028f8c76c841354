import type { ContractView } from "./contract-view.ts";
import type { Reply } from "./literals.ts";

/** The XML is one token, however long. */
export function encodeScannerParameters(xml: string): Reply {
  return { name: "scannerParameters", tokens: ["19", "1", xml] };
}

export interface ScannerRowView {
  /** 0 = first. */
  readonly rank: number;
  readonly contract: ContractView;
  readonly marketName: string;
}

function rowTokens({ rank, contract, marketName }: ScannerRowView): string[] {
  return [
    ...[String(rank), String(contract.conId), contract.symbol, contract.secType, contract.expiry],
    ...[contract.strike === "" ? "0" : contract.strike, contract.right, contract.exchange, contract.currency],
    ...[contract.localSymbol, marketName, contract.tradingClass],
    ...["", "", "", ""], // distance, benchmark, projection, legs
  ];
}

/** All rows of a scan in one message. */
export function encodeScannerData(reqId: number, rows: readonly ScannerRowView[]): Reply {
  return { name: "scannerData", tokens: ["20", "3", String(reqId), String(rows.length), ...rows.flatMap(rowTokens)] };
}
