/** Fields of a raw order by their name; what is left out has a plain value. */
export interface RawOrder {
  readonly conId?: number;
  readonly exchange?: string;
  readonly action?: "BUY" | "SELL";
  readonly quantity?: string;
  readonly orderType?: string;
  readonly lmtPrice?: string;
  readonly tif?: string;
  readonly account?: string;
  readonly orderRef?: string;
  readonly transmit?: boolean;
  readonly parentId?: number;
  readonly whatIf?: boolean;
}

const TOKENS = 118;
const AAPL = 265598;

/** placeOrder in the layout of 193, written down without any encoder of the simulator. */
export function rawOrder(orderId: number, order: RawOrder): string[] {
  const tokens = Array.from({ length: TOKENS }, () => "");
  const set: readonly (readonly [index: number, token: string | number])[] = [
    [0, 3],
    [1, orderId],
    [2, order.conId ?? AAPL],
    [9, order.exchange ?? "SMART"],
    [16, order.action ?? "BUY"],
    [17, order.quantity ?? "10"],
    [18, order.orderType ?? "LMT"],
    [19, order.orderType === "MKT" ? "" : (order.lmtPrice ?? "150")],
    [21, order.tif ?? "DAY"],
    [23, order.account ?? "DU1234567"],
    [26, order.orderRef ?? ""],
    [27, order.transmit === false ? 0 : 1],
    [28, order.parentId ?? 0],
    [79, "IB"],
    [84, order.whatIf === true ? 1 : 0],
  ];
  for (const [index, token] of set) tokens[index] = String(token);
  return tokens;
}
