import { GATE_ROWS } from "./market-gate-reads.ts";
import { marketRead as read } from "./market-row.ts";
import * as broker from "./messages/broker.v1.ts";
import * as market from "./messages/market-data.v1.ts";
import * as bars from "./messages/md-bars.v1.ts";
import * as calendar from "./messages/md-calendar.v1.ts";
import * as fx from "./messages/md-fx.v1.ts";
import * as instruments from "./messages/md-instruments.v1.ts";
import * as stats from "./messages/md-stats.v1.ts";
import * as streams from "./messages/md-streams.v1.ts";
import * as surface from "./messages/md-surface.v1.ts";

const BARS_MS = 30_000;

const BAR_READS = {
  bars: read(["mcp-edge"], {
    subject: "rpc.v1.md.bars",
    text: "Historical bars over any range, from the shared cache",
    schema: "md.bars/4",
    request: bars.BarsRequest,
    reply: bars.BarsReply,
    timeoutMs: BARS_MS,
  }),
  head: read(["mcp-edge", "risk-gate"], {
    subject: "rpc.v1.md.head",
    text: "How far back the data of an instrument goes",
    schema: "md.head/2",
    request: bars.HeadRequest,
    reply: bars.HeadReply,
    timeoutMs: BARS_MS,
  }),
  ticksPast: read(["mcp-edge"], {
    subject: "rpc.v1.md.ticks-past",
    text: "Past trades, quotes or midpoints, one by one, whole seconds",
    schema: "md.ticks-past/2",
    request: bars.TicksPastRequest,
    reply: bars.TicksPastReply,
    timeoutMs: BARS_MS,
  }),
  barsLive: read(["mcp-edge"], {
    subject: "rpc.v1.md.live-bars",
    text: "The next bars of five seconds",
    schema: "md.live-bars/2",
    request: bars.NextBarsRequest,
    reply: bars.NextBarsReply,
    timeoutMs: BARS_MS,
  }),
} as const;

const ASKERS = ["mcp-edge", "admin-core"] as const;

const INSTRUMENT_ROWS = {
  resolve: read(ASKERS, {
    subject: "rpc.v1.md.resolve",
    text: "The one instrument that is meant, or the candidates",
    schema: "md.resolve/1",
    request: instruments.ResolveRequest,
    reply: instruments.ResolveReply,
    timeoutMs: 20_000,
  }),
  resolveMany: read(ASKERS, {
    subject: "rpc.v1.md.resolve-many",
    text: "Up to fifty instruments, each by itself",
    schema: "md.resolve-many/1",
    request: instruments.ResolveManyRequest,
    reply: instruments.ResolveManyReply,
    timeoutMs: 60_000,
  }),
  chain: read(ASKERS, {
    subject: "rpc.v1.md.chain",
    text: "Expirations and strikes of the options on an underlying",
    schema: "md.chain/1",
    request: instruments.ChainRequest,
    reply: instruments.ChainReply,
    timeoutMs: 30_000,
  }),
  chainContracts: read(ASKERS, {
    subject: "rpc.v1.md.chain-contracts",
    text: "Option contracts of a part of a chain, with their values",
    schema: "md.chain-contracts/1",
    request: instruments.ChainContractsRequest,
    reply: instruments.ChainContractsReply,
    timeoutMs: 60_000,
  }),
  futures: read(ASKERS, {
    subject: "rpc.v1.md.futures",
    text: "The contracts of a future, front month first",
    schema: "md.futures/1",
    request: instruments.FuturesRequest,
    reply: instruments.FuturesReply,
    timeoutMs: 30_000,
  }),
  combo: read(ASKERS, {
    subject: "rpc.v1.md.combo",
    text: "The legs of a combination, resolved",
    schema: "md.combo/1",
    request: instruments.ComboRequest,
    reply: instruments.ComboReply,
    timeoutMs: 30_000,
  }),
} as const;

const CALENDAR_READS = {
  session: read(ASKERS, {
    subject: "rpc.v1.md.session",
    text: "Whether the market of an instrument is open",
    schema: "md.session/3",
    request: market.SessionRequest,
    reply: market.SessionReply,
    timeoutMs: 8_000,
  }),
  calendar: read([...ASKERS, "risk-gate"], {
    subject: "rpc.v1.md.calendar",
    text: "The sessions of an instrument, date by date",
    schema: "md.calendar/2",
    request: calendar.CalendarRequest,
    reply: calendar.CalendarReply,
    timeoutMs: 20_000,
  }),
  exchange: read(ASKERS, {
    subject: "rpc.v1.md.exchange",
    text: "An exchange by its code, an alias or its MIC, from the table",
    schema: "md.exchange/1",
    request: calendar.ExchangeRequest,
    reply: calendar.ExchangeReply,
    timeoutMs: 2_000,
  }),
  settlement: read(ASKERS, {
    subject: "rpc.v1.md.settlement",
    text: "When a trade of an instrument settles",
    schema: "md.settlement/1",
    request: calendar.SettlementRequest,
    reply: calendar.SettlementReply,
    timeoutMs: 8_000,
  }),
} as const;

