import { flag, type Reply } from "./literals.ts";

/** What happens to one row of a book. */
export const DEPTH_OPERATION = { insert: 0, update: 1, remove: 2 } as const;

export interface DepthChange {
  /** 0 = best. */
  readonly position: number;
  readonly operation: 0 | 1 | 2;
  readonly side: "bid" | "ask";
  readonly price: string;
  readonly size: string;
}

function changeTokens(change: DepthChange): string[] {
  return [String(change.operation), change.side === "bid" ? "1" : "0", change.price, change.size];
}

/** A book of one exchange that does not name who stands there. */
export function encodeMarketDepth(reqId: number, change: DepthChange): Reply {
  return { name: "marketDepth", tokens: ["12", "1", String(reqId), String(change.position), ...changeTokens(change)] };
}

/** `maker` is a market maker, or an exchange in a SMART book. */
export function encodeMarketDepthL2(
  reqId: number,
  row: { readonly maker: string; readonly smart: boolean; readonly change: DepthChange },
): Reply {
  const head = ["13", "1", String(reqId), String(row.change.position), row.maker];
  return { name: "marketDepthL2", tokens: [...head, ...changeTokens(row.change), flag(row.smart)] };
}

export interface DepthExchangeView {
  readonly exchange: string;
  readonly secType: string;
  readonly listingExchange: string;
  /** `Deep` for one book, `Deep2` for one with market makers. */
  readonly service: "Deep" | "Deep2";
  readonly aggGroup: number;
}

export function encodeDepthExchanges(rows: readonly DepthExchangeView[]): Reply {
  const tokens = rows.flatMap((row) => {
    return [row.exchange, row.secType, row.listingExchange, row.service, String(row.aggGroup)];
  });
  return { name: "mktDepthExchanges", tokens: ["80", String(rows.length), ...tokens] };
}

export function encodeSmartComponents(
  reqId: number,
  rows: readonly { readonly bit: number; readonly exchange: string; readonly letter: string }[],
): Reply {
  const tokens = rows.flatMap((row) => [String(row.bit), row.exchange, row.letter]);
  return { name: "smartComponents", tokens: ["82", String(reqId), String(rows.length), ...tokens] };
}
