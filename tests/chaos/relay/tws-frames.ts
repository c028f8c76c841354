import type { Message, Side, Splitter } from "./relay.ts";

/** One frame of the TWS protocol. */
export interface TwsFrame extends Message {
  readonly tokens: readonly string[];
}

const HELLO = "API\0";
const LENGTH_BYTES = 4;

/** Message ids of the client. */
export const ASKS = {
  placeOrder: "3",
  cancelOrder: "4",
  openOrders: "16",
  executions: "7",
  completedOrders: "99",
  positions: "61",
} as const;
/** Message ids of TWS. */
export const SAYS = {
  orderStatus: "3",
  error: "4",
  openOrder: "5",
  nextValidId: "9",
  execution: "11",
  openOrderEnd: "53",
  executionEnd: "55",
  commission: "59",
  completedOrder: "101",
  completedOrdersEnd: "102",
} as const;

export function twsSplitter(from: Side): Splitter<TwsFrame> {
  let held: Buffer = Buffer.alloc(0);
  let greeted = from === "server";
  const next = (): TwsFrame | undefined => {
    if (held.length < LENGTH_BYTES) return undefined;
    if (!greeted) {
      greeted = true;
      if (held.toString("latin1", 0, HELLO.length) === HELLO) return take(HELLO.length, []);
    }
    const size = LENGTH_BYTES + held.readUInt32BE(0);
    if (held.length < size) return undefined;
    return take(size, held.toString("utf8", LENGTH_BYTES, size - 1).split("\0"));
  };
  const take = (size: number, tokens: readonly string[]): TwsFrame => {
    const bytes = held.subarray(0, size);
    held = held.subarray(size);
    return { from, bytes, tokens };
  };
  return {
    push(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const found: TwsFrame[] = [];
      for (let frame = next(); frame !== undefined; frame = next()) found.push(frame);
      return found;
    },
  };
}

/** A frame as TWS or a client writes it. */
export function frameOf(...tokens: readonly string[]): Buffer {
  const body = Buffer.from(`${tokens.join("\0")}\0`);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

const OUR_REF = /^cs1\.[a-z2-7]{20}$/;
export const isAsk = (frame: TwsFrame, id: string): boolean => frame.from === "client" && frame.tokens[0] === id;
export const isSaid = (frame: TwsFrame, id: string): boolean => frame.from === "server" && frame.tokens[0] === id;
/** A real order of ours; a what-if carries no reference. */
export const isOurOrder = (frame: TwsFrame): boolean =>
  isAsk(frame, ASKS.placeOrder) && frame.tokens.some((token) => OUR_REF.test(token));
