import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { required } from "@countersign/config/environment";
import { HEARTBEATS, RPCS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import { runChecks } from "@countersign/service/readiness";
import { EXIT, type Running, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { createEdge, type Edge } from "./edge.ts";
import { openHttp } from "./http-transport.ts";
import { logEvents } from "./log-events.ts";
import type { Settings } from "./settings.ts";
import { openStdio } from "./stdio-transport.ts";
import { reopenSession } from "./usage/reopen.ts";
import { usageStore } from "./usage/usage-store.ts";

const service = "mcp-edge";
const CLOSE_AUDIT_MS = 1_000;

/** Connects, serves, beats; the returned function undoes it in reverse. */
export async function openEdge(context: StartContext, settings: Settings): Promise<Running> {
  const { config, hash, mode, roster, keysDir } = settings;
  const clock = createSystemClock();
  const shutdown = new Shutdown(context.logger);
  const onClosed = (user: string, reason: string) => {
    if (!context.signal.aborted) process.stderr.write(`${user}: ${reason}\n`, () => process.exit(EXIT.crashed));
  };
  const url = required(context.environment, "natsUrl");
  const backend = await connectBus({
    url,
    users: usersOf(service),
    keysDir,
    service,
    clock,
    log: context.logger,
    onClosed,
  });
  shutdown.defer("bus", () => backend.drain());
  const { adminUrl } = context.environment;
  const edge = createEdge({
    backend,
    usage: usageStore(backend),
    clock,
    config,
    roster,
    mode,
    adminUrl,
    log: logEvents(context.logger),
  });
  backend.serve(RPCS.reopenSession, (request) => reopenSession(edge, request));
  shutdown.defer("audit queue", () => edge.audit.close(CLOSE_AUDIT_MS));
  const stdio = context.argv.includes("--stdio");
  const transport = stdio ? openStdio(edge, context) : await openHttp(edge, context);
  shutdown.defer("transport", () => transport.close());
  // The process of one client is not the service that operators watch.
  if (!stdio) shutdown.defer("heartbeat", beat(backend, edge));
  return { ready: { config: hash, agents: roster.size, ...transport.ready }, stop: () => shutdown.run() };
}

function beat(bus: Awaited<ReturnType<typeof connectBus>>, edge: Edge): () => void {
  const { clock, mode } = edge.deps;
  const base = { service, instance: newNonce(), mode, startedAt: utcText(clock.nowMs()) };
  const checks = [
    {
      name: "bus",
      check: async () => ({ ok: bus.connected(), detail: bus.connected() ? "connected" : "not connected" }),
    },
    { name: "audit", check: async () => edge.audit.status() },
  ];
  return bus.startHeartbeat(HEARTBEATS[service], async () => ({
    ...base,
    at: utcText(clock.nowMs()),
    ...(await runChecks(checks)),
  }));
}
