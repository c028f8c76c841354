import { flag, type Reply } from "./literals.ts";

/** What a snapshot may cost: 3 = nothing more is asked. */
const SNAPSHOT_PERMISSIONS = "3";

/** `bboExchange` is the code behind the letters of a consolidated quote; empty when there is none. */
export function encodeTickReqParams(
  reqId: number,
  parameters: { readonly minTick: string; readonly bboExchange: string },
): Reply {
  const { minTick, bboExchange } = parameters;
  return { name: "tickReqParams", tokens: ["81", String(reqId), minTick, bboExchange, SNAPSHOT_PERMISSIONS] };
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
