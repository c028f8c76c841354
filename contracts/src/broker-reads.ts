import type { Rpc } from "./contract-kinds.ts";
import * as account from "./messages/account-reads.v1.ts";
import * as history from "./messages/history-reads.v1.ts";
import * as instrument from "./messages/instrument-reads.v1.ts";
import * as live from "./messages/live-reads.v1.ts";
import * as streams from "./messages/md-streams.v1.ts";

/** The part of the table of subjects with what is read of TWS and nothing else needs yet. */
const read = <const R extends Pick<Rpc, "subject" | "text" | "schema" | "request" | "reply" | "timeoutMs">, const C>(
  callers: C,
  row: R,
) => ({ kind: "rpc", server: "broker-gateway-core", effect: "read", callers, ...row }) as const;

const PEOPLE = ["admin-core"] as const;
const MARKET = ["market-data"] as const;
const SHORT_MS = 8_000;
const LONG_MS = 20_000;

const ACCOUNT_READS = {
  accountUpdates: read([...PEOPLE, "risk-gate"], {
    subject: "rpc.v1.broker.account-updates",
    text: "Every value and portfolio row of an account",
    schema: "broker.account-updates/1",
    request: account.AccountUpdatesRequest,
    reply: account.AccountUpdatesReply,
    timeoutMs: SHORT_MS,
  }),
  accountValues: read(PEOPLE, {
    subject: "rpc.v1.broker.account-values",
    text: "Values of an account or of one of its models",
    schema: "broker.account-values/1",
    request: account.AccountValuesRequest,
    reply: account.AccountValuesReply,
    timeoutMs: SHORT_MS,
  }),
  modelPositions: read(PEOPLE, {
    subject: "rpc.v1.broker.model-positions",
    text: "Positions of an account or of one of its models",
    schema: "broker.model-positions/1",
    request: account.ModelPositionsRequest,
    reply: account.ModelPositionsReply,
    timeoutMs: SHORT_MS,
  }),
  pnl: read([...PEOPLE, "risk-gate"], {
    subject: "rpc.v1.broker.pnl",
    text: "Profit and loss of an account",
    schema: "broker.pnl/1",
    request: account.PnlRequest,
    reply: account.PnlReply,
    timeoutMs: SHORT_MS,
  }),
  positionPnl: read(PEOPLE, {
    subject: "rpc.v1.broker.position-pnl",
    text: "Profit and loss of one position",
    schema: "broker.position-pnl/1",
    request: account.PositionPnlRequest,
    reply: account.PositionPnlReply,
    timeoutMs: SHORT_MS,
  }),
  completedOrders: read(PEOPLE, {
    subject: "rpc.v1.broker.completed-orders",
    text: "Orders that are over, ours and foreign",
    schema: "broker.completed-orders/2",
    request: account.CompletedOrdersRequest,
    reply: account.CompletedOrdersReply,
    timeoutMs: SHORT_MS,
  }),
  familyCodes: read(PEOPLE, {
    subject: "rpc.v1.broker.family-codes",
    text: "Family codes of the accounts",
    schema: "broker.family-codes/1",
    request: account.FamilyCodesRequest,
    reply: account.FamilyCodesReply,
    timeoutMs: SHORT_MS,
  }),
  userInfo: read(PEOPLE, {
    subject: "rpc.v1.broker.user-info",
    text: "White branding of the user",
    schema: "broker.user-info/1",
    request: account.UserInfoRequest,
    reply: account.UserInfoReply,
    timeoutMs: SHORT_MS,
  }),
} as const;

const INSTRUMENT_READS = {
  details: read(MARKET, {
    subject: "rpc.v1.broker.details",
    text: "Everything about the instruments that fit",
    schema: "broker.details/1",
    request: instrument.DetailsRequest,
    reply: instrument.DetailsReply,
    timeoutMs: LONG_MS,
  }),
  optionChains: read(MARKET, {
    subject: "rpc.v1.broker.option-chains",
    text: "Expirations and strikes of the options on an underlying",
    schema: "broker.option-chains/1",
    request: instrument.OptionChainsRequest,
    reply: instrument.OptionChainsReply,
    timeoutMs: LONG_MS,
  }),
  marketRule: read(MARKET, {
    subject: "rpc.v1.broker.market-rule",
    text: "Price steps of a market rule",
    schema: "broker.market-rule/1",
    request: instrument.MarketRuleRequest,
    reply: instrument.MarketRuleReply,
    timeoutMs: SHORT_MS,
  }),
  smartComponents: read(MARKET, {
    subject: "rpc.v1.broker.smart-components",
    text: "Exchanges behind the letters of a consolidated quote",
    schema: "broker.smart-components/1",
    request: instrument.SmartComponentsRequest,
    reply: instrument.SmartComponentsReply,
    timeoutMs: SHORT_MS,
  }),
  depthExchanges: read(MARKET, {
    subject: "rpc.v1.broker.depth-exchanges",
    text: "Exchanges that offer an order book",
    schema: "broker.depth-exchanges/1",
    request: instrument.DepthExchangesRequest,
    reply: instrument.DepthExchangesReply,
    timeoutMs: SHORT_MS,
  }),
} as const;

