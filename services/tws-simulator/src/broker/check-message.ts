import { absolute, compare, decimal, isNegative, isZero, ZERO } from "@countersign/money/decimal";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { OrderType } from "./model.ts";
import { isOrderType, kindOf } from "./order-kinds.ts";
import { type RejectResult, reject, validating } from "./reject.ts";
import { orderTimeMs } from "./timing.ts";

/** Order types that TWS knows; the ones that this simulator does not match are refused as unsupported. */
const OTHER_TYPES = new Set([
  ...["MTL", "PEG MID", "PEG MKT", "PEG BEST", "PEG STK", "PEG BENCH", "VOL", "BOX TOP"],
  ...["SNAP MKT", "SNAP MID", "SNAP PRIM"],
]);
const TIFS = new Set(["DAY", "GTC", "GTD", "IOC", "FOK", "OPG"]);
const UNSUPPORTED: RejectResult = reject(387, "Unsupported order type for this exchange and security type.");
const HUNDRED = decimal("100");
/** Above every size and price there is: products of two stay within what a decimal holds. */
const LARGEST = decimal("1000000000000");

function isAbove(text: string | undefined, bound = ZERO): boolean {
  return text !== undefined && compare(decimal(text), bound) > 0;
}

function checkBasics(request: PlaceOrder, accounts: readonly string[]): RejectResult | undefined {
  if (request.contract.exchange === "") return validating("Missing order exchange");
  if (request.action !== "BUY" && request.action !== "SELL") return validating("Invalid order side was entered");
  if (!isOrderType(request.orderType) && !OTHER_TYPES.has(request.orderType)) {
    return reject(321, "Error validating request.-'v' : cause - Invalid order type was entered");
  }
  if (request.tif !== "" && !TIFS.has(request.tif)) return reject(10052, `Invalid time in force:${request.tif}`);
  if (request.account === "" && accounts.length > 1) return reject(435, "You must specify an account.");
  if (request.account !== "" && !accounts.includes(request.account)) {
    return validating(`Invalid account code '${request.account}'`);
  }
  const quantity = request.totalQuantity;
  if (quantity !== undefined && (isNegative(decimal(quantity)) || isAbove(quantity, LARGEST))) {
    return validating("Invalid order quantity was entered");
  }
  const prices = [request.lmtPrice, request.auxPrice, request.trailStopPrice, request.lmtPriceOffset];
  if (prices.some((price) => price !== undefined && compare(absolute(decimal(price)), LARGEST) > 0)) {
    return validating("Invalid price was entered");
  }
  if (request.whatIf && !request.transmit) {
    return reject(413, "What-if order should have the transmit flag set to true.");
  }
  return checkAttributes(request) ?? (isOrderType(request.orderType) ? undefined : UNSUPPORTED);
}

/** Attributes that the exchanges no longer know. */
function checkAttributes(request: PlaceOrder): RejectResult | undefined {
  if (request.eTradeOnly) return reject(10268, "The 'EtradeOnly' order attribute is not supported.");
  if (request.firmQuoteOnly) return reject(10269, "The 'FirmQuoteOnly' order attribute is not supported.");
  return undefined;
}

/** A combination may cost nothing, or bring money in. */
function checkLimit(request: PlaceOrder, orderType: OrderType): RejectResult | undefined {
  const { lmtPrice } = request;
  const { limit } = kindOf(orderType);
  const missing = lmtPrice === undefined || isZero(decimal(lmtPrice));
  const wrong = validating("Invalid limit price was entered");
  if (request.contract.secType === "BAG") return limit === "needed" && lmtPrice === undefined ? wrong : undefined;
  if (limit === "needed" && missing) return wrong;
  return lmtPrice !== undefined && isNegative(decimal(lmtPrice)) && limit !== "none" ? wrong : undefined;
}

function checkAux(request: PlaceOrder, orderType: OrderType): RejectResult | undefined {
  const { aux } = kindOf(orderType);
  if ((aux === "stop" || aux === "touch") && !isAbove(request.auxPrice)) {
    return validating("Invalid stop price was entered");
  }
  if (aux === "offset" && request.auxPrice !== undefined && isNegative(decimal(request.auxPrice))) {
    return validating("Invalid offset was entered");
  }
  if (aux !== "trail") return undefined;
  const percent = request.trailingPercent;
  if (isAbove(percent) && isAbove(percent, HUNDRED)) return validating("Invalid trailing percent was entered");
  const both = isAbove(percent) && isAbove(request.auxPrice);
  if (both) return validating("Both a trailing amount and a trailing percent were entered");
  return isAbove(percent) || isAbove(request.auxPrice) ? undefined : validating("Missing trailing amount or percent");
}

function checkTimes(request: PlaceOrder): RejectResult | undefined {
  if (request.goodAfterTime !== "" && orderTimeMs(request.goodAfterTime) === undefined) {
    return validating("Invalid good after time was entered");
  }
  if (request.tif === "GTD" && orderTimeMs(request.goodTillDate) === undefined) {
    return validating("Invalid good till date was entered");
  }
  return undefined;
}

/** First stage of TWS: the message itself, before the contract is looked up. */
export function checkMessage(request: PlaceOrder, accounts: readonly string[]): RejectResult | undefined {
  const basic = checkBasics(request, accounts);
  if (basic !== undefined || !isOrderType(request.orderType)) return basic;
  const prices = checkLimit(request, request.orderType) ?? checkAux(request, request.orderType) ?? checkTimes(request);
  if (prices !== undefined) return prices;
  if (request.totalQuantity === undefined) return reject(107, "Cannot transmit incomplete order.");
  if ((request.displaySize ?? 0) > 0 && kindOf(request.orderType).works !== "limit") {
    return reject(10255, "The 'Display Size' order attribute may not be specified for this order.");
  }
  return undefined;
}
