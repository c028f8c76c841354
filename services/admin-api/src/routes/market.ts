import { RPCS } from "@countersign/contracts/subjects";
import { questionRoute } from "../question-route.ts";

/** Questions about markets and instruments, as operators may ask them; each is described with its subject on the bus. */
const QUESTIONS = {
  quote: RPCS.quote,
  contract: RPCS.contract,
  details: RPCS.instrumentDetails,
  resolve: RPCS.resolve,
  "resolve-many": RPCS.resolveMany,
  chain: RPCS.chain,
  "chain-contracts": RPCS.chainContracts,
  futures: RPCS.futures,
  combo: RPCS.combo,
  session: RPCS.session,
  calendar: RPCS.calendar,
  exchange: RPCS.exchange,
  settlement: RPCS.settlement,
  convert: RPCS.convert,
  "currency-pairs": RPCS.currencyPairs,
  depth: RPCS.marketDepth,
  histogram: RPCS.marketHistogram,
  "scan-catalogue": RPCS.scanCatalogue,
  scan: RPCS.marketScan,
  "news-sources": RPCS.newsSources,
  "news-headlines": RPCS.newsHeadlines,
  "news-article": RPCS.newsArticle,
} as const;

/** By POST although nothing changes: what is asked has a form that no address can hold. */
export const MARKET_QUESTIONS = Object.entries(QUESTIONS).map(([name, rpc]) =>
  questionRoute(rpc, { id: operationOf(name), path: `/api/v1/market/${name}`, method: "post" }),
);

export const getMarketStats = questionRoute(RPCS.marketStats, {
  id: "getMarketStats",
  path: "/api/v1/market/stats",
  method: "get",
});

function operationOf(name: string): string {
  const words = name.split("-").map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  return `askMarket${words.join("")}`;
}
