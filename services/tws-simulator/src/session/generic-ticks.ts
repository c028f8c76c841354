import { toText } from "@countersign/money/decimal";
import { encodeTickGeneric, encodeTickPrice, encodeTickSize, encodeTickString } from "../codec/encode-market.ts";
import type { Reply } from "../codec/literals.ts";
import { dailyBar } from "../market/bars.ts";
import type { Instrument } from "../market/instrument.ts";
import { NEWS_PROVIDERS } from "../market/news.ts";
import { MODEL_VOLATILITY } from "../market/option-model.ts";
import type { GenericTicks } from "./session.ts";
import type { World } from "./world.ts";

/** What a generic tick says about: the quote and the day so far. */
interface Source {
  readonly reqId: number;
  readonly last: string;
  readonly lastSize: number;
  readonly day: ReturnType<typeof dailyBar>;
  readonly nowMs: number;
}

interface GenericTick {
  readonly name: string;
  readonly ticks: (source: Source) => Reply[];
}

const NEWS_TICK = 292;
const SHARES_TO_BORROW = "25000000";

function atPrice({ reqId }: Source, type: number, price: string): Reply {
  return encodeTickPrice({ reqId, type, price, size: "0", auto: false });
}

/** `price;size;time in ms;total volume;average price;single market maker`. */
function realTimeVolume({ last, lastSize, nowMs, day }: Source): string {
  return `${last};${lastSize};${nowMs};${day.volume};${day.wap};true`;
}

/** A share of the day's volume, for numbers that the model does not have. */
function part(day: Source["day"], divisor: number): string {
  return String(Math.floor(Number(day.volume) / divisor));
}

/** The generic ticks that are served, by the id that a request names. */
const TICKS: ReadonlyMap<number, GenericTick> = new Map<number, GenericTick>([
  [100, { name: "Option Volume", ticks: ({ reqId, day }) => [29, 30].map((type) => size(reqId, type, part(day, 50))) }],
  [101, { name: "Option Open Interest", ticks: ({ reqId }) => [27, 28].map((type) => size(reqId, type, "4200")) }],
  [104, { name: "histvol", ticks: ({ reqId }) => [encodeTickGeneric(reqId, 23, String(MODEL_VOLATILITY))] }],
  [105, { name: "Average Opt Volume", ticks: ({ reqId, day }) => [size(reqId, 87, part(day, 40))] }],
  [106, { name: "impvolat", ticks: ({ reqId }) => [encodeTickGeneric(reqId, 24, String(MODEL_VOLATILITY))] }],
  [
    165,
    {
      name: "Misc. Stats",
      ticks: (source) => [
        ...[15, 17, 19].map((type) => atPrice(source, type, source.day.low)),
        ...[16, 18, 20].map((type) => atPrice(source, type, source.day.high)),
        size(source.reqId, 21, source.day.volume),
      ],
    },
  ],
  [221, { name: "Mark Price", ticks: (source) => [atPrice(source, 37, source.last)] }],
  [
    225,
    {
      name: "Auction",
      ticks: (source) => [
        ...[34, 36, 61].map((type) => size(source.reqId, type, "0")),
        atPrice(source, 35, source.last),
      ],
    },
  ],
  [233, { name: "RTVolume", ticks: (source) => [encodeTickString(source.reqId, 48, realTimeVolume(source))] }],
  [
    236,
    {
      name: "inventory",
      ticks: ({ reqId }) => [encodeTickGeneric(reqId, 46, "3.0"), size(reqId, 89, SHARES_TO_BORROW)],
    },
  ],
  [NEWS_TICK, { name: "Wide_news", ticks: () => [] }],
  [293, { name: "TradeCount", ticks: ({ reqId, day }) => [encodeTickGeneric(reqId, 54, String(day.count))] }],
  [294, { name: "TradeRate", ticks: ({ reqId }) => [encodeTickGeneric(reqId, 55, "240")] }],
  [295, { name: "VolumeRate", ticks: ({ reqId }) => [encodeTickGeneric(reqId, 56, "2400")] }],
  [318, { name: "LastRTHTrade", ticks: (source) => [atPrice(source, 57, source.last)] }],
  [375, { name: "RTTrdVolume", ticks: (source) => [encodeTickString(source.reqId, 77, realTimeVolume(source))] }],
  [411, { name: "rthistvol", ticks: ({ reqId }) => [encodeTickGeneric(reqId, 58, String(MODEL_VOLATILITY))] }],
  [456, { name: "IBDividends", ticks: ({ reqId }) => [encodeTickString(reqId, 59, ",,,")] }],
  [588, { name: "Futures Open Interest", ticks: ({ reqId }) => [size(reqId, 86, "1500000")] }],
  [
    595,
    {
      name: "Short-Term Volume X Mins",
      ticks: ({ reqId, day }) => [63, 64, 65].map((type) => size(reqId, type, part(day, 100))),
    },
  ],
]);
/** Sent again with each trade; the others once. */
const WITH_EACH_TRADE: ReadonlySet<number> = new Set([221, 233, 375]);

function size(reqId: number, type: number, value: string): Reply {
  return encodeTickSize(reqId, type, value);
}

/** What the list of a request asks for, or the cause why it is refused. `mdoff` means that only these are wanted. */
export function parseGenericTicks(list: string, instrument: Instrument): GenericTicks | string {
  const ids = new Set<number>();
  const providers = new Set<string>();
  for (const entry of list.split(",").map((text) => text.trim())) {
    if (entry === "" || entry === "mdoff") continue;
    const [idText = "", codes = ""] = entry.split(":");
    const id = Number(idText);
    if (!/^\d{1,4}$/.test(idText) || !TICKS.has(id) || instrument.secType === "BAG") return illegal(entry, instrument);
    ids.add(id);
    if (id !== NEWS_TICK) continue;
    for (const code of codes === "" ? NEWS_PROVIDERS.map((each) => each.code) : codes.split("+")) providers.add(code);
  }
  return { ids, providers };
}

function illegal(entry: string, instrument: Instrument): string {
  const legal = [...TICKS].map(([id, { name }]) => `${id}(${name})`).join(",");
  return `Incorrect generic tick list of ${entry}.  Legal ones for (${instrument.secType}) are: ${legal}`;
}

/** The extra ticks of a request: all of them at first, later those that each trade moves. */
export function genericTicks(
  world: World,
  stream: { readonly reqId: number; readonly instrument: Instrument; readonly generic: GenericTicks },
  which: "all" | "traded",
): Reply[] {
  const wanted = [...stream.generic.ids].filter((id) => which === "all" || WITH_EACH_TRADE.has(id));
  if (wanted.length === 0) return [];
  const nowMs = world.clock.nowMs();
  const quote = world.market.quote(stream.instrument);
  const day = dailyBar(world.market, stream.instrument, nowMs);
  const source = { reqId: stream.reqId, last: toText(quote.last), lastSize: quote.lastSize, day, nowMs };
  return wanted.flatMap((id) => TICKS.get(id)?.ticks(source) ?? []);
}
