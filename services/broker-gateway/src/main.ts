import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { required } from "@countersign/config/environment";
import { FACTS, HEARTBEATS } from "@countersign/contracts/subjects";
import { EXIT, runService } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { openGateway } from "./gateway.ts";
import { SERVED } from "./handlers.ts";
import { readinessOf } from "./readiness.ts";
import { readSettings } from "./settings.ts";
import { standingPolicy } from "./submit/standing-policy.ts";

const service = "broker-gateway";

await runService({
  name: service,
  async start(context) {
    const { config, hash, live, mode, dataDir, tws, approvalRules, roster } = readSettings(context);
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
      live,
      mode,
      roster,
      approvalRules,
      standing: standingPolicy(context.environment, roster),
      dataDir,
      tws,
      signal: context.signal,
      onFatal: die,
    });
    shutdown.defer("gateway", () => gateway.stop());
    process.on("SIGUSR2", () => gateway.stops.latch.set("SIGUSR2", "a signal told the gateway to stop sending"));
    const self = { service, instance: gateway.instance, mode, startedAt: utcText(clock.nowMs()) };
    const beat = async () => ({ ...self, at: utcText(clock.nowMs()), ...(await readinessOf(gateway)) });
    shutdown.defer("heartbeat", bus.startHeartbeat(HEARTBEATS[service], beat));
    return { ready: { config: hash, writerEpoch: gateway.writerEpoch }, stop: () => shutdown.run() };
  },
  validate: async (context) => {
    const { roster, ...rest } = readSettings(context);
    return { ...rest, roster: roster.status() };
  },
  describe: () => ({
    service,
    serves: SERVED.map((row) => row.subject),
    writes: [FACTS.exec.subject, FACTS.claim.subject, FACTS.writer.subject, FACTS.gatewayTrip.subject],
  }),
});
