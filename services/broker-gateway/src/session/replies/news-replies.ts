import { type ReplyTable, words } from "./reply-table.ts";

/** A longer article is cut; whoever reads one of this length tells that it was. */
export const ARTICLE_CHARS_MAX = 100_000;
const XML_CHARS_MAX = 16_000_000;

export const NEWS_REPLIES: ReplyTable = {
  14: (reader) => {
    reader.version();
    reader.integer();
    reader.integer();
    const text = words(reader);
    reader.skip(1);
    return { kind: "bulletin", text };
  },
  19: (reader) => {
    reader.version();
    return { kind: "scannerParameters", xml: reader.raw().slice(0, XML_CHARS_MAX) };
  },
  20: (reader) => {
    reader.version();
    const reqId = reader.integer();
    const rows = reader.list(() => {
      const rank = reader.integer();
      const conid = reader.integer();
      const named = { conid, symbol: reader.text(40), secType: reader.text(10), lastTradeDate: reader.text(40) };
      const option = { strike: reader.decimalBut("0"), right: reader.text(5), multiplier: null };
      const exchange = reader.text(20);
      const currency = reader.text(3);
      const localSymbol = reader.text(40);
      const marketName = reader.text(40);
      const place = { exchange, primaryExchange: "", currency, localSymbol, tradingClass: reader.text(40) };
      const scored = { distance: reader.text(40), benchmark: reader.text(40), projection: reader.text(40) };
      return { rank, contract: { ...named, ...option, ...place }, marketName, ...scored, legs: reader.text(200) };
    });
    return { kind: "scan", reqId, rows };
  },
  83: (reader) => ({
    kind: "article",
    reqId: reader.integer(),
    articleType: reader.integer(),
    text: reader.text(ARTICLE_CHARS_MAX),
  }),
  85: (reader) => ({
    kind: "newsProviders",
    rows: reader.list(() => ({ code: reader.text(20), name: words(reader) })),
  }),
  86: (reader) => ({
    kind: "headline",
    reqId: reader.integer(),
    time: reader.text(40),
    provider: reader.text(20),
    articleId: reader.text(60),
    headline: words(reader),
  }),
  87: (reader) => ({ kind: "headlinesEnd", reqId: reader.integer(), hasMore: reader.flag() }),
};
