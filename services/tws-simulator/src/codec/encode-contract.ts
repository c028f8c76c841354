import type { ContractView } from "./contract-view.ts";
import { type Reply, wireText } from "./literals.ts";
import { has } from "./version-gates.ts";

/** The fund's own block: rates in percent, amounts as decimal text, closed flags as such. */
export interface FundView {
  readonly name: string;
  readonly family: string;
  readonly type: string;
  readonly managementFee: string;
  readonly minimumInitialPurchase: string;
  readonly subsequentMinimumPurchase: string;
  readonly distributionPolicy: string;
  readonly assetType: string;
}

/** The 17 tokens of a fund. */
function fundTokens(fund: FundView): string[] {
  return [
    ...[wireText(fund.name), wireText(fund.family), wireText(fund.type)],
    ...["0", "0", ""], // front load, back load, its interval
    fund.managementFee,
    ...["0", "0", "0"], // closed, closed for new investors, closed for new money
    "", // notify amount
    ...[fund.minimumInitialPurchase, fund.subsequentMinimumPurchase],
    ...["All", ""], // states and territories where it may be sold
    ...[fund.distributionPolicy, fund.assetType],
  ];
}

/** Everything that contractData tells about one instrument; text as on the wire. */
export interface ContractDetailsView {
  readonly contract: ContractView;
  /** `08:30 US/Central` behind the expiry of a future; empty for what does not end at an hour. */
  readonly lastTradeTime: string;
  /** Present for a mutual fund only. */
  readonly fund: FundView | undefined;
  readonly ineligibilityReasons: readonly { readonly id: string; readonly description: string }[];
  readonly marketName: string;
  readonly minTick: string;
  readonly orderTypes: string;
  readonly validExchanges: string;
  readonly priceMagnifier: number;
  readonly underlyingConId: number;
  readonly longName: string;
  readonly contractMonth: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  readonly timeZoneId: string;
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly securityIds: readonly { readonly tag: string; readonly value: string }[];
  readonly aggGroup: number;
  readonly underlyingSymbol: string;
  readonly underlyingSecType: string;
  readonly marketRuleIds: string;
  readonly realExpirationDate: string;
  readonly stockType: string;
  readonly minSize: string;
  readonly sizeIncrement: string;
  readonly suggestedSizeIncrement: string;
}

function identityTokens(details: ContractDetailsView, serverVersion: number): string[] {
  const { contract } = details;
  return [
    contract.symbol,
    contract.secType,
    details.lastTradeTime === "" ? contract.expiry : `${contract.expiry} ${details.lastTradeTime}`,
    ...(has(serverVersion, "lastTradeDate") ? [contract.expiry] : []),
    contract.strike === "" ? "0" : contract.strike,
    contract.right,
    contract.exchange,
    contract.currency,
    contract.localSymbol,
    details.marketName,
    contract.tradingClass,
    String(contract.conId),
  ];
}

function descriptionTokens(details: ContractDetailsView): string[] {
  return [
    details.minTick,
    details.contract.multiplier,
    details.orderTypes,
    details.validExchanges,
    String(details.priceMagnifier),
    String(details.underlyingConId),
    wireText(details.longName),
    details.contract.primaryExchange,
    details.contractMonth,
    details.industry,
    details.category,
    details.subcategory,
    details.timeZoneId,
    details.tradingHours,
    details.liquidHours,
    "", // evRule
    "", // evMultiplier
  ];
}

function ineligibilityTokens({ ineligibilityReasons }: ContractDetailsView): string[] {
  const rows = ineligibilityReasons.flatMap((reason) => [reason.id, wireText(reason.description)]);
  return [String(ineligibilityReasons.length), ...rows];
}

/** contractData: 44 tokens for a US stock with one security id at 193. */
export function encodeContractDetails(reqId: number, details: ContractDetailsView, serverVersion: number): Reply {
  const securityIds = details.securityIds.flatMap((id) => [id.tag, id.value]);
  const tokens = [
    "10",
    String(reqId),
    ...identityTokens(details, serverVersion),
    ...descriptionTokens(details),
    String(details.securityIds.length),
    ...securityIds,
    String(details.aggGroup),
    details.underlyingSymbol,
    details.underlyingSecType,
    details.marketRuleIds,
    details.realExpirationDate,
    details.stockType,
    details.minSize,
    details.sizeIncrement,
    details.suggestedSizeIncrement,
    ...(details.fund !== undefined && has(serverVersion, "fundData") ? fundTokens(details.fund) : []),
    ...(has(serverVersion, "ineligibilityReasons") ? ineligibilityTokens(details) : []),
  ];
  return { name: "contractDetails", tokens };
}

export function encodeContractDetailsEnd(reqId: number): Reply {
  return { name: "contractDetailsEnd", tokens: ["52", "1", String(reqId)] };
}

export interface SymbolSampleView {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly derivatives: readonly string[];
  readonly description: string;
}

export function encodeSymbolSamples(reqId: number, samples: readonly SymbolSampleView[]): Reply {
  const rows = samples.flatMap((sample) => [
    String(sample.conId),
    sample.symbol,
    sample.secType,
    sample.primaryExchange,
    sample.currency,
    String(sample.derivatives.length),
    ...sample.derivatives,
    wireText(sample.description),
    "", // issuerId
  ]);
  return { name: "symbolSamples", tokens: ["79", String(reqId), String(samples.length), ...rows] };
}

export interface PriceIncrementView {
  readonly lowEdge: string;
  readonly increment: string;
}

export function encodeMarketRule(ruleId: number, increments: readonly PriceIncrementView[]): Reply {
  const rows = increments.flatMap((row) => [row.lowEdge, row.increment]);
  return { name: "marketRule", tokens: ["93", String(ruleId), String(increments.length), ...rows] };
}

export interface OptionParametersView {
  readonly exchange: string;
  readonly underlyingConId: number;
  readonly tradingClass: string;
  readonly multiplier: string;
  readonly expirations: readonly string[];
  readonly strikes: readonly string[];
}

export function encodeOptionParameters(reqId: number, view: OptionParametersView): Reply {
  const head = ["75", String(reqId), view.exchange, String(view.underlyingConId), view.tradingClass, view.multiplier];
  const expirations = [String(view.expirations.length), ...view.expirations];
  const strikes = [String(view.strikes.length), ...view.strikes];
  return { name: "securityDefinitionOptionParameter", tokens: [...head, ...expirations, ...strikes] };
}

export function encodeOptionParametersEnd(reqId: number): Reply {
  return { name: "securityDefinitionOptionParameterEnd", tokens: ["76", String(reqId)] };
}
