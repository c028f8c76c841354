import type { ContractDetailsView } from "./encode-contract.ts";
import { flag, type Reply, wireText } from "./literals.ts";
import { has } from "./version-gates.ts";

/** What only a bond has; dates `YYYYMMDD`, the coupon in percent. */
export interface BondView {
  readonly cusip: string;
  readonly coupon: string;
  readonly maturity: string;
  readonly issueDate: string;
  readonly ratings: string;
  readonly bondType: string;
  readonly couponType: string;
  readonly callable: boolean;
  readonly descAppend: string;
}

function identityTokens(details: ContractDetailsView, bond: BondView): string[] {
  const { contract } = details;
  return [
    ...[contract.symbol, contract.secType, bond.cusip, bond.coupon, bond.maturity, bond.issueDate, bond.ratings],
    ...[bond.bondType, bond.couponType],
    ...["0", flag(bond.callable), "0"], // convertible, callable, putable
    wireText(bond.descAppend),
    ...[contract.exchange, contract.currency, details.marketName, contract.tradingClass, String(contract.conId)],
  ];
}

/** bondContractData: the trading hours are on the wire from 188 on. */
export function encodeBondDetails(
  reqId: number,
  { details, bond }: { readonly details: ContractDetailsView; readonly bond: BondView },
  serverVersion: number,
): Reply {
  const hours = [details.timeZoneId, details.tradingHours, details.liquidHours];
  const tokens = [
    ...["18", String(reqId), ...identityTokens(details, bond)],
    ...[details.minTick, details.orderTypes, details.validExchanges],
    ...["", "", "0", ""], // next option date, its type, partial, notes
    wireText(details.longName),
    ...(has(serverVersion, "bondTradingHours") ? hours : []),
    ...["", ""], // evRule, evMultiplier
    String(details.securityIds.length),
    ...details.securityIds.flatMap((id) => [id.tag, id.value]),
    ...[String(details.aggGroup), details.marketRuleIds],
    ...[details.minSize, details.sizeIncrement, details.suggestedSizeIncrement],
  ];
  return { name: "bondContractDetails", tokens };
}
