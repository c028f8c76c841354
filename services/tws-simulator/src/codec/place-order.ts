import { type ContractQuery, readContract } from "./contract-fields.ts";
import { type Conditions, readConditions } from "./order-conditions.ts";
import { boundedCount, type Combo, NO_COMBO, readCombo } from "./order-legs.ts";
import type { TokenReader } from "./token-reader.ts";
import { has, hasRfqFields } from "./version-gates.ts";

/** One placeOrder message. Absent optional numbers are undefined, whatever sentinel the client used. */
export interface PlaceOrder {
  readonly kind: "placeOrder";
  readonly orderId: number;
  readonly contract: ContractQuery;
  readonly action: string;
  readonly totalQuantity: string | undefined;
  readonly orderType: string;
  readonly lmtPrice: string | undefined;
  readonly auxPrice: string | undefined;
  readonly tif: string;
  readonly ocaGroup: string;
  readonly account: string;
  readonly openClose: string;
  readonly origin: number;
  readonly orderRef: string;
  readonly transmit: boolean;
  readonly parentId: number;
  readonly displaySize: number | undefined;
  readonly triggerMethod: number;
  readonly outsideRth: boolean;
  readonly hidden: boolean;
  readonly combo: Combo;
  readonly goodAfterTime: string;
  readonly goodTillDate: string;
  readonly ocaType: number;
  readonly allOrNone: boolean;
  readonly minQty: number | undefined;
  readonly eTradeOnly: boolean;
  readonly firmQuoteOnly: boolean;
  readonly trailStopPrice: string | undefined;
  readonly trailingPercent: string | undefined;
  readonly algoStrategy: string;
  readonly whatIf: boolean;
  readonly conditions: Conditions;
  readonly lmtPriceOffset: string | undefined;
  readonly cashQty: string | undefined;
}

function readMain(reader: TokenReader) {
  return {
    action: reader.text().toUpperCase(),
    totalQuantity: reader.optionalDecimal(),
    orderType: reader.text().toUpperCase(),
    lmtPrice: reader.optionalDecimal(),
    auxPrice: reader.optionalDecimal(),
    tif: reader.text().toUpperCase(),
    ocaGroup: reader.text(),
    account: reader.text(),
    openClose: reader.text(),
    origin: reader.optionalInteger() ?? 0,
    orderRef: reader.text(),
    transmit: reader.boolean(),
    parentId: reader.optionalInteger() ?? 0,
  };
}

function readAttributes(reader: TokenReader) {
  reader.skip(2); // blockOrder, sweepToFill
  const displaySize = reader.optionalInteger();
  const triggerMethod = reader.optionalInteger() ?? 0;
  return { displaySize, triggerMethod, outsideRth: reader.boolean(), hidden: reader.boolean() };
}

function readExtended(reader: TokenReader) {
  reader.skip(2); // sharesAllocation, discretionaryAmt
  const goodAfterTime = reader.text();
  const goodTillDate = reader.text();
  reader.skip(7); // faGroup, faMethod, faPercentage, modelCode, shortSaleSlot, designatedLocation, exemptCode
  const ocaType = reader.optionalInteger() ?? 0;
  reader.skip(2); // rule80A, settlingFirm
  const allOrNone = reader.boolean();
  const minQty = reader.optionalInteger();
  reader.skip(1); // percentOffset
  const eTradeOnly = reader.boolean();
  const firmQuoteOnly = reader.boolean();
  reader.skip(7); // nbboPriceCap .. stockRangeUpper
  return { goodAfterTime, goodTillDate, ocaType, allOrNone, minQty, eTradeOnly, firmQuoteOnly };
}

function readTrailAmongVolatilityScaleHedge(reader: TokenReader) {
  reader.skip(3); // overridePercentageConstraints, volatility, volatilityType
  const deltaNeutralOrderType = reader.text();
  reader.skip(1);
  if (deltaNeutralOrderType !== "") reader.skip(8);
  reader.skip(2); // continuousUpdate, referencePriceType
  const trailStopPrice = reader.optionalDecimal();
  const trailingPercent = reader.optionalDecimal();
  reader.skip(2); // scaleInit, scaleSubs
  const scalePriceIncrement = reader.optionalDecimal();
  if (scalePriceIncrement !== undefined && Number(scalePriceIncrement) > 0) reader.skip(7);
  reader.skip(3); // scaleTable, activeStart, activeStop
  if (reader.text() !== "") reader.skip(1); // hedgeType, hedgeParam
  reader.skip(4); // optOutSmartRouting, clearingAccount, clearingIntent, notHeld
  if (reader.boolean()) reader.skip(3); // delta neutral contract
  return { trailStopPrice, trailingPercent };
}

function readAlgo(reader: TokenReader): string {
  const algoStrategy = reader.text();
  if (algoStrategy !== "") reader.skip(boundedCount(reader, "algo parameters") * 2);
  reader.skip(1); // algoId
  return algoStrategy;
}

function skipPegged(reader: TokenReader, order: { readonly orderType: string; readonly exchange: string }): void {
  if (order.exchange === "IBKRATS") reader.skip(1);
  const isPegBest = order.orderType === "PEG BEST" || order.orderType === "PEGBEST";
  const isPegMid = order.orderType === "PEG MID" || order.orderType === "PEGMID";
  if (isPegBest) {
    reader.skip(1);
    const offset = reader.text();
    if (offset === "Infinity") reader.skip(2);
  } else if (isPegMid) reader.skip(2);
}

function skipTail(reader: TokenReader, serverVersion: number): void {
  if (has(serverVersion, "customerAccount")) reader.skip(1);
  if (has(serverVersion, "professionalCustomer")) reader.skip(1);
  if (hasRfqFields(serverVersion)) reader.skip(2);
  if (has(serverVersion, "includeOvernight")) reader.skip(1);
  if (has(serverVersion, "cmeTaggingFields")) reader.skip(1);
}

/** Reads the whole message: 118 tokens for a plain order at 193, more with conditional groups. */
export function readPlaceOrder(reader: TokenReader, serverVersion: number): PlaceOrder {
  const orderId = reader.integer();
  const contract = readContract(reader);
  reader.skip(2); // secIdType, secId
  const main = readMain(reader);
  const attributes = readAttributes(reader);
  const combo = contract.secType === "BAG" ? readCombo(reader) : NO_COMBO;
  const extended = readExtended(reader);
  const trail = readTrailAmongVolatilityScaleHedge(reader);
  const algoStrategy = readAlgo(reader);
  const whatIf = reader.boolean();
  reader.skip(4); // orderMiscOptions, solicited, randomizeSize, randomizePrice
  if (main.orderType === "PEG BENCH" || main.orderType === "PEGBENCH") reader.skip(5);
  const conditions = readConditions(reader);
  reader.skip(2); // adjustedOrderType, triggerPrice
  const lmtPriceOffset = reader.optionalDecimal();
  reader.skip(7); // adjusted prices (4), extOperator, softDollarName, softDollarValue
  const cashQty = reader.optionalDecimal();
  reader.skip(13); // mifid (4) .. manualOrderTime
  skipPegged(reader, { orderType: main.orderType, exchange: contract.exchange });
  skipTail(reader, serverVersion);
  const rest = { combo, algoStrategy, whatIf, conditions, lmtPriceOffset, cashQty };
  return { kind: "placeOrder", orderId, contract, ...main, ...attributes, ...extended, ...trail, ...rest };
}
