import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import { ExchangeTable } from "@countersign/contracts/exchange";
import { Exchanges } from "./exchange-table.ts";

/** config/exchanges.yaml. Throws when it cannot be read or contradicts itself: the service does not start. */
export function readExchanges(configDir: string): Exchanges {
  return new Exchanges(loadConfig({ schema: ExchangeTable, file: join(configDir, "exchanges.yaml") }).config);
}