const LIVE_READS = {
  ticks: read(MARKET, {
    subject: "rpc.v1.broker.ticks",
    text: "Every value of an instrument's market data, each with its label",
    schema: "broker.ticks/1",
    request: live.TicksRequest,
    reply: live.TicksReply,
    timeoutMs: LONG_MS,
  }),
  depth: read(MARKET, {
    subject: "rpc.v1.broker.depth",
    text: "The order book of an instrument",
    schema: "broker.depth/1",
    request: live.DepthRequest,
    reply: live.DepthReply,
    timeoutMs: LONG_MS,
  }),
  tickByTick: read(MARKET, {
    subject: "rpc.v1.broker.tick-by-tick",
    text: "The next trades, quotes or midpoints, one by one",
    schema: "broker.tick-by-tick/1",
    request: live.TickByTickRequest,
    reply: live.TickByTickReply,
    timeoutMs: LONG_MS,
  }),
  liveBars: read(MARKET, {
    subject: "rpc.v1.broker.live-bars",
    text: "The next bars of five seconds",
    schema: "broker.live-bars/1",
    request: live.LiveBarsRequest,
    reply: live.LiveBarsReply,
    timeoutMs: 30_000,
  }),
  pastTicks: read(MARKET, {
    subject: "rpc.v1.broker.past-ticks",
    text: "Past trades, quotes or midpoints, one by one",
    schema: "broker.past-ticks/1",
    request: live.PastTicksRequest,
    reply: live.PastTicksReply,
    timeoutMs: LONG_MS,
  }),
} as const;

const HISTORY_READS = {
  headTimestamp: read(MARKET, {
    subject: "rpc.v1.broker.head-timestamp",
    text: "How far back the data of an instrument goes",
    schema: "broker.head-timestamp/1",
    request: history.HeadTimestampRequest,
    reply: history.HeadTimestampReply,
    timeoutMs: LONG_MS,
  }),
  histogram: read(MARKET, {
    subject: "rpc.v1.broker.histogram",
    text: "How much was traded at each price",
    schema: "broker.histogram/1",
    request: history.HistogramRequest,
    reply: history.HistogramReply,
    timeoutMs: LONG_MS,
  }),
  schedule: read(MARKET, {
    subject: "rpc.v1.broker.schedule",
    text: "Past sessions of an instrument",
    schema: "broker.schedule/1",
    request: history.ScheduleRequest,
    reply: history.ScheduleReply,
    timeoutMs: LONG_MS,
  }),
  scanParameters: read(MARKET, {
    subject: "rpc.v1.broker.scan-parameters",
    text: "What can be scanned",
    schema: "broker.scan-parameters/1",
    request: history.ScanParametersRequest,
    reply: history.ScanParametersReply,
    timeoutMs: LONG_MS,
  }),
  scan: read(MARKET, {
    subject: "rpc.v1.broker.scan",
    text: "Instruments that fit a scan, ranked",
    schema: "broker.scan/1",
    request: history.ScanRequest,
    reply: history.ScanReply,
    timeoutMs: LONG_MS,
  }),
  newsProviders: read(MARKET, {
    subject: "rpc.v1.broker.news-providers",
    text: "The news providers of the user",
    schema: "broker.news-providers/1",
    request: history.NewsProvidersRequest,
    reply: history.NewsProvidersReply,
    timeoutMs: SHORT_MS,
  }),
  headlines: read(MARKET, {
    subject: "rpc.v1.broker.headlines",
    text: "Past headlines about an instrument",
    schema: "broker.headlines/1",
    request: history.HeadlinesRequest,
    reply: history.HeadlinesReply,
    timeoutMs: LONG_MS,
  }),
  article: read(MARKET, {
    subject: "rpc.v1.broker.article",
    text: "The text of a news article",
    schema: "broker.article/1",
    request: history.ArticleRequest,
    reply: history.ArticleReply,
    timeoutMs: LONG_MS,
  }),
} as const;

const LINES = {
  lines: read(MARKET, {
    subject: "rpc.v1.broker.lines",
    text: "Which lines of market data are to be kept open, renewed every few seconds",
    schema: "broker.lines/1",
    request: streams.BrokerLinesRequest,
    reply: streams.BrokerLinesReply,
    timeoutMs: 2_000,
  }),
} as const;

export const BROKER_READS = {
  ...ACCOUNT_READS,
  ...INSTRUMENT_READS,
  ...LIVE_READS,
  ...HISTORY_READS,
  ...LINES,
} as const;
