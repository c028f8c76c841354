import { mainTokens } from "./encode-open-order.ts";
import { flag, type Reply, UNSET_DOUBLE, UNSET_INTEGER, UNSET_LONG } from "./literals.ts";
import { conditionsTokens } from "./order-conditions.ts";
import { comboTokens } from "./order-legs.ts";
import type { OrderView } from "./order-view.ts";
import { has } from "./version-gates.ts";

function allocationTokens(order: OrderView): string[] {
  return [
    String(order.permId),
    flag(order.outsideRth),
    flag(order.hidden),
    "0", // discretionaryAmt
    order.goodAfterTime,
    ...["", "", "", ""], // faGroup, faMethod, faPercentage, modelCode
    order.goodTillDate,
    ...["", "", ""], // rule80A, percentOffset, settlingFirm
    "0", // shortSaleSlot
    "", // designatedLocation
    "-1", // exemptCode
    ...["", "", "", "", ""], // startingPrice, stockRefPrice, delta, stockRangeLower, stockRangeUpper
    order.displaySize === undefined ? UNSET_INTEGER : String(order.displaySize),
    "0", // sweepToFill
    flag(order.allOrNone),
    order.minQty === undefined ? "" : String(order.minQty),
    String(order.ocaType),
    String(order.triggerMethod),
  ];
}

function middleTokens(order: OrderView): string[] {
  return [
    ...["", "0", "None", "", "0", "0", "0", ""], // volatility and the delta neutral block
    ...["0", "0"], // continuousUpdate, referencePriceType
    order.trailStopPrice ?? "",
    order.trailingPercent ?? "",
    ...comboTokens(order.combo),
    ...[UNSET_INTEGER, UNSET_INTEGER, ""], // scale
    "", // hedgeType
    ...["", "IB"], // clearingAccount, clearingIntent
    "0", // notHeld
    "0", // deltaNeutral
    "", // algoStrategy
    "0", // solicited
  ];
}

function endTokens(order: OrderView): string[] {
  return [
    order.status,
    ...["0", "0"], // randomizeSize, randomizePrice
    ...conditionsTokens(order.conditions),
    order.shadowStopPrice ?? UNSET_DOUBLE,
    order.lmtPriceOffset ?? UNSET_DOUBLE,
    "0", // cashQty
    "1", // dontUseAutoPriceForHedge
    "0", // isOmsContainer
    "", // autoCancelDate
    order.filled,
    UNSET_INTEGER, // refFuturesConId
    "0", // autoCancelParent
    "Not an insider or substantial shareholder",
    "0", // imbalanceOnly
    "0", // routeMarketableToBbo
    order.parentPermId === undefined ? UNSET_LONG : String(order.parentPermId),
    order.completedTime,
    order.completedStatus,
    ...["", "", "", "", ""], // peg best and peg mid
  ];
}

/** completedOrder: 102 tokens for a plain order at 193. */
export function encodeCompletedOrder(order: OrderView, serverVersion: number): Reply {
  const tokens = ["101", ...mainTokens(order), ...allocationTokens(order), ...middleTokens(order), ...endTokens(order)];
  if (has(serverVersion, "customerAccount")) tokens.push("");
  if (has(serverVersion, "professionalCustomer")) tokens.push("0");
  return { name: "completedOrder", tokens };
}

export function encodeCompletedOrdersEnd(): Reply {
  return { name: "completedOrdersEnd", tokens: ["102"] };
}
