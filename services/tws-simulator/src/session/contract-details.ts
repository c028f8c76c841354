import { contractView } from "../broker/order-views.ts";
import type { ContractDetailsView } from "../codec/encode-contract.ts";
import type { ExchangeHours } from "../market/calendar.ts";
import type { Instrument } from "../market/instrument.ts";
import type { World } from "./world.ts";

/** What an order may be, in the words of contract details: types, validities and attributes. */
const ORDER_TYPES =
  "COND,DAY,FOK,GTC,GTD,HID,IOC,LIT,LMT,LOC,MIDPX,MIT,MKT,MOC,OCA,OPG,REL,STP,STPLMT,TRAIL,TRAILLMT,WHATIF";
const MINUTES_PER_DAY = 1440;

/** Futures and the options on them end when the day's main session opens. */
function lastTradeTime(instrument: Instrument, hours: ExchangeHours): string {
  const [main] = hours.liquid;
  const ends = instrument.secType === "FUT" || instrument.secType === "FOP";
  if (!ends || main === undefined) return "";
  return `${clockMinute(main.openMinute)} ${hours.timeZoneId}`;
}

/** `08:30`; a minute before midnight belongs to the day before. */
function clockMinute(minuteOfDay: number): string {
  const minute = (minuteOfDay + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Everything about an instrument as contract details tell it, at one of its exchanges. */
export function detailsView(world: World, instrument: Instrument, exchange: string): ContractDetailsView {
  const hours = world.market.hours(instrument, exchange);
  const nowMs = world.clock.nowMs();
  const { marketName, minTick, longName, industry, category, subcategory, underlyingConId, stockType } = instrument;
  return {
    ...{ marketName, minTick, longName, industry, category, subcategory, underlyingConId, stockType },
    contract: { ...contractView(instrument), exchange },
    lastTradeTime: lastTradeTime(instrument, hours),
    fund: instrument.fund === undefined ? undefined : { name: longName, ...instrument.fund },
    ineligibilityReasons: [],
    orderTypes: ORDER_TYPES,
    validExchanges: instrument.validExchanges.join(","),
    priceMagnifier: 1,
    contractMonth: instrument.expiry.slice(0, 6),
    timeZoneId: hours.timeZoneId,
    tradingHours: world.calendar.hoursText(hours, nowMs, "trading"),
    liquidHours: world.calendar.hoursText(hours, nowMs, "liquid"),
    securityIds: instrument.isin === "" ? [] : [{ tag: "ISIN", value: instrument.isin }],
    aggGroup: instrument.secType === "CASH" ? 4 : 1,
    underlyingSymbol: instrument.underlyingSymbol,
    underlyingSecType: instrument.underlyingSecType,
    marketRuleIds: instrument.validExchanges.map(() => String(instrument.marketRuleId)).join(","),
    realExpirationDate: instrument.expiry,
    minSize: instrument.minSize,
    sizeIncrement: instrument.sizeIncrement,
    suggestedSizeIncrement: instrument.suggestedSize,
  };
}
