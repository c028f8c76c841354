import { type ReplyTable, readPositionContract } from "./reply-table.ts";

const ACCOUNT_MAX = 20;
const KEY_MAX = 60;
const VALUE_MAX = 200;
const MODEL_MAX = 40;

/** Newer versions put this before the names of rows that belong to one currency. */
const keyOf = (text: string) => text.replace(/^\$LEDGER-/, "");

export const ACCOUNT_REPLIES: ReplyTable = {
  6: (reader) => {
    reader.version();
    const key = keyOf(reader.text(KEY_MAX));
    const value = reader.text(VALUE_MAX);
    const currency = reader.text(10);
    return { kind: "accountValue", row: { key, value, currency, account: reader.text(ACCOUNT_MAX) } };
  },
  7: (reader) => {
    reader.version();
    const contract = readPositionContract(reader);
    const figures = {
      quantity: reader.decimal(),
      marketPrice: reader.decimal(),
      marketValue: reader.decimal(),
      averageCost: reader.decimal(),
      unrealizedPnl: reader.decimal(),
      realizedPnl: reader.decimal(),
    };
    return { kind: "portfolioRow", row: { contract, ...figures, account: reader.text(ACCOUNT_MAX) } };
  },
  8: (reader) => {
    reader.version();
    return { kind: "accountTime", text: reader.text(20) };
  },
  54: (reader) => {
    reader.version();
    return { kind: "accountEnd", account: reader.text(ACCOUNT_MAX) };
  },
  61: (reader) => {
    reader.version();
    const account = reader.text(ACCOUNT_MAX);
    const contract = readPositionContract(reader);
    return { kind: "position", account, contract, quantity: reader.decimal(), averageCost: reader.decimal() };
  },
  62: (reader) => {
    reader.version();
    return { kind: "positionsEnd" };
  },
  63: (reader) => {
    reader.version();
    const reqId = reader.integer();
    const account = reader.text(ACCOUNT_MAX);
    const tag = keyOf(reader.text(KEY_MAX));
    return { kind: "summaryRow", reqId, account, tag, value: reader.text(VALUE_MAX), currency: reader.text(10) };
  },
  64: (reader) => {
    reader.version();
    return { kind: "summaryEnd", reqId: reader.integer() };
  },
  71: (reader) => {
    reader.version();
    const reqId = reader.integer();
    const account = reader.text(ACCOUNT_MAX);
    const contract = readPositionContract(reader);
    const figures = { quantity: reader.decimal(), averageCost: reader.decimal() };
    return { kind: "positionMulti", reqId, account, contract, ...figures, modelCode: reader.text(MODEL_MAX) };
  },
  72: (reader) => {
    reader.version();
    return { kind: "positionMultiEnd", reqId: reader.integer() };
  },
  73: (reader) => {
    reader.version();
    const reqId = reader.integer();
    const account = reader.text(ACCOUNT_MAX);
    const modelCode = reader.text(MODEL_MAX);
    const key = keyOf(reader.text(KEY_MAX));
    const value = reader.text(VALUE_MAX);
    return { kind: "accountMultiRow", reqId, modelCode, row: { account, key, value, currency: reader.text(10) } };
  },
  74: (reader) => {
    reader.version();
    return { kind: "accountMultiEnd", reqId: reader.integer() };
  },
  78: (reader) => ({
    kind: "familyCodes",
    rows: reader.list(() => ({ account: reader.text(ACCOUNT_MAX), code: reader.text(40) })),
  }),
  94: (reader) => ({
    kind: "pnl",
    reqId: reader.integer(),
    daily: reader.decimal(),
    unrealized: reader.decimal(),
    realized: reader.decimal(),
  }),
  95: (reader) => ({
    kind: "pnlSingle",
    reqId: reader.integer(),
    quantity: reader.decimal(),
    daily: reader.decimal(),
    unrealized: reader.decimal(),
    realized: reader.decimal(),
    value: reader.decimal(),
  }),
  107: (reader) => ({ kind: "userInfo", reqId: reader.integer(), whiteBrandingId: reader.text(40) }),
};
