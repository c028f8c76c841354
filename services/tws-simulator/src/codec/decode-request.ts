import { readContract, readDataLegs } from "./contract-fields.ts";
import { REQUEST_NAMES } from "./messages.ts";
import { readPlaceOrder } from "./place-order.ts";
import { ACCOUNT_READERS } from "./read-account.ts";
import { bare, onlyReqId, type Read } from "./read-bare.ts";
import { DATA_READERS } from "./read-data.ts";
import type { ExecutionsRequest, HistoricalDataRequest, MarketDataRequest, Request, RequestKind } from "./requests.ts";
import { RequestFormatError, TokenReader } from "./token-reader.ts";
import { has, hasRfqFields } from "./version-gates.ts";

export type DecodedRequest =
  | { readonly kind: "request"; readonly name: RequestKind; readonly request: Request }
  /** A message of TWS that this simulator does not answer, or an id that no TWS knows. */
  | { readonly kind: "unsupported"; readonly messageId: number; readonly name: string | undefined }
  | { readonly kind: "malformed"; readonly name: string; readonly reason: string };

function readMarketData(reader: TokenReader): MarketDataRequest {
  reader.skip(1);
  const reqId = reader.integer();
  const contract = readContract(reader);
  const legs = readDataLegs(reader, contract.secType);
  if (reader.boolean()) reader.skip(3);
  const genericTicks = reader.text();
  const snapshot = reader.boolean();
  const regulatorySnapshot = reader.boolean();
  reader.skip(1);
  return { kind: "reqMktData", reqId, contract, legs, genericTicks, snapshot, regulatorySnapshot };
}

function readHistoricalData(reader: TokenReader): HistoricalDataRequest {
  const reqId = reader.integer();
  const contract = readContract(reader);
  reader.skip(1);
  const endDateTime = reader.text();
  const barSize = reader.text();
  const duration = reader.text();
  const useRth = reader.boolean();
  const whatToShow = reader.text().toUpperCase();
  const formatDate = reader.optionalInteger() ?? 1;
  readDataLegs(reader, contract.secType);
  const keepUpToDate = reader.boolean();
  reader.skip(1);
  const when = { endDateTime, barSize, duration, useRth };
  return { kind: "reqHistoricalData", reqId, contract, ...when, whatToShow, formatDate, keepUpToDate };
}

function readExecutions(reader: TokenReader): ExecutionsRequest {
  reader.skip(1);
  const reqId = reader.integer();
  const clientId = reader.optionalInteger() ?? 0;
  const account = reader.text();
  const time = reader.text();
  const symbol = reader.text();
  const secType = reader.text();
  const exchange = reader.text();
  return { kind: "reqExecutions", reqId, clientId, account, time, symbol, secType, exchange, side: reader.text() };
}

function readCancelOrder(reader: TokenReader, serverVersion: number): Request {
  if (!has(serverVersion, "cmeTaggingFields")) reader.skip(1);
  const orderId = reader.integer();
  reader.skip(1);
  if (hasRfqFields(serverVersion)) reader.skip(3);
  if (has(serverVersion, "cmeTaggingFields")) reader.skip(2);
  return { kind: "cancelOrder", orderId };
}

const READERS: { readonly [K in RequestKind]: Read } = {
  placeOrder: readPlaceOrder,
  cancelOrder: readCancelOrder,
  reqMktData: readMarketData,
  reqHistoricalData: readHistoricalData,
  reqExecutions: readExecutions,
  startApi: (reader) => {
    reader.skip(1);
    const clientId = reader.integer();
    reader.skip(1);
    return { kind: "startApi", clientId };
  },
  reqIds: (reader) => {
    reader.skip(2);
    return { kind: "reqIds" };
  },
  reqCurrentTime: bare("reqCurrentTime", "version"),
  reqManagedAccts: bare("reqManagedAccts", "version"),
  setServerLogLevel: (reader) => {
    reader.skip(2);
    return { kind: "setServerLogLevel" };
  },
  ...ACCOUNT_READERS,
  reqContractDetails: (reader) => {
    reader.skip(1);
    const reqId = reader.integer();
    const contract = readContract(reader);
    reader.boolean(); // includeExpired
    const securityIdType = reader.text().toUpperCase();
    const securityId = reader.text();
    reader.skip(1); // issuerId
    return { kind: "reqContractDetails", reqId, contract, securityIdType, securityId };
  },
  reqMatchingSymbols: (reader) => ({ kind: "reqMatchingSymbols", reqId: reader.integer(), pattern: reader.text() }),
  reqMarketRule: (reader) => ({ kind: "reqMarketRule", ruleId: reader.integer() }),
  reqSecDefOptParams: (reader) => {
    const reqId = reader.integer();
    const symbol = reader.text();
    const exchange = reader.text();
    reader.skip(1); // security type of the underlying
    return { kind: "reqSecDefOptParams", reqId, symbol, exchange, underlyingConId: reader.optionalInteger() ?? 0 };
  },
  cancelMktData: onlyReqId("cancelMktData", "version"),
  reqMarketDataType: (reader) => {
    reader.skip(1);
    return { kind: "reqMarketDataType", type: reader.integer() };
  },
  cancelHistoricalData: onlyReqId("cancelHistoricalData", "version"),
  reqHeadTimestamp: (reader) => {
    const reqId = reader.integer();
    const contract = readContract(reader);
    reader.skip(2);
    const whatToShow = reader.text().toUpperCase();
    return { kind: "reqHeadTimestamp", reqId, contract, whatToShow, formatDate: reader.optionalInteger() ?? 1 };
  },
  cancelHeadTimestamp: onlyReqId("cancelHeadTimestamp", "none"),
  reqGlobalCancel: (reader, serverVersion) => {
    reader.skip(has(serverVersion, "cmeTaggingFields") ? 2 : 1);
    return { kind: "reqGlobalCancel" };
  },
  reqOpenOrders: bare("reqOpenOrders", "version"),
  reqAllOpenOrders: bare("reqAllOpenOrders", "version"),
  reqAutoOpenOrders: (reader) => {
    reader.skip(1);
    return { kind: "reqAutoOpenOrders", autoBind: reader.boolean() };
  },
  reqCompletedOrders: (reader) => ({ kind: "reqCompletedOrders", apiOnly: reader.boolean() }),
  reqNewsProviders: bare("reqNewsProviders", "none"),
  reqFamilyCodes: bare("reqFamilyCodes", "none"),
  reqUserInfo: onlyReqId("reqUserInfo", "none"),
  ...DATA_READERS,
};

function isSupported(name: string): name is RequestKind {
  return Object.hasOwn(READERS, name);
}

/** One frame of a client to one request. A surplus token is as malformed as a missing one. Never throws. */
export function decodeRequest(serverVersion: number, tokens: readonly string[]): DecodedRequest {
  // Number() would also take 0x10, 1e1 and blanks around an id.
  const messageId = /^[1-9][0-9]{0,8}$/.test(tokens[0] ?? "") ? Number(tokens[0]) : 0;
  const name = REQUEST_NAMES.get(messageId);
  if (name === undefined || !isSupported(name)) return { kind: "unsupported", messageId, name };
  const reader = new TokenReader(tokens, 1);
  try {
    const request = READERS[name](reader, serverVersion);
    if (reader.leftover === 0) return { kind: "request", name, request };
    return { kind: "malformed", name, reason: `${reader.leftover} surplus tokens` };
  } catch (error) {
    if (error instanceof RequestFormatError) return { kind: "malformed", name, reason: error.message };
    throw error;
  }
}
