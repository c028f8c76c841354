import type { OrderTerms, OrderType } from "./model.ts";

/** What an order type means, as one row of data. */
interface Kind {
  /** What the limit price is: needed, a cap that may be absent, or not looked at. */
  readonly limit: "needed" | "cap" | "none" | "trailing";
  /** What the auxiliary price is. */
  readonly aux: "stop" | "touch" | "trail" | "offset" | "none";
  /** What it becomes when it works: a market order, a limit order, or a price that moves with the market. */
  readonly works: "market" | "limit" | "middle" | "relative";
  readonly auction: "open" | "close" | undefined;
}

const KINDS: { readonly [T in OrderType]: Kind } = {
  MKT: { limit: "none", aux: "none", works: "market", auction: undefined },
  LMT: { limit: "needed", aux: "none", works: "limit", auction: undefined },
  STP: { limit: "none", aux: "stop", works: "market", auction: undefined },
  "STP LMT": { limit: "needed", aux: "stop", works: "limit", auction: undefined },
  TRAIL: { limit: "none", aux: "trail", works: "market", auction: undefined },
  "TRAIL LIMIT": { limit: "trailing", aux: "trail", works: "limit", auction: undefined },
  MIT: { limit: "none", aux: "touch", works: "market", auction: undefined },
  LIT: { limit: "needed", aux: "touch", works: "limit", auction: undefined },
  MOC: { limit: "none", aux: "none", works: "market", auction: "close" },
  LOC: { limit: "needed", aux: "none", works: "limit", auction: "close" },
  MOO: { limit: "none", aux: "none", works: "market", auction: "open" },
  LOO: { limit: "needed", aux: "none", works: "limit", auction: "open" },
  MIDPRICE: { limit: "cap", aux: "none", works: "middle", auction: undefined },
  REL: { limit: "cap", aux: "offset", works: "relative", auction: undefined },
};

export function kindOf(orderType: OrderType): Kind {
  return KINDS[orderType];
}

export function isOrderType(text: string): text is OrderType {
  return Object.hasOwn(KINDS, text);
}

/** The auction that an order is for: by its type, or by the time in force OPG. */
export function auctionOf(terms: OrderTerms): "open" | "close" | undefined {
  return terms.tif === "OPG" ? "open" : kindOf(terms.orderType).auction;
}

/** True when the order sleeps until the market reaches a price. */
export function hasTrigger(terms: OrderTerms): boolean {
  const { aux } = kindOf(terms.orderType);
  return aux === "stop" || aux === "touch" || aux === "trail";
}

export function isTrailing(terms: OrderTerms): boolean {
  return kindOf(terms.orderType).aux === "trail";
}
