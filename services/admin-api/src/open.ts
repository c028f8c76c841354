import { join } from "node:path";
import { type Bus, connectBus, usersOf } from "@countersign/bus/bus";
import { ControlView } from "@countersign/bus/control-view";
import { Tripwire } from "@countersign/bus/tripwire";
import { type Clock, createSystemClock } from "@countersign/clock/clock";
import { required, requiredPort } from "@countersign/config/environment";
import { HEARTBEATS } from "@countersign/contracts/subjects";
import { listen } from "@countersign/http/listen";
import { RateLimit } from "@countersign/http/rate-limit";
import { EXIT, type Running, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { createApp } from "./app.ts";
import { ApprovalSigner } from "./approval-signing.ts";
import { AuditOutbox } from "./audit-outbox.ts";
import { AuditWatch, judgeAudit, standingMismatch } from "./audit-watch.ts";
import { DeadMan } from "./dead-man.ts";
import { HealthView } from "./health.ts";
import { Heartbeats } from "./heartbeats.ts";
import { KillSwitch } from "./kill-switch.ts";
import { logEvents } from "./log-events.ts";
import { readPages } from "./pages.ts";
import { Passkeys } from "./passkeys.ts";
import { keepAsking } from "./policy-beat.ts";
import { Refusals } from "./refusals.ts";
import { ResetRules } from "./reset-rules.ts";
import type { Services } from "./services.ts";
import type { Settings } from "./settings.ts";
import { streamDrift } from "./stream-drift.ts";
import { resetTrip } from "./trip-resets.ts";
import { READS_WAITING_MAX, Turns } from "./turns.ts";

const service = "admin-api";
const CLOSE_OUTBOX_MS = 1_000;
const PAGE_FOLDER = join(import.meta.dirname, "../page");

/** Connects, watches, serves; `stop` undoes it in reverse. */
export async function openAdminApi(context: StartContext, settings: Settings): Promise<Running> {
  const { config, hash, operators, keysDir } = settings;
  const clock = createSystemClock();
  const shutdown = new Shutdown(context.logger);
  const onClosed = (user: string, reason: string) => {
    if (!context.signal.aborted) process.stderr.write(`${user}: ${reason}\n`, () => process.exit(EXIT.crashed));
  };
  const url = required(context.environment, "natsUrl");
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
  const log = logEvents(context.logger);
  const services = await openServices({ bus, clock, context, settings, shutdown });
  const refusals = new Refusals({ clock, rate: config.refusals, record: (entry) => bus.audit(entry), log });
  const calls = new RateLimit(clock, config.calls);
  const app = createApp({
    ...{ services, operators, calls, refusals, log },
    turns: new Turns(READS_WAITING_MAX),
    pages: readPages(PAGE_FOLDER),
  });
  const address = { hostname: config.bindHost, port: requiredPort(context.environment, "adminPort") };
  const listener = await listen(app, address, clock);
  shutdown.defer("listener", () => listener.close());
  return { ready: { config: hash, operators: operators.size, port: listener.port }, stop: () => shutdown.run() };
}

interface Given {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly context: StartContext;
  readonly settings: Settings;
  readonly shutdown: Shutdown;
}

async function openServices({ bus, clock, context, settings, shutdown }: Given): Promise<Services> {
  const { config, mode, dataDir, sessionKeys, roster } = settings;
  const view = await ControlView.open(bus, clock);
  shutdown.defer("control view", () => view.close());
  const file = join(dataDir, service, "audit-outbox.jsonl");
  const outbox = new AuditOutbox({ file, audit: (entry) => bus.audit(entry), clock, retryMs: config.auditRetryMs });
  shutdown.defer("audit outbox", () => outbox.close(CLOSE_OUTBOX_MS));
  const signer = new ApprovalSigner(sessionKeys, { clock, roster, ttlSeconds: config.approvalTtlSeconds });
  const wire = new Tripwire({ bus, view, clock, log: bus.log, service, record: (entry) => outbox.put(entry) });
  view.alsoStop((scopes) => wire.unwritten(scopes));
  shutdown.defer("tripwire", () => wire.close());
  const onFailed = (error: unknown) =>
    context.logger.error({ error: String(error) }, "policy orders not cancelled yet");
  const deadMan = new DeadMan({ clock, backend: bus, wire, config: config.deadMan, onFailed });
  shutdown.defer("dead man", () => deadMan.stop());
  const auditWatch = new AuditWatch({ backend: bus, clock, wire, everyMs: config.auditVerifyEveryMs });
  shutdown.defer("policy beat", keepAsking({ backend: bus, clock }));
  shutdown.defer("audit watch", () => auditWatch.stop());
  const auditMismatch = () => standingMismatch(view) ?? auditWatch.unverified();
  return {
    resetTrip: (order, mayReset) => resetTrip({ bus, view, clock }, order, mayReset),
    resetRules: new ResetRules({ backend: bus, clock, mode, ...config.killReset }),
    seen: () => deadMan.seen(),
    auditVerified: (outcome) => judgeAudit(wire, outcome),
    backend: bus,
    clock,
    mode,
    config,
    signer,
    passkeys: new Passkeys({ clock, roster, signer }),
    kill: new KillSwitch({ bus, view, clock, outbox }),
    killLevel: (scopes) => view.level(scopes),
    health: openHealth({ bus, clock, context, settings, shutdown }, { view, outbox, auditMismatch }),
  };
}

interface Watched {
  readonly view: ControlView;
  readonly outbox: AuditOutbox;
  readonly auditMismatch: () => string | undefined;
}

function openHealth({ bus, clock, context, settings }: Given, { view, outbox, auditMismatch }: Watched): HealthView {
  const { config, mode } = settings;
  const heartbeats = new Heartbeats(clock, { staleMs: config.heartbeatStaleMs, skewMsMax: config.clockSkewMsMax });
  for (const beat of Object.values(HEARTBEATS)) bus.listen(beat, (heartbeat) => heartbeats.take(heartbeat));
  const monitorUrl = context.environment.natsMonitorUrl;
  return new HealthView({
    backend: bus,
    clock,
    mode,
    heartbeats,
    probeMs: config.healthProbeMs,
    ping: () => bus.ping(),
    natsVersion: () => bus.serverVersion(),
    control: () => ({ fresh: view.fresh(), reason: view.level({}).reason }),
    drift: monitorUrl === undefined ? undefined : (signal) => streamDrift(monitorUrl, signal),
    outbox: () => outbox.status(),
    auditMismatch,
  });
}
