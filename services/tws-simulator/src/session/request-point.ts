import type { Request } from "../codec/requests.ts";
import type { RequestPoint } from "./hooks.ts";

/** How a request is meant by whoever decides about it. A what-if is not an order. */
export function requestPoint(request: Request, clientId: number | undefined): RequestPoint {
  const name = request.kind === "placeOrder" && request.whatIf ? "placeOrder.whatIf" : request.kind;
  const orderRef = request.kind === "placeOrder" ? request.orderRef : undefined;
  return { name, clientId, id: idOf(request), orderRef, request };
}

function idOf(request: Request): number {
  if ("orderId" in request) return request.orderId;
  return "reqId" in request ? request.reqId : -1;
}
