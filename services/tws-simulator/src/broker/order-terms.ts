import { decimal, isZero } from "@countersign/money/decimal";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { OrderTerms, OrderType, TimeInForce } from "./model.ts";
import { kindOf } from "./order-kinds.ts";

/** Some clients send 0 for a price that they do not mean. */
function nonZero(price: string | undefined): string | undefined {
  return price === undefined || isZero(decimal(price)) ? undefined : price;
}

function pricesOf(request: PlaceOrder, orderType: OrderType) {
  const { limit, aux } = kindOf(orderType);
  const trails = aux === "trail";
  const isCombo = request.combo.legs.length > 0;
  return {
    lmtPrice: limit === "none" ? undefined : isCombo ? request.lmtPrice : nonZero(request.lmtPrice),
    auxPrice: aux === "none" ? undefined : nonZero(request.auxPrice),
    trailStopPrice: trails ? nonZero(request.trailStopPrice) : undefined,
    trailingPercent: trails ? nonZero(request.trailingPercent) : undefined,
    lmtPriceOffset: limit === "trailing" ? nonZero(request.lmtPriceOffset) : undefined,
  };
}

/** What a checked message orders. Prices that its type does not use are left out. */
export function termsOf(
  request: PlaceOrder,
  facts: { readonly conId: number; readonly exchange: string; readonly account: string },
): OrderTerms {
  const orderType = request.orderType as OrderType;
  const { orderRef, outsideRth, openClose, origin, hidden, displaySize, allOrNone, minQty } = request;
  return {
    ...facts,
    combo: request.combo,
    action: request.action === "BUY" ? "BUY" : "SELL",
    quantity: request.totalQuantity ?? "0",
    orderType,
    ...pricesOf(request, orderType),
    triggerMethod: request.triggerMethod,
    tif: request.tif === "" ? "DAY" : (request.tif as TimeInForce),
    goodAfterTime: request.goodAfterTime,
    goodTillDate: request.tif === "GTD" ? request.goodTillDate : "",
    ...{ orderRef, outsideRth, openClose, origin, hidden, displaySize, allOrNone, minQty },
    parentId: request.parentId,
    ocaGroup: request.ocaGroup,
    ocaType: request.ocaType,
    conditions: request.conditions,
  };
}