const SURFACE_ROWS = {
  marketDepth: read(ASKERS, {
    subject: "rpc.v1.md.depth",
    text: "The order book of an instrument",
    schema: "md.depth/2",
    request: surface.MarketDepthRequest,
    reply: surface.MarketDepthReply,
    timeoutMs: 25_000,
  }),
  marketHistogram: read(ASKERS, {
    subject: "rpc.v1.md.histogram",
    text: "How much was traded at each price",
    schema: "md.histogram/2",
    request: surface.MarketHistogramRequest,
    reply: surface.MarketHistogramReply,
    timeoutMs: 25_000,
  }),
  scanCatalogue: read(ASKERS, {
    subject: "rpc.v1.md.scan-catalogue",
    text: "What can be scanned",
    schema: "md.scan-catalogue/2",
    request: surface.ScanCatalogueRequest,
    reply: surface.ScanCatalogueReply,
    timeoutMs: 25_000,
  }),
  marketScan: read(ASKERS, {
    subject: "rpc.v1.md.scan",
    text: "Instruments that fit a scan, ranked",
    schema: "md.scan/2",
    request: surface.MarketScanRequest,
    reply: surface.MarketScanReply,
    timeoutMs: 25_000,
  }),
  newsSources: read(ASKERS, {
    subject: "rpc.v1.md.news-sources",
    text: "The news providers of the user",
    schema: "md.news-sources/2",
    request: surface.NewsSourcesRequest,
    reply: surface.NewsSourcesReply,
    timeoutMs: 12_000,
  }),
  newsHeadlines: read(ASKERS, {
    subject: "rpc.v1.md.news-headlines",
    text: "Past headlines about an instrument",
    schema: "md.news-headlines/2",
    request: surface.NewsHeadlinesRequest,
    reply: surface.NewsHeadlinesReply,
    timeoutMs: 25_000,
  }),
  newsArticle: read(ASKERS, {
    subject: "rpc.v1.md.news-article",
    text: "The text of a news article; untrusted",
    schema: "md.news-article/2",
    request: surface.NewsArticleRequest,
    reply: surface.NewsArticleReply,
    timeoutMs: 25_000,
  }),
  instrumentDetails: read(ASKERS, {
    subject: "rpc.v1.md.details",
    text: "Everything about one instrument, with the price steps of each exchange",
    schema: "md.details/2",
    request: surface.InstrumentDetailsRequest,
    reply: surface.InstrumentDetailsReply,
    timeoutMs: 40_000,
  }),
} as const;

export const MARKET_READS = {
  ...SURFACE_ROWS,
  ...INSTRUMENT_ROWS,
  ...CALENDAR_READS,
  quote: read(ASKERS, {
    subject: "rpc.v1.md.quote",
    text: "A quote no older than the caller accepts",
    schema: "md.quote/3",
    request: market.QuoteRequest,
    reply: market.QuoteReply,
    timeoutMs: 12_000,
  }),
  ...BAR_READS,
  contract: read(ASKERS, {
    subject: "rpc.v1.md.contract",
    text: "An instrument by conId",
    schema: "md.contract/3",
    request: market.ContractQuestion,
    reply: broker.ContractReply,
    timeoutMs: 8_000,
  }),
  search: read(["mcp-edge"], {
    subject: "rpc.v1.md.search",
    text: "Instruments that fit a symbol or a name",
    schema: "md.search/2",
    request: market.SearchQuestion,
    reply: broker.SearchReply,
    timeoutMs: 8_000,
  }),
  rate: read(["mcp-edge"], {
    subject: "rpc.v1.md.rate",
    text: "An exchange rate from quotes, with every leg",
    schema: "md.rate/3",
    request: fx.RateRequest,
    reply: fx.RateReply,
    timeoutMs: 12_000,
  }),
  convert: read(["mcp-edge", "admin-core"], {
    subject: "rpc.v1.md.convert",
    text: "An amount in another currency",
    schema: "md.convert/2",
    request: fx.ConvertRequest,
    reply: fx.ConvertReply,
    timeoutMs: 12_000,
  }),
  currencyPairs: read(["mcp-edge", "admin-core"], {
    subject: "rpc.v1.md.currency-pairs",
    text: "The pairs that rates are made of, with pips and sizes",
    schema: "md.currency-pairs/1",
    request: fx.CurrencyPairsRequest,
    reply: fx.CurrencyPairsReply,
    timeoutMs: 2_000,
  }),
  ...GATE_ROWS,
  marketStats: read(["admin-core"], {
    subject: "rpc.v1.md.stats",
    text: "What the caches and the queue to the broker have done",
    schema: "md.stats/1",
    request: stats.MarketStatsRequest,
    reply: stats.MarketStatsReply,
    timeoutMs: 2_000,
  }),
  watch: read(["mcp-edge", "risk-gate", "admin-core"], {
    subject: "rpc.v1.md.watch",
    text: "Which instruments are to be streamed to a watcher, renewed every few seconds",
    schema: "md.watch/1",
    request: streams.WatchRequest,
    reply: streams.WatchReply,
    timeoutMs: 2_000,
  }),
} as const;
