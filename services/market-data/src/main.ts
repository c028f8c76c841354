import { join } from "node:path";
import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { required, requiredMode } from "@countersign/config/environment";
import { ConfigError, loadConfig } from "@countersign/config/load";
import { HEARTBEATS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import { runChecks } from "@countersign/service/readiness";
import { EXIT, runService, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { readExchanges } from "./calendar/exchange-file.ts";
import { MarketDataConfig } from "./config.ts";
import { SERVED } from "./handlers.ts";
import { openMarketData } from "./open.ts";

const service = "market-data";

function read({ environment }: Pick<StartContext, "environment">) {
  const configDir = required(environment, "configDir");
  const file = join(configDir, `${service}.yaml`);
  const exchanges = readExchanges(configDir);
  const mode = requiredMode(environment);
  const loaded = loadConfig({ schema: MarketDataConfig, file });
  if (mode !== "simulator" && loaded.config.pacing.timeScale !== 1)
    throw new ConfigError(`${file}: pacing.timeScale other than 1 is for the simulator alone`);
  return { ...loaded, exchanges, mode };
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
    const parts = await openMarketData({ bus, clock, config, exchanges, log: context.logger });
    shutdown.defer("parts", () => parts.stop());
    const self = { service, instance: newNonce(), mode, startedAt: utcText(clock.nowMs()) };
    const detail = () => JSON.stringify(parts.metrics().caches.quotes);
    const link = { name: "bus", check: async () => ({ ok: bus.connected(), detail: detail() }) };
    const beat = async () => ({ ...self, at: utcText(clock.nowMs()), ...(await runChecks([link, ...parts.checks])) });
    shutdown.defer("heartbeat", bus.startHeartbeat(HEARTBEATS[service], beat));
    return { ready: { config: hash }, stop: () => shutdown.run() };
  },
  validate: async (context) => read(context),
  describe: () => ({ service, serves: SERVED.map((row) => row.subject) }),
});
