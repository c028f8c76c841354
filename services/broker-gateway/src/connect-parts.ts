import { type Base, connectOrders, type OrderParts } from "./connect-orders.ts";
import { connectLines, type MarketLines } from "./lines/connect-lines.ts";
import { Contracts } from "./reads/contracts.ts";
import { PriceBands } from "./reads/price-bands.ts";
import { SharedReads } from "./reads/shared-reads.ts";

export interface Parts extends OrderParts, MarketLines {
  readonly contracts: Contracts;
}

/** Orders and market data on one link. */
export function connectParts(base: Base): Parts {
  const { clock, log, link, requests, config } = base;
  const reads = { clock, log, link, requests };
  const sharedReads = new SharedReads(reads);
  const priceBands = new PriceBands((ruleId) => sharedReads.marketRule(ruleId));
  const contracts = new Contracts({ ...reads, cacheMs: config.contractCacheMs, priceBands });
  const market = connectLines(base, contracts);
  const orders = connectOrders(base, {
    take: (event) => market.lines.take(event),
    onReconcile: () => requests.tell((connection) => market.dataTypes.use(connection, config.marketData)),
    onLost: market.onLost,
    onFarm: market.onFarm,
  });
  const stop = () => {
    market.streamed.stop();
    orders.stop();
  };
  return { ...orders, ...market, contracts, stop };
}
