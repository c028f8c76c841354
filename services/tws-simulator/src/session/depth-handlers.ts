import {
  DEPTH_OPERATION,
  type DepthChange,
  type DepthExchangeView,
  encodeDepthExchanges,
  encodeMarketDepth,
  encodeMarketDepthL2,
  encodeSmartComponents,
} from "../codec/encode-depth.ts";
import type { RequestOf } from "../codec/requests.ts";
import type { MarketDepthRequest } from "../codec/requests-data.ts";
import type { Instrument } from "../market/instrument.ts";
import { type BookRow, type BookSides, bookOf } from "../market/order-book.ts";
import { SMART_COMPONENTS, SMART_QUOTE_CODE } from "../market/venues.ts";
import { resolve } from "./resolve.ts";
import type { Session } from "./session.ts";
import { unlessStale } from "./unless-stale.ts";
import { refuse, sendError, type World } from "./world.ts";

const BOOKS_MAX = 3;
const ROWS_MAX = 20;
const ROWS_DEFAULT = 5;
/** Nobody quotes while the market is closed. */
const NO_BOOK: BookSides = { bid: [], ask: [] };
const WITHOUT_BOOK: ReadonlySet<string> = new Set(["IND", "FUND", "BOND"]);

/** A SMART book names the exchange of each row, a share's book on one exchange its market makers. */
type BookStyle = "smart" | "makers" | "plain";

function styleOf(request: MarketDepthRequest, instrument: Instrument): BookStyle | undefined {
  if (WITHOUT_BOOK.has(instrument.secType)) return undefined;
  const onSmart = request.contract.exchange.toUpperCase() === "SMART" || request.contract.exchange === "";
  if (onSmart || request.smart) return request.smart && instrument.exchange === "SMART" ? "smart" : undefined;
  return instrument.secType === "STK" ? "makers" : "plain";
}

function changes(before: BookSides | undefined, now: BookSides): { change: DepthChange; row: BookRow }[] {
  const found: { change: DepthChange; row: BookRow }[] = [];
  for (const side of ["bid", "ask"] as const) {
    for (const [position, row] of now[side].entries()) {
      const old = before?.[side][position];
      if (old !== undefined && old.price === row.price && old.size === row.size) continue;
      const operation = old === undefined ? DEPTH_OPERATION.insert : DEPTH_OPERATION.update;
      found.push({ change: { position, operation, side, price: row.price, size: row.size }, row });
    }
    for (let position = (before?.[side].length ?? 0) - 1; position >= now[side].length; position -= 1) {
      const row = { price: "0", size: "0", venue: "" };
      found.push({ change: { position, operation: DEPTH_OPERATION.remove, side, price: "0", size: "0" }, row });
    }
  }
  return found;
}

export function startDepth(world: World, session: Session, request: MarketDepthRequest): undefined {
  const { reqId } = request;
  const { streams } = session.subscriptions;
  if (streams.has("depth", reqId)) return refuse(session, reqId, 102, "Duplicate ticker ID.");
  if (streams.count("depth") >= BOOKS_MAX) {
    return refuse(session, reqId, 309, `Max number (${BOOKS_MAX}) of market depth requests has been reached`);
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return;
  const style = styleOf(request, instrument);
  if (style === undefined) {
    const text = "Deep market data is not supported for this combination of security type/exchange";
    return refuse(session, reqId, 10092, text);
  }
  const rows = Math.min(request.rows < 1 ? ROWS_DEFAULT : request.rows, ROWS_MAX);
  let seen: BookSides | undefined;
  const push = () => {
    const book = world.market.isOpen(instrument, "trading") ? bookOf(world.market, instrument, rows) : NO_BOOK;
    for (const { change, row } of changes(seen, book)) {
      if (style === "plain") session.send(encodeMarketDepth(reqId, change));
      else {
        const maker = style === "smart" ? row.venue : `MM${String(change.position).padStart(2, "0")}`;
        session.send(encodeMarketDepthL2(reqId, { maker, smart: style === "smart", change }));
      }
    }
    seen = book;
  };
  push();
  streams.start("depth", reqId, unlessStale(world, instrument, push));
}

export function stopDepth(session: Session, reqId: number): void {
  if (session.subscriptions.streams.stop("depth", reqId)) return;
  sendError(session, reqId, 310, `Can't find the subscribed market depth with tickerId:${reqId}`);
}

/** Every exchange of the book that offers depth, by kind of security. */
export function sendDepthExchanges(world: World, session: Session): void {
  const rows = new Map<string, DepthExchangeView>();
  for (const instrument of world.book.values()) {
    if (WITHOUT_BOOK.has(instrument.secType)) continue;
    const service = instrument.secType === "STK" ? "Deep2" : "Deep";
    for (const exchange of instrument.validExchanges) {
      if (exchange === "SMART") continue;
      const { secType } = instrument;
      rows.set(`${exchange} ${secType}`, { exchange, secType, listingExchange: "", service, aggGroup: 1 });
    }
  }
  session.send(encodeDepthExchanges([...rows.values()]));
}

export function sendSmartComponents(
  _world: World,
  session: Session,
  request: RequestOf<"reqSmartComponents">,
): undefined {
  if (request.bboExchange !== SMART_QUOTE_CODE) {
    const cause = `Invalid exchange group: ${request.bboExchange}`;
    return refuse(session, request.reqId, 321, `Error validating request.-'bW' : cause - ${cause}`);
  }
  session.send(encodeSmartComponents(request.reqId, SMART_COMPONENTS));
}
