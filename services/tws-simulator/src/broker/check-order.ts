import { compare, decimal, isMultipleOf, isZero } from "@countersign/money/decimal";
import type { PlaceOrder } from "../codec/place-order.ts";
import { type Instrument, isTradable } from "../market/instrument.ts";
import { incrementAt } from "../market/market.ts";
import type { OrderTerms } from "./model.ts";
import { auctionOf, kindOf } from "./order-kinds.ts";
import { type RejectResult, reject } from "./reject.ts";

const OFF_STEP: RejectResult = reject(
  110,
  "The price does not conform to the minimum price variation for this contract.",
);
const UNSUPPORTED: RejectResult = reject(387, "Unsupported order type for this exchange and security type.");

const FRACTION: RejectResult = reject(
  10243,
  "Fractional-sized order cannot be placed via API. Please use desktop version to place this order.",
);

/** What the instrument's market does not do. */
export function checkSupported(request: PlaceOrder, terms: OrderTerms, instrument: Instrument) {
  if (!isTradable(instrument)) {
    return reject(203, `The security ${instrument.localSymbol} is not available or allowed for this account.`);
  }
  const { works } = kindOf(terms.orderType);
  const listed = instrument.secType === "STK";
  if ((works === "middle" && !(listed && instrument.currency === "USD")) || (works === "relative" && !listed)) {
    return UNSUPPORTED;
  }
  if (auctionOf(terms) !== undefined && (instrument.secType === "CASH" || instrument.secType === "BAG")) {
    return UNSUPPORTED;
  }
  if (instrument.secType === "BAG" && terms.orderType !== "MKT" && terms.orderType !== "LMT") return UNSUPPORTED;
  if (request.algoStrategy !== "") return reject(440, `The algorithm ${request.algoStrategy} is not supported.`);
  return undefined;
}

function isOnStep(price: string | undefined, step: string): boolean {
  return price === undefined || isMultipleOf(decimal(price), decimal(step));
}

/** Prices at the step of their market rule; distances at the smallest step of the instrument. */
export function checkPrices(terms: OrderTerms, instrument: Instrument): RejectResult | undefined {
  const stepAt = (price: string) =>
    instrument.secType === "BAG" ? instrument.minTick : incrementAt(instrument, Number(price));
  const { aux } = kindOf(terms.orderType);
  const isDistance = aux === "trail" || aux === "offset";
  const prices = [terms.lmtPrice, terms.trailStopPrice, isDistance ? undefined : terms.auxPrice];
  const distances = [terms.lmtPriceOffset, isDistance ? terms.auxPrice : undefined];
  const onStep =
    prices.every((price) => price === undefined || isOnStep(price, stepAt(price))) &&
    distances.every((distance) => isOnStep(distance, instrument.minTick));
  return onStep ? undefined : OFF_STEP;
}

export function checkSize(
  terms: OrderTerms,
  instrument: Instrument,
  cashQty: string | undefined,
): RejectResult | undefined {
  if (cashQty !== undefined && !isZero(decimal(cashQty))) {
    return reject(10244, "Cash quantity cannot be used for this order.");
  }
  const quantity = decimal(terms.quantity);
  if (isZero(quantity)) return reject(434, "The order size cannot be zero.");
  if (compare(quantity, decimal(instrument.minSize)) < 0) {
    const text = `Order size ${terms.quantity} is smaller than the minimum required size of ${instrument.minSize}.`;
    return reject(388, text);
  }
  if (!isMultipleOf(quantity, decimal(instrument.sizeIncrement))) {
    if (instrument.secType === "STK") return FRACTION;
    return reject(387, `Order size must be a multiple of ${instrument.sizeIncrement}.`);
  }
  return undefined;
}
