import { join } from "node:path";
import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { required, requiredMode, requiredPort } from "@countersign/config/environment";
import { ConfigError, loadConfig } from "@countersign/config/load";
import { ApprovalRules } from "@countersign/contracts/demand";
import { FACTS, HEARTBEATS } from "@countersign/contracts/subjects";
import { openRoster } from "@countersign/roster/open-roster";
import { EXIT, runService, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { BrokerGatewayConfig } from "./config.ts";
import { openGateway } from "./gateway.ts";
import { SERVED } from "./handlers.ts";
import { readinessOf } from "./readiness.ts";

const service = "broker-gateway";

function read({ environment }: Pick<StartContext, "environment">) {
  const folder = required(environment, "configDir");
  const file = join(folder, `${service}.yaml`);
  const mode = requiredMode(environment);
  if (mode === "live") throw new ConfigError("live mode is not available: its gates are not met");
  const dataDir = join(required(environment, "dataDir"), service);
  const tws = { host: required(environment, "twsHost"), port: requiredPort(environment, "twsPort") };
  return {
    ...loadConfig({ schema: BrokerGatewayConfig, file }),
    mode,
    dataDir,
    tws,
    approvalRules: loadConfig({ schema: ApprovalRules, file: join(folder, "approvals.yaml") }).config,
    roster: openRoster(environment, service),
  };
}

await runService({
  name: service,
  async start(context) {
    const { config, hash, mode, dataDir, tws, approvalRules, roster } = read(context);
    const clock = createSystemClock();
    const log = context.logger;
    const shutdown = new Shutdown(log);
    const die = (reason: string) => {
      if (!context.signal.aborted) process.stderr.write(`${reason}\n`, () => process.exit(EXIT.crashed));
    };
    const url = required(context.environment, "natsUrl");
    const keysDir = required(context.environment, "keysDir");
    const onClosed = (user: string, reason: string) => die(`${user}: ${reason}`);
    const bus = await connectBus({ url, users: usersOf(service), keysDir, service, clock, log, onClosed });
    shutdown.defer("bus", () => bus.drain());
    const gateway = await openGateway({
      bus,
      clock,
      log,
      config,
      mode,
      roster,
      approvalRules,
      dataDir,
      tws,
      signal: context.signal,
      onFatal: die,
    });
    shutdown.defer("gateway", () => gateway.stop());
    const self = { service, instance: gateway.instance, mode, startedAt: utcText(clock.nowMs()) };
    const beat = async () => ({ ...self, at: utcText(clock.nowMs()), ...(await readinessOf(gateway)) });
    shutdown.defer("heartbeat", bus.startHeartbeat(HEARTBEATS[service], beat));
    return { ready: { config: hash, writerEpoch: gateway.writerEpoch }, stop: () => shutdown.run() };
  },
  validate: async (context) => {
    const { roster, ...rest } = read(context);
    return { ...rest, roster: roster.status() };
  },
  describe: () => ({
    service,
    serves: SERVED.map((row) => row.subject),
    writes: [FACTS.exec.subject, FACTS.claim.subject, FACTS.writer.subject],
  }),
});
