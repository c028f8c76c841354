import { flag, type Reply } from "./literals.ts";

/** minTick, the exchange letter code for the best quote, and what a snapshot may cost (3 = everything). */
export function encodeTickReqParams(reqId: number, minTick: string, permissions = 3): Reply {
  return { name: "tickReqParams", tokens: ["81", String(reqId), minTick, "9c0001", String(permissions)] };
}

export function encodeMarketDataType(reqId: number, type: number): Reply {
  return { name: "marketDataType", tokens: ["58", "1", String(reqId), String(type)] };
}

export function encodeTickPrice(tick: {
  reqId: number;
  type: number;
  price: string;
  size: string;
  auto: boolean;
}): Reply {
  const tokens = ["1", "6", String(tick.reqId), String(tick.type), tick.price, tick.size, flag(tick.auto)];
  return { name: "tickPrice", tokens };
}

export function encodeTickSize(reqId: number, type: number, size: string): Reply {
  return { name: "tickSize", tokens: ["2", "6", String(reqId), String(type), size] };
}

export function encodeTickString(reqId: number, type: number, value: string): Reply {
  return { name: "tickString", tokens: ["46", "6", String(reqId), String(type), value] };
}

export function encodeTickGeneric(reqId: number, type: number, value: string): Reply {
  return { name: "tickGeneric", tokens: ["45", "6", String(reqId), String(type), value] };
}

export function encodeTickSnapshotEnd(reqId: number): Reply {
  return { name: "tickSnapshotEnd", tokens: ["57", "1", String(reqId)] };
}
