import { contractTokens } from "./contract-view.ts";
import { flag, type Reply, UNSET_DOUBLE, UNSET_INTEGER } from "./literals.ts";
import { conditionsTokens } from "./order-conditions.ts";
import { comboTokens } from "./order-legs.ts";
import type { OrderView } from "./order-view.ts";
import { has } from "./version-gates.ts";

function integerOr(value: number | undefined, unset: string): string {
  return value === undefined ? unset : String(value);
}

/** Contract and the plain part of the order, from the action to the client's reference. */
export function mainTokens(order: OrderView): string[] {
  return [
    ...contractTokens(order.contract, { exchange: order.exchange, strike: "0", right: "?" }),
    order.action,
    order.totalQuantity,
    order.orderType,
    order.lmtPrice ?? "0.0",
    order.auxPrice ?? "0.0",
    order.tif,
    order.ocaGroup,
    order.account,
    order.openClose,
    String(order.origin),
    order.orderRef,
  ];
}

function allocationTokens(order: OrderView): string[] {
  return [
    String(order.clientId),
    String(order.permId),
    flag(order.outsideRth),
    flag(order.hidden),
    "0", // discretionaryAmt
    order.goodAfterTime,
    `${order.permId}.0/${order.account}/100`,
    "", // faGroup
    "", // faMethod
    "", // faPercentage
    "", // modelCode
    order.goodTillDate,
    "", // rule80A
    "", // percentOffset
    "", // settlingFirm
    "0", // shortSaleSlot
    "", // designatedLocation
    "-1", // exemptCode
    "0", // auctionStrategy
    ...["", "", "", "", ""], // startingPrice, stockRefPrice, delta, stockRangeLower, stockRangeUpper
    integerOr(order.displaySize, UNSET_INTEGER),
    "0", // blockOrder
    "0", // sweepToFill
    flag(order.allOrNone),
    integerOr(order.minQty, ""),
    String(order.ocaType),
    "0", // eTradeOnly
    "0", // firmQuoteOnly
    "", // nbboPriceCap
    String(order.parentId),
    String(order.triggerMethod),
  ];
}

function volatilityTokens(): string[] {
  return [
    "", // volatility
    "0", // volatilityType
    "None", // deltaNeutralOrderType, which makes the eight fields that follow present
    "", // deltaNeutralAuxPrice
    "0", // deltaNeutralConId
    ...["", "", ""], // settlingFirm, clearingAccount, clearingIntent
    "?", // deltaNeutralOpenClose
    "0", // deltaNeutralShortSale
    "0", // deltaNeutralShortSaleSlot
    "", // deltaNeutralDesignatedLocation
    "0", // continuousUpdate
    "0", // referencePriceType
  ];
}

function trailAndScaleTokens(order: OrderView): string[] {
  return [
    order.trailStopPrice ?? "",
    order.trailingPercent ?? "",
    ...["", ""], // basisPoints, basisPointsType
    ...comboTokens(order.combo),
    UNSET_INTEGER, // scaleInitLevelSize
    UNSET_INTEGER, // scaleSubsLevelSize
    "", // scalePriceIncrement
    "", // hedgeType
    "0", // optOutSmartRouting
    ...["", "IB"], // clearingAccount, clearingIntent
    "0", // notHeld
    "0", // deltaNeutral
    "", // algoStrategy
    "0", // solicited
  ];
}

function stateTokens(order: OrderView): string[] {
  const { margin } = order;
  const margins =
    margin === undefined
      ? Array.from({ length: 9 }, () => UNSET_DOUBLE)
      : [
          margin.initBefore,
          margin.maintBefore,
          margin.equityBefore,
          margin.initChange,
          margin.maintChange,
          margin.equityChange,
          margin.initAfter,
          margin.maintAfter,
          margin.equityAfter,
        ];
  return [
    flag(order.whatIf),
    order.status,
    ...margins,
    order.commission ?? (order.commissionRange === undefined ? "" : UNSET_DOUBLE),
    order.commissionRange?.min ?? "",
    order.commissionRange?.max ?? "",
    order.commission === undefined && order.commissionRange === undefined ? "" : order.commissionCurrency,
    order.warningText,
  ];
}

function tailTokens(order: OrderView): string[] {
  return [
    "0", // randomizeSize
    "0", // randomizePrice
    ...conditionsTokens(order.conditions),
    "None", // adjustedOrderType
    UNSET_DOUBLE, // triggerPrice
    order.shadowStopPrice ?? UNSET_DOUBLE,
    order.lmtPriceOffset ?? UNSET_DOUBLE,
    ...[UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE], // adjusted stop, stop limit, trailing amount
    "0", // adjustableTrailingUnit
    ...["", "", ""], // soft dollar tier
    "0", // cashQty
    "1", // dontUseAutoPriceForHedge
    "0", // isOmsContainer
    "0", // discretionaryUpToLimitPrice
    "0", // usePriceMgmtAlgo
    ...["", ""], // duration, postToAts
    "0", // autoCancelParent
    "", // minTradeQty
    order.fresh && order.contract.secType === "STK" && order.contract.currency === "USD" ? "100" : "",
    "0.02", // competeAgainstBestOffset
    ...["", ""], // midOffsetAtWhole, midOffsetAtHalf
  ];
}

/** openOrder: 141 tokens for a plain order at 193. */
export function encodeOpenOrder(order: OrderView, serverVersion: number): Reply {
  const tokens = [
    "5",
    String(order.orderId),
    ...mainTokens(order),
    ...allocationTokens(order),
    ...volatilityTokens(),
    ...trailAndScaleTokens(order),
    ...stateTokens(order),
    ...tailTokens(order),
  ];
  if (has(serverVersion, "customerAccount")) tokens.push("");
  if (has(serverVersion, "professionalCustomer")) tokens.push("0");
  if (has(serverVersion, "bondAccruedInterest")) tokens.push("");
  if (has(serverVersion, "includeOvernight")) tokens.push("0");
  if (has(serverVersion, "cmeTaggingFieldsInOpenOrder")) tokens.push("", order.fresh ? "0" : UNSET_INTEGER);
  return { name: "openOrder", tokens, detail: order.whatIf ? "whatIf" : order.status };
}

export function encodeOpenOrderEnd(): Reply {
  return { name: "openOrderEnd", tokens: ["53", "1"] };
}

/** An order that was placed by hand has got an order id of a client. */
export function encodeOrderBound(order: { permId: number; clientId: number; orderId: number }): Reply {
  return { name: "orderBound", tokens: ["100", String(order.permId), String(order.clientId), String(order.orderId)] };
}
