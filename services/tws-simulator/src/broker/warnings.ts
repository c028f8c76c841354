import type { Instrument } from "../market/instrument.ts";
import { twsTime } from "../market/zoned-time.ts";
import type { Order } from "./model.ts";
import type { Reject } from "./reject.ts";
import { oddLotMinimum, sessionKind, worksOutsideRth } from "./timing.ts";

const OUTSIDE_RTH_IGNORED =
  "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. " +
  "PlaceOrder is now being processed.";

/** The messages of TWS that come before the acknowledgement: the order lives. */
export function warnings(order: Order, instrument: Instrument, opening: { atMs: number; zone: string } | undefined) {
  const { terms } = order;
  const name = `${terms.action} ${terms.quantity} ${instrument.localSymbol}`;
  const found: Reject[] = [];
  if (terms.outsideRth && !worksOutsideRth(terms) && sessionKind(terms, instrument) === "liquid") {
    found.push({ code: 2109, text: OUTSIDE_RTH_IGNORED });
  }
  if (opening !== undefined) {
    const text = `Warning: Your order will not be placed at the exchange until ${dashed(twsTime(opening.atMs, opening.zone))}.`;
    found.push({ code: 399, text: `Order Message:\n${name} ${venueName(instrument)}\n${text}` });
  }
  const minimum = oddLotMinimum(terms, instrument);
  if (minimum !== undefined) {
    const text = `Warning: Your order size is below the ${minimum} IdealPro minimum and will be routed as an odd lot order.`;
    found.push({ code: 399, text: `Order Message:\n${name} Forex\n${text}` });
  }
  return found;
}

function venueName(instrument: Instrument): string {
  return instrument.primaryExchange === "NASDAQ" ? "NASDAQ.NMS" : instrument.primaryExchange || instrument.exchange;
}

/** `20260825 09:30:00 US/Eastern` as order messages write it: `2026-08-25 09:30:00 US/Eastern`. */
function dashed(time: string): string {
  return `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6)}`;
}
