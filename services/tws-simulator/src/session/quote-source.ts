import { decimal } from "@countersign/money/decimal";
import { type Tradable, Tradables } from "../broker/tradables.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import { sessionsBefore } from "../market/sessions.ts";
import type { MarketDataType } from "./session.ts";
import type { World } from "./world.ts";

const DELAY_MS = 15 * 60_000;
const MINUS_ONE = decimal("-1");

/** Frozen types differ from the others while the market is closed only. */
export function isDelayed(type: MarketDataType): boolean {
  return type > 2;
}

function isFrozen(type: MarketDataType): boolean {
  return type === 2 || type === 4;
}

/** The type that a client is told: an open market has no frozen data. */
export function shownType(wanted: MarketDataType, open: boolean): MarketDataType {
  if (!open) return wanted;
  return isDelayed(wanted) ? 3 : 1;
}

/** The instant whose data is shown: now or a quarter of an hour ago, and the last close while the market is closed. */
export function shownAtMs(
  world: World,
  instrument: Instrument,
  stream: { wanted: MarketDataType; open: boolean },
): number {
  const nowMs = world.clock.nowMs();
  if (stream.open) return isDelayed(stream.wanted) ? nowMs - DELAY_MS : nowMs;
  const search = { calendar: world.calendar, hours: world.market.hours(instrument), kind: "trading" } as const;
  for (const session of sessionsBefore(search, nowMs)) return Math.min(session.closeMs - 1, nowMs);
  return nowMs;
}

/** The quote as a client sees it. While the market is closed only frozen data has a bid and an ask. */
export function shownQuote(
  world: World,
  tradable: Tradable,
  stream: { readonly wanted: MarketDataType; readonly open: boolean },
): Quote {
  const { instrument } = tradable;
  const isNow = stream.open && !isDelayed(stream.wanted);
  const atMs = isNow ? undefined : shownAtMs(world, instrument, stream);
  const quote = new Tradables(world.book, world.market).quote(tradable, (each) => world.market.quote(each, atMs));
  const noQuote = { ...quote, bid: MINUS_ONE, ask: MINUS_ONE, bidSize: 0, askSize: 0 };
  return world.data.shown(stream.open || isFrozen(stream.wanted) ? quote : noQuote, instrument);
}
