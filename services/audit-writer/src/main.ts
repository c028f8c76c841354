import { join } from "node:path";
import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { required, requiredMode } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, RPCS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import { runChecks } from "@countersign/service/readiness";
import { EXIT, runService, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { AuditLog } from "./audit-log.ts";
import { auditStream } from "./audit-stream.ts";
import { AuditWriterConfig } from "./config.ts";
import { serveAudit } from "./handlers.ts";
import { type LogEvents, logEvents } from "./log-events.ts";

const service = "audit-writer";

function read({ environment }: Pick<StartContext, "environment">) {
  const file = join(required(environment, "configDir"), `${service}.yaml`);
  const { config, hash } = loadConfig({ schema: AuditWriterConfig, file });
  return { config, hash, mode: requiredMode(environment), dataDir: required(environment, "dataDir") };
}

/** The next one signs what this one could not; a stream that lost records ends the process where it is noticed. */
async function signedIn(audit: AuditLog, log: LogEvents): Promise<void> {
  await audit.checkpoint().catch((error: unknown) => log.notSigned(error));
}

await runService({
  name: service,
  async start(context) {
    const { config, hash, mode, dataDir } = read(context);
    const clock = createSystemClock();
    const startedAt = utcText(clock.nowMs());
    const instance = newNonce();
    const shutdown = new Shutdown(context.logger);
    const die = (reason: string) => {
      if (!context.signal.aborted) process.stderr.write(`${service}: ${reason}\n`, () => process.exit(EXIT.crashed));
    };
    const url = required(context.environment, "natsUrl");
    const keysDir = required(context.environment, "keysDir");
    const users = usersOf(service);
    const onClosed = (user: string, reason: string) => die(`${user}: ${reason}`);
    const bus = await connectBus({ url, users, keysDir, service, clock, log: context.logger, onClosed });
    const log = logEvents(context.logger);
    const audit = new AuditLog({ stream: auditStream(bus), dataDir, config, clock, log, onFatal: die });
    shutdown.defer("journal", () => audit.close());
    shutdown.defer("bus", () => bus.drain());
    serveAudit(bus, audit, config, clock);
    await Promise.race([audit.open(), clock.sleep(config.openWaitMs)]);
    const signing = clock.setInterval(() => void signedIn(audit, log), config.checkpoints.everyMs);
    // Before the bus and the journal go.
    shutdown.defer("checkpoint", () => signedIn(audit, log).finally(() => signing.cancel()));
    const checks = [{ name: "chain", check: async () => audit.status() }];
    const beat = async () => ({
      service,
      instance,
      mode,
      startedAt,
      at: utcText(clock.nowMs()),
      ...(await runChecks(checks)),
    });
    shutdown.defer("heartbeat", bus.startHeartbeat(HEARTBEATS[service], beat));
    return { ready: { config: hash, ...audit.status() }, stop: () => shutdown.run() };
  },
  validate: async (context) => read(context),
  describe: () => ({
    service,
    serves: [
      ...Object.values(AUDIT_APPENDS),
      ...[RPCS.listAudit, RPCS.auditEvidence, RPCS.auditHead, RPCS.verifyAudit],
    ].map((row) => row.subject),
    writes: FACTS.auditRecord.subject,
  }),
});
