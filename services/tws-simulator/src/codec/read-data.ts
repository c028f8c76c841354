import { readContract } from "./contract-fields.ts";
import type { DataRequest, DataRequestKind, ScannerRequest } from "./requests-data.ts";
import type { TokenReader } from "./token-reader.ts";

type ReadData = (reader: TokenReader) => DataRequest;

/** The shared 12 contract tokens and `includeExpired`, which this simulator's book does not need. */
function readContractWithExpired(reader: TokenReader) {
  const contract = readContract(reader);
  reader.boolean();
  return contract;
}

function readScanner(reader: TokenReader): ScannerRequest {
  const reqId = reader.integer();
  const rows = reader.optionalInteger();
  const names = { instrument: reader.text(), location: reader.text(), scanCode: reader.text() };
  const abovePrice = reader.optionalDecimal();
  const belowPrice = reader.optionalDecimal();
  const aboveVolume = reader.optionalDecimal();
  reader.skip(13); // market caps, ratings, maturities, coupons, convertibles, option volume, setting pairs
  const stockType = reader.text();
  const filters = reader.text();
  reader.skip(1); // subscription options
  const limits = { abovePrice, belowPrice, aboveVolume, stockType, filters };
  return { kind: "reqScannerSubscription", reqId, rows, ...names, ...limits };
}

/** How each request for data is read, behind its message id. */
export const DATA_READERS: { readonly [K in DataRequestKind]: ReadData } = {
  reqHistoricalTicks: (reader) => ({
    kind: "reqHistoricalTicks",
    reqId: reader.integer(),
    contract: readContractWithExpired(reader),
    start: reader.text(),
    end: reader.text(),
    count: reader.optionalInteger() ?? 0,
    whatToShow: reader.text().toUpperCase(),
    useRth: reader.boolean(),
    ignoreSize: reader.boolean(),
    ...ignored(reader, 1),
  }),
  reqTickByTickData: (reader) => ({
    kind: "reqTickByTickData",
    reqId: reader.integer(),
    contract: readContract(reader),
    tickType: reader.text(),
    count: reader.optionalInteger() ?? 0,
    ignoreSize: reader.boolean(),
  }),
  cancelTickByTickData: (reader) => ({ kind: "cancelTickByTickData", reqId: reader.integer() }),
  reqMktDepth: (reader) => ({
    kind: "reqMktDepth",
    ...ignored(reader, 1),
    reqId: reader.integer(),
    contract: readContract(reader),
    rows: reader.optionalInteger() ?? 0,
    smart: reader.boolean(),
    ...ignored(reader, 1),
  }),
  cancelMktDepth: (reader) => ({
    kind: "cancelMktDepth",
    ...ignored(reader, 1),
    reqId: reader.integer(),
    smart: reader.boolean(),
  }),
  reqMktDepthExchanges: () => ({ kind: "reqMktDepthExchanges" }),
  reqSmartComponents: (reader) => ({
    kind: "reqSmartComponents",
    reqId: reader.integer(),
    bboExchange: reader.text(),
  }),
  reqRealTimeBars: (reader) => ({
    kind: "reqRealTimeBars",
    ...ignored(reader, 1),
    reqId: reader.integer(),
    contract: readContract(reader),
    barSize: reader.optionalInteger() ?? 0,
    whatToShow: reader.text().toUpperCase(),
    useRth: reader.boolean(),
    ...ignored(reader, 1),
  }),
  cancelRealTimeBars: (reader) => ({ kind: "cancelRealTimeBars", ...ignored(reader, 1), reqId: reader.integer() }),
  reqHistogramData: (reader) => ({
    kind: "reqHistogramData",
    reqId: reader.integer(),
    contract: readContractWithExpired(reader),
    useRth: reader.boolean(),
    period: reader.text(),
  }),
  cancelHistogramData: (reader) => ({ kind: "cancelHistogramData", reqId: reader.integer() }),
  reqScannerParameters: (reader) => ({ kind: "reqScannerParameters", ...ignored(reader, 1) }),
  reqScannerSubscription: readScanner,
  cancelScannerSubscription: (reader) => ({
    kind: "cancelScannerSubscription",
    ...ignored(reader, 1),
    reqId: reader.integer(),
  }),
  reqHistoricalNews: (reader) => ({
    kind: "reqHistoricalNews",
    reqId: reader.integer(),
    conId: reader.optionalInteger() ?? 0,
    providers: reader.text(),
    start: reader.text(),
    end: reader.text(),
    count: reader.optionalInteger() ?? 0,
    ...ignored(reader, 1),
  }),
  reqNewsArticle: (reader) => ({
    kind: "reqNewsArticle",
    reqId: reader.integer(),
    provider: reader.text(),
    articleId: reader.text(),
    ...ignored(reader, 1),
  }),
  reqNewsBulletins: (reader) => ({ kind: "reqNewsBulletins", ...ignored(reader, 1), all: reader.boolean() }),
  calculateImpliedVolatility: (reader) => ({
    kind: "calculateImpliedVolatility",
    ...ignored(reader, 1),
    reqId: reader.integer(),
    contract: readContract(reader),
    optionPrice: reader.optionalDecimal(),
    underlyingPrice: reader.optionalDecimal(),
    ...ignored(reader, 1),
  }),
  calculateOptionPrice: (reader) => ({
    kind: "calculateOptionPrice",
    ...ignored(reader, 1),
    reqId: reader.integer(),
    contract: readContract(reader),
    volatility: reader.optionalDecimal(),
    underlyingPrice: reader.optionalDecimal(),
    ...ignored(reader, 1),
  }),
  cancelCalculateImpliedVolatility: (reader) => ({
    kind: "cancelCalculateImpliedVolatility",
    ...ignored(reader, 1),
    reqId: reader.integer(),
  }),
  cancelCalculateOptionPrice: (reader) => ({
    kind: "cancelCalculateOptionPrice",
    ...ignored(reader, 1),
    reqId: reader.integer(),
  }),
  cancelNewsBulletins: (reader) => ({ kind: "cancelNewsBulletins", ...ignored(reader, 1) }),
};

/** Passes tokens without a meaning here, such as versions and option lists, in their place of the message. */
function ignored(reader: TokenReader, count: number): Record<string, never> {
  reader.skip(count);
  return {};
}
