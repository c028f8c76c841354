import { decodeRequest } from "../codec/decode-request.ts";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { Instrument } from "../market/instrument.ts";
import type { FaultOf } from "./fault-document.ts";

const LAYOUT_VERSION = 193;
const PLACE_ORDER_TOKENS = 118;

/** An order as the user enters it in TWS: what a client would have sent for it. */
export function orderByHand(fault: FaultOf<"orderByHand">, instrument: Instrument): PlaceOrder {
  const tokens = Array.from({ length: PLACE_ORDER_TOKENS }, () => "");
  const set: readonly (readonly [index: number, token: string])[] = [
    [0, "3"],
    [1, "0"],
    [2, String(instrument.conId)],
    [9, instrument.validExchanges.includes("SMART") ? "SMART" : instrument.exchange],
    [16, fault.side],
    [17, fault.quantity],
    [18, fault.orderType],
    [19, fault.lmtPrice ?? ""],
    [20, fault.auxPrice ?? ""],
    [21, fault.tif],
    [23, fault.account],
    [27, "1"],
    [79, "IB"],
  ];
  for (const [index, token] of set) tokens[index] = token;
  const decoded = decodeRequest(LAYOUT_VERSION, tokens);
  if (decoded.kind !== "request" || decoded.request.kind !== "placeOrder") {
    throw new Error(`an order by hand cannot be read: ${JSON.stringify(decoded)}`);
  }
  return decoded.request;
}
