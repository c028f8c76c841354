import { bare, onlyReqId, type Read } from "./read-bare.ts";

/** How each request about accounts, positions and profit is read, behind its message id. */
export const ACCOUNT_READERS = {
  reqAccountUpdates: (reader) => {
    reader.skip(1);
    return { kind: "reqAccountUpdates", subscribe: reader.boolean(), account: reader.text() };
  },
  reqAccountSummary: (reader) => {
    reader.skip(1);
    return { kind: "reqAccountSummary", reqId: reader.integer(), group: reader.text(), tags: reader.text() };
  },
  cancelAccountSummary: onlyReqId("cancelAccountSummary", "version"),
  reqPositions: bare("reqPositions", "version"),
  cancelPositions: bare("cancelPositions", "version"),
  reqPositionsMulti: (reader) => {
    reader.skip(1);
    return { kind: "reqPositionsMulti", reqId: reader.integer(), account: reader.text(), model: reader.text() };
  },
  cancelPositionsMulti: onlyReqId("cancelPositionsMulti", "version"),
  reqAccountUpdatesMulti: (reader) => {
    reader.skip(1);
    const request = { reqId: reader.integer(), account: reader.text(), model: reader.text() };
    return { kind: "reqAccountUpdatesMulti", ...request, ledgerAndNetLiquidation: reader.boolean() };
  },
  cancelAccountUpdatesMulti: onlyReqId("cancelAccountUpdatesMulti", "version"),
  reqPnL: (reader) => {
    return { kind: "reqPnL", reqId: reader.integer(), account: reader.text(), model: reader.text() };
  },
  cancelPnL: onlyReqId("cancelPnL", "none"),
  reqPnLSingle: (reader) => {
    const request = { reqId: reader.integer(), account: reader.text(), model: reader.text() };
    return { kind: "reqPnLSingle", ...request, conId: reader.integer() };
  },
  cancelPnLSingle: onlyReqId("cancelPnLSingle", "none"),
} satisfies Record<string, Read>;
