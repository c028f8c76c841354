import { type ContractQuery, readContract } from "./contract-fields.ts";
import { RequestFormatError, type TokenReader } from "./token-reader.ts";
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
  readonly outsideRth: boolean;
  readonly hidden: boolean;
  readonly displaySize: number | undefined;
  readonly goodAfterTime: string;
  readonly goodTillDate: string;
  readonly ocaType: number;
  readonly allOrNone: boolean;
  readonly minQty: number | undefined;
  readonly algoStrategy: string;
  readonly whatIf: boolean;
  readonly conditionCount: number;
  readonly cashQty: string | undefined;
}

const LEG_COUNT_MAX = 32;
const CONDITION_COUNT_MAX = 64;
/** Tokens of each condition type behind `type|conjunction`. */
const CONDITION_TOKENS: ReadonlyMap<number, number> = new Map([
  [1, 5],
  [3, 2],
  [4, 2],
  [5, 3],
  [6, 4],
  [7, 4],
]);

function boundedCount(reader: TokenReader, max: number, what: string): number {
  const count = reader.optionalInteger() ?? 0;
  if (count < 0 || count > max) throw new RequestFormatError(`${count} ${what}`);
  return count;
}

function skipBag(reader: TokenReader): void {
  reader.skip(boundedCount(reader, LEG_COUNT_MAX, "legs") * 8);
  reader.skip(boundedCount(reader, LEG_COUNT_MAX, "leg prices"));
  reader.skip(boundedCount(reader, LEG_COUNT_MAX, "routing parameters") * 2);
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
  reader.skip(1); // triggerMethod
  return { displaySize, outsideRth: reader.boolean(), hidden: reader.boolean() };
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
  reader.skip(10); // percentOffset .. stockRangeUpper
  return { goodAfterTime, goodTillDate, ocaType, allOrNone, minQty };
}

function skipVolatilityTrailScaleHedge(reader: TokenReader): void {
  reader.skip(3); // overridePercentageConstraints, volatility, volatilityType
  const deltaNeutralOrderType = reader.text();
  reader.skip(1);
  if (deltaNeutralOrderType !== "") reader.skip(8);
  reader.skip(6); // continuousUpdate, referencePriceType, trailStopPrice, trailingPercent, scaleInit, scaleSubs
  const scalePriceIncrement = reader.optionalDecimal();
  if (scalePriceIncrement !== undefined && Number(scalePriceIncrement) > 0) reader.skip(7);
  reader.skip(3); // scaleTable, activeStart, activeStop
  if (reader.text() !== "") reader.skip(1); // hedgeType, hedgeParam
  reader.skip(4); // optOutSmartRouting, clearingAccount, clearingIntent, notHeld
  if (reader.boolean()) reader.skip(3); // delta neutral contract
}

function readAlgo(reader: TokenReader): string {
  const algoStrategy = reader.text();
  if (algoStrategy !== "") reader.skip(boundedCount(reader, LEG_COUNT_MAX, "algo parameters") * 2);
  reader.skip(1); // algoId
  return algoStrategy;
}

function readConditions(reader: TokenReader): number {
  const count = boundedCount(reader, CONDITION_COUNT_MAX, "conditions");
  for (let index = 0; index < count; index += 1) {
    const tokens = CONDITION_TOKENS.get(reader.integer());
    if (tokens === undefined) throw new RequestFormatError("unknown condition type");
    reader.skip(1 + tokens);
  }
  if (count > 0) reader.skip(2);
  return count;
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
  if (contract.secType === "BAG") skipBag(reader);
  const extended = readExtended(reader);
  skipVolatilityTrailScaleHedge(reader);
  const algoStrategy = readAlgo(reader);
  const whatIf = reader.boolean();
  reader.skip(4); // orderMiscOptions, solicited, randomizeSize, randomizePrice
  if (main.orderType === "PEG BENCH" || main.orderType === "PEGBENCH") reader.skip(5);
  const conditionCount = readConditions(reader);
  reader.skip(10); // adjusted order (7), extOperator, softDollarName, softDollarValue
  const cashQty = reader.optionalDecimal();
  reader.skip(13); // mifid (4) .. manualOrderTime
  skipPegged(reader, { orderType: main.orderType, exchange: contract.exchange });
  skipTail(reader, serverVersion);
  const rest = { algoStrategy, whatIf, conditionCount, cashQty };
  return { kind: "placeOrder", orderId, contract, ...main, ...attributes, ...extended, ...rest };
}
