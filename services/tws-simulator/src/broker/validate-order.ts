import { compare, decimal, isMultipleOf, isNegative, isZero } from "@countersign/money/decimal";
import type { ContractQuery } from "../codec/contract-fields.ts";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { Found } from "../market/find-instrument.ts";
import { type Instrument, isTradable } from "../market/instrument.ts";
import { incrementAt } from "../market/market.ts";
import type { OrderTerms, TimeInForce } from "./model.ts";

/** An answer of TWS that is not an acceptance. */
export interface Reject {
  readonly code: number;
  readonly text: string;
  readonly rejectJson?: string;
}

export type Validation =
  | { readonly ok: true; readonly terms: OrderTerms; readonly instrument: Instrument }
  | RejectResult;
interface RejectResult {
  readonly ok: false;
  readonly reject: Reject;
}

/** Order types that TWS knows; the ones that this simulator does not match are refused as unsupported. */
const KNOWN_TYPES = new Set([
  ...["MKT", "LMT", "STP", "STP LMT", "TRAIL", "TRAIL LIMIT", "MIT", "LIT", "MOC", "LOC", "MTL", "REL", "MIDPRICE"],
  ...["PEG MID", "PEG MKT", "PEG BEST", "PEG STK", "PEG BENCH", "VOL", "BOX TOP", "SNAP MKT", "SNAP MID", "SNAP PRIM"],
]);
const KNOWN_TIFS = new Set(["DAY", "GTC", "IOC", "GTD", "FOK", "OPG", "DTC", "OVERNIGHT", "OVERNIGHT + DAY"]);
const SUPPORTED_TIFS: ReadonlySet<string> = new Set(["DAY", "GTC", "IOC"]);

function reject(code: number, text: string): RejectResult {
  return { ok: false, reject: { code, text } };
}

function validating(cause: string): RejectResult {
  return reject(321, `Error validating request.-'bW' : cause - ${cause}`);
}

/** First stage of TWS: the message itself, before the contract is looked up. */
function checkMessage(request: PlaceOrder, accounts: readonly string[]): RejectResult | undefined {
  if (request.contract.exchange === "") return validating("Missing order exchange");
  if (request.action !== "BUY" && request.action !== "SELL") return validating("Invalid order side was entered");
  if (!KNOWN_TYPES.has(request.orderType)) {
    return reject(321, "Error validating request.-'v' : cause - Invalid order type was entered");
  }
  if (request.tif !== "" && !KNOWN_TIFS.has(request.tif)) return validating("Invalid time in force was entered");
  if (request.account === "" && accounts.length > 1) return reject(435, "You must specify an account.");
  if (request.account !== "" && !accounts.includes(request.account)) {
    return validating(`Invalid account code '${request.account}'`);
  }
  const quantity = request.totalQuantity;
  if (quantity !== undefined && isNegative(decimal(quantity))) return validating("Invalid order quantity was entered");
  if (request.whatIf && !request.transmit)
    return reject(413, "What-if order should have the transmit flag set to true.");
  return undefined;
}

function checkSupported(request: PlaceOrder): RejectResult | undefined {
  if (request.orderType !== "MKT" && request.orderType !== "LMT") {
    return reject(387, "Unsupported order type for this exchange and security type.");
  }
  if (request.tif !== "" && !SUPPORTED_TIFS.has(request.tif)) {
    return reject(10052, `Invalid time in force:${request.tif}`);
  }
  if (request.parentId !== 0) return reject(10006, "Missing parent order.");
  if (request.algoStrategy !== "") return reject(440, `The algorithm ${request.algoStrategy} is not supported.`);
  if (request.conditions.list.length > 0)
    return reject(387, "Unsupported order type for this exchange and security type.");
  return undefined;
}

function checkPrice(request: PlaceOrder, instrument: Instrument): RejectResult | undefined {
  if (request.orderType !== "LMT") return undefined;
  const price = request.lmtPrice;
  if (price === undefined || isZero(decimal(price)) || isNegative(decimal(price))) {
    return validating("Invalid limit price was entered");
  }
  if (!isMultipleOf(decimal(price), decimal(incrementAt(instrument, Number(price))))) {
    return reject(110, "The price does not conform to the minimum price variation for this contract.");
  }
  return undefined;
}

function checkSize(request: PlaceOrder, instrument: Instrument): RejectResult | undefined {
  const quantity = decimal(request.totalQuantity ?? "0");
  if (isZero(quantity)) return reject(434, "The order size cannot be zero.");
  if (compare(quantity, decimal(instrument.minSize)) < 0) {
    const text = `Order size ${request.totalQuantity} is smaller than the minimum required size of ${instrument.minSize}.`;
    return reject(388, text);
  }
  if (!isMultipleOf(quantity, decimal(instrument.sizeIncrement))) {
    return reject(387, `Order size must be a multiple of ${instrument.sizeIncrement}.`);
  }
  return undefined;
}

/** The checks of TWS in its order: 321, 200, 110, 434 and 388. Margin (201) needs the account and comes after. */
export function validateOrder(
  request: PlaceOrder,
  context: { readonly accounts: readonly string[]; readonly find: (query: ContractQuery) => Found },
): Validation {
  const message = checkMessage(request, context.accounts);
  if (message !== undefined) return message;
  const lookup = context.find(request.contract);
  if (lookup.kind === "none") return reject(200, "No security definition has been found for the request");
  if (lookup.kind === "ambiguous") {
    return reject(200, `The contract description specified for ${lookup.symbol} is ambiguous.`);
  }
  const { instrument, exchange } = lookup;
  if (!isTradable(instrument)) {
    return reject(203, `The security ${instrument.localSymbol} is not available or allowed for this account.`);
  }
  const failure = checkSupported(request) ?? checkPrice(request, instrument) ?? checkSize(request, instrument);
  if (failure !== undefined) return failure;
  const terms: OrderTerms = {
    conId: instrument.conId,
    exchange,
    action: request.action === "BUY" ? "BUY" : "SELL",
    quantity: request.totalQuantity ?? "0",
    orderType: request.orderType === "LMT" ? "LMT" : "MKT",
    lmtPrice: request.orderType === "LMT" ? request.lmtPrice : undefined,
    tif: request.tif === "" ? "DAY" : (request.tif as TimeInForce),
    account: request.account === "" ? (context.accounts[0] ?? "") : request.account,
    orderRef: request.orderRef,
    outsideRth: request.outsideRth,
    openClose: request.openClose,
    origin: request.origin,
    hidden: request.hidden,
    ocaGroup: request.ocaGroup,
    displaySize: request.displaySize,
  };
  return { ok: true, terms, instrument };
}
