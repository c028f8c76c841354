import { join } from "node:path";
import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { required, requiredMode } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import { HEARTBEATS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import { runChecks } from "@countersign/service/readiness";
import { EXIT, runService, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { brokerSource } from "./broker-source.ts";
import { Calendars } from "./calendar/calendars.ts";
import { readExchanges } from "./calendar/exchange-file.ts";
import { MarketDataConfig } from "./config.ts";
import { PairBook } from "./fx/pair-book.ts";
import { Rates } from "./fx/rates.ts";
import { SERVED, serveMarketData } from "./handlers.ts";
import { openInstruments } from "./instruments/open-instruments.ts";
import { Quotes } from "./quotes.ts";

const service = "market-data";

function read({ environment }: Pick<StartContext, "environment">) {
  const configDir = required(environment, "configDir");
  const file = join(configDir, `${service}.yaml`);
  const exchanges = readExchanges(configDir);
  return { ...loadConfig({ schema: MarketDataConfig, file }), exchanges, mode: requiredMode(environment) };
}

await runService({
  name: service,
  async start(context) {
    const { config, hash, exchanges, mode } = read(context);
    const clock = createSystemClock();
    const shutdown = new Shutdown(context.logger);
    const onClosed = () => context.signal.aborted || process.exit(EXIT.crashed);
    const url = required(context.environment, "natsUrl");
    const keysDir = required(context.environment, "keysDir");
    const bus = await connectBus({
      url,
      users: usersOf(service),
      keysDir,
      service,
      clock,
      log: context.logger,
      onClosed,
    });
    shutdown.defer("bus", () => bus.drain());
    const source = brokerSource(bus);
    const quotes = new Quotes({ clock, source, config });
    const parts = openInstruments(bus, {
      ...{ clock, source, exchanges, config: config.instruments },
      quote: (conid, maxAgeMs) => quotes.get(conid, maxAgeMs),
    });
    const pairs = new PairBook({ clock, details: source.details, absentTtlMs: config.fx.absentPairTtlMs });
    const rates = new Rates({
      clock,
      conidOf: (pair) => pairs.conidOf(pair),
      quote: (conid, maxAgeMs) => quotes.get(conid, maxAgeMs),
      spreadMaxPercent: config.fx.spreadMaxPercent,
    });
    const calendars = new Calendars({
      clock,
      source,
      instruments: parts.instruments,
      exchanges,
      config: { ...config, ...config.calendar },
    });
    serveMarketData(bus, { clock, config, source, quotes, instruments: parts, calendars, exchanges, rates });
    const timer = clock.setInterval(() => void quotes.refreshWarm(), config.warmEveryMs);
    shutdown.defer("refresh", () => timer.cancel());
    const self = { service, instance: newNonce(), mode, startedAt: utcText(clock.nowMs()) };
    const link = { name: "bus", check: async () => ({ ok: bus.connected(), detail: JSON.stringify(quotes.stats) }) };
    const beat = async () => ({ ...self, at: utcText(clock.nowMs()), ...(await runChecks([link])) });
    shutdown.defer("heartbeat", bus.startHeartbeat(HEARTBEATS[service], beat));
    return { ready: { config: hash }, stop: () => shutdown.run() };
  },
  validate: async (context) => read(context),
  describe: () => ({ service, serves: SERVED.map((row) => row.subject) }),
});
