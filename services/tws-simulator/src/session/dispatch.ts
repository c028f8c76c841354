import {
  encodeCurrentTime,
  encodeFamilyCodes,
  encodeManagedAccounts,
  encodeNextValidId,
  encodeUserInfo,
} from "../codec/encode-session.ts";
import type { Request, RequestKind, RequestOf } from "../codec/requests.ts";
import { startAccountUpdates, startPositions, startSummary } from "./account-handlers.ts";
import { sendHistogram, startRealTimeBars, stopRealTimeBars } from "./bar-handlers.ts";
import { sendContractDetails } from "./contract-handlers.ts";
import { sendDepthExchanges, sendSmartComponents, startDepth, stopDepth } from "./depth-handlers.ts";
import { cancelHistoricalData, sendHeadTimestamp, sendHistoricalData } from "./history-handlers.ts";
import { setMarketDataType, startMarketData, stopMarketData } from "./market-handlers.ts";
import { startAccountMulti, startPositionsMulti } from "./multi-handlers.ts";
import {
  sendHistoricalNews,
  sendNewsArticle,
  sendNewsProviders,
  startBulletins,
  stopBulletins,
} from "./news-handlers.ts";
import { sendImpliedVolatility, sendOptionPrice } from "./option-ticks.ts";
import {
  bindManualOrders,
  sendAutoOpenOrders,
  sendCompletedOrders,
  sendExecutions,
  sendOpenOrders,
} from "./order-handlers.ts";
import { startPnl, startPnlSingle } from "./pnl-handlers.ts";
import { sendScannerParameters, startScan, stopScan } from "./scanner-handlers.ts";
import type { Session } from "./session.ts";
import { sendMarketRule, sendMatchingSymbols, sendOptionParameters } from "./symbol-handlers.ts";
import { sendHistoricalTicks, startTickByTick, stopTickByTick } from "./tick-handlers.ts";
import type { World } from "./world.ts";

type Handler<K extends RequestKind> = (world: World, session: Session, request: RequestOf<K>) => void;

const NOTHING = () => {};

/** What each request does once the session is ready. */
const HANDLERS: { readonly [K in RequestKind]: Handler<K> } = {
  placeOrder: (world, session, request) => world.broker.place(session.clientId, request),
  cancelOrder: (world, session, request) => world.broker.cancel(session.clientId, request.orderId),
  reqGlobalCancel: (world) => world.broker.cancelAll(),
  reqOpenOrders: (world, session) => {
    bindManualOrders(world, session);
    sendOpenOrders(world, session, session.clientId);
  },
  reqAllOpenOrders: (world, session) => sendOpenOrders(world, session, undefined),
  reqAutoOpenOrders: (_world, session, request) => sendAutoOpenOrders(session, request.autoBind),
  reqCompletedOrders: sendCompletedOrders,
  reqExecutions: sendExecutions,
  reqAccountSummary: startSummary,
  cancelAccountSummary: (_world, session, request) => void session.subscriptions.summaries.delete(request.reqId),
  reqAccountUpdates: startAccountUpdates,
  reqPositions: startPositions,
  cancelPositions: (_world, session) => {
    session.subscriptions.positions = false;
  },
  reqPositionsMulti: startPositionsMulti,
  cancelPositionsMulti: (_world, session, request) => void session.subscriptions.positionsMulti.delete(request.reqId),
  reqAccountUpdatesMulti: startAccountMulti,
  cancelAccountUpdatesMulti: (_world, session, request) =>
    void session.subscriptions.accountsMulti.delete(request.reqId),
  reqPnL: startPnl,
  cancelPnL: (_world, session, request) => void session.subscriptions.pnl.delete(request.reqId),
  reqPnLSingle: startPnlSingle,
  cancelPnLSingle: (_world, session, request) => void session.subscriptions.pnlSingle.delete(request.reqId),
  reqContractDetails: sendContractDetails,
  reqMatchingSymbols: sendMatchingSymbols,
  reqMarketRule: (_world, session, request) => sendMarketRule(session, request.ruleId),
  reqSecDefOptParams: sendOptionParameters,
  reqMktData: startMarketData,
  cancelMktData: (_world, session, request) => stopMarketData(session, request.reqId),
  reqMarketDataType: (_world, session, request) => setMarketDataType(session, request.type),
  reqHistoricalData: sendHistoricalData,
  cancelHistoricalData: (_world, session, request) => cancelHistoricalData(session, request.reqId),
  reqHeadTimestamp: sendHeadTimestamp,
  cancelHeadTimestamp: NOTHING,
  startApi: NOTHING,
  setServerLogLevel: NOTHING,
  reqIds: (world, session) => session.send(encodeNextValidId(world.state.highestOrderId(session.clientId) + 1)),
  reqCurrentTime: (world, session) => session.send(encodeCurrentTime(Math.floor(world.clock.nowMs() / 1000))),
  reqManagedAccts: (world, session) => session.send(encodeManagedAccounts(world.state.accountIds)),
  reqFamilyCodes: (world, session) => session.send(encodeFamilyCodes(world.state.accountIds)),
  reqHistoricalTicks: sendHistoricalTicks,
  reqTickByTickData: startTickByTick,
  cancelTickByTickData: (_world, session, request) => stopTickByTick(session, request.reqId),
  reqMktDepth: startDepth,
  cancelMktDepth: (_world, session, request) => stopDepth(session, request.reqId),
  reqMktDepthExchanges: sendDepthExchanges,
  reqSmartComponents: sendSmartComponents,
  reqRealTimeBars: startRealTimeBars,
  cancelRealTimeBars: (_world, session, request) => stopRealTimeBars(session, request.reqId),
  reqHistogramData: sendHistogram,
  cancelHistogramData: NOTHING,
  reqScannerParameters: (_world, session) => sendScannerParameters(session),
  reqScannerSubscription: startScan,
  cancelScannerSubscription: (_world, session, request) => stopScan(session, request.reqId),
  reqNewsProviders: (_world, session) => sendNewsProviders(session),
  reqHistoricalNews: sendHistoricalNews,
  reqNewsArticle: sendNewsArticle,
  reqNewsBulletins: startBulletins,
  calculateImpliedVolatility: sendImpliedVolatility,
  calculateOptionPrice: sendOptionPrice,
  cancelCalculateImpliedVolatility: NOTHING,
  cancelCalculateOptionPrice: NOTHING,
  cancelNewsBulletins: (_world, session) => stopBulletins(session),
  reqUserInfo: (_world, session, request) => session.send(encodeUserInfo(request.reqId, "")),
};

export function dispatch(world: World, session: Session, request: Request): void {
  const handler = HANDLERS[request.kind] as Handler<RequestKind>;
  handler(world, session, request);
}
