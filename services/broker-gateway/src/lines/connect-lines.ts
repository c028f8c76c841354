import type { OrderBus } from "@countersign/bus/bus";
import type { BrokerGatewayConfig } from "../config.ts";
import type { Contracts } from "../reads/contracts.ts";
import { DataTypes } from "../reads/data-type.ts";
import type { ReadDeps } from "../reads/reader.ts";
import type { Farm } from "../session/link-codes.ts";
import { Lines } from "./lines.ts";
import { StreamedLines } from "./streamed-lines.ts";

export interface MarketLines {
  readonly lines: Lines;
  readonly streamed: StreamedLines;
  readonly dataTypes: DataTypes;
  /** What was on its way may be lost; whoever streams hears of it at once. */
  readonly onLost: () => void;
  readonly onFarm: (farm: Farm, before: Farm["state"] | null) => void;
}

/** Everything about lines of market data, and what the link sets off in it. */
export function connectLines(
  {
    bus,
    clock,
    log,
    link,
    requests,
    config,
  }: ReadDeps & { readonly bus: OrderBus; readonly config: BrokerGatewayConfig },
  contracts: Contracts,
): MarketLines {
  const dataTypes = new DataTypes();
  const { marketData, quotes: settings } = config;
  const { reserve, probeEveryMs } = config.lines;
  const messagesPerSecond = config.messagesPerSecond - config.messagesReservedForOrders;
  const lines = new Lines({
    ...{
      clock,
      log,
      link,
      requests,
      contracts,
      dataTypes,
      marketData,
      settings,
      reserve,
      probeEveryMs,
      messagesPerSecond,
    },
  });
  const streamed = new StreamedLines({ bus, clock, link, lines, settings: config.lines });
  const onLost = () => {
    lines.lost();
    streamed.tellNow();
  };
  const onFarm: MarketLines["onFarm"] = (farm, before) => {
    if (farm.kind !== "marketData") return;
    if (farm.state === "broken") lines.doubt();
    if (farm.state === "ok" && before !== null) lines.farmBack();
    streamed.tellNow();
  };
  return { lines, streamed, dataTypes, onLost, onFarm };
}
