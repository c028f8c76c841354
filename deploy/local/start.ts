import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments, type StartArguments, UsageError } from "./arguments.ts";
import { Child } from "./child.ts";
import { compileAhead } from "./compile-ahead.ts";
import { armOnFirstStart } from "./first-arm.ts";
import { firstStartIsOver, type Tokens } from "./first-start.ts";
import { choosePorts, type Ports } from "./ports.ts";
import type { Prepared } from "./prepare-job.ts";
import { REPOSITORY_FOLDER } from "./repository.ts";
import { runJob } from "./run-job.ts";
import { COMPILE_CACHE, servicesOf } from "./services.ts";
import { superviseNats } from "./supervised-nats.ts";

const ACCOUNT = "DU1234567";
/** The server collects its garbage at half of what it holds more, instead of as much again: 15 MB less, and no slower. */
const NATS_MEMORY = { GOGC: "50" };
const log = (line: string) => process.stderr.write(`countersign: ${line}\n`);

/** What was started, in stages; stopped in reverse: NATS last, and before it the audit, which hears the others' last words. */
const started: { stop(): Promise<void> }[][] = [];
let stopping = false;

async function stopAll(exitCode: number): Promise<never> {
  stopping = true;
  for (const stage of started.reverse()) {
    const ended = await Promise.allSettled(stage.map((part) => part.stop()));
    for (const one of ended) if (one.status === "rejected") log(String(one.reason));
  }
  process.exit(exitCode);
}

async function start(settings: StartArguments): Promise<void> {
  const keysDir = join(settings.dataDir, "keys");
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const ports = await choosePorts(settings.portBase);
  const prepared = JSON.parse(
    await runJob("prepare-job.ts", [settings.dataDir, ACCOUNT, settings.configDir]),
  ) as Prepared;
  const { tokens, firstStart, rosterRoots } = prepared;
  const natsUrl = await startNats(settings, prepared, ports);
  const services = servicesOf({ settings, keysDir, ports, natsUrl, account: ACCOUNT, rosterRoots });
  await compileAhead(services, COMPILE_CACHE, log);
  const children = services.map((service) => new Child({ ...service, log }));
  const isAudit = (_: Child, index: number) => services[index]?.name === "audit-writer";
  started.push(
    children.filter(isAudit),
    children.filter((child, index) => !isAudit(child, index)),
  );
  await Promise.all(children.map((child) => child.start()));
  const admin = `http://127.0.0.1:${ports.admin}`;
  await armOnFirstStart({ admin, operatorToken: tokens.operatorToken, firstStart, log });
  firstStartIsOver(keysDir);
  announce(settings, ports, natsUrl, tokens);
}

async function startNats(settings: StartArguments, prepared: Prepared, ports: Ports): Promise<string> {
  const options = {
    binary: prepared.binary,
    configFile: join(REPOSITORY_FOLDER, "deploy/nats/nats.conf"),
    dataDir: settings.dataDir,
    port: ports.nats,
    monitorPort: ports.natsMonitor,
    log: (line: string) => (/\[(ERR|FTL)\]/.test(line) ? log(`nats: ${line}`) : undefined),
    env: { ...prepared.nkEnvironment, ...NATS_MEMORY },
  };
  const nats = await superviseNats(options, (reason) => {
    if (stopping) return;
    log(`${reason}; everything stops`);
    void stopAll(70);
  });
  started.push([nats]);
  const durability = await runJob("provision-job.ts", [nats.url, join(settings.dataDir, "keys"), nats.monitorUrl]);
  log(`nats-server ${nats.version} at ${nats.url}, durability ${durability}`);
  return nats.url;
}

function announce(settings: StartArguments, ports: Ports, nats: string, tokens: Tokens): void {
  const ready = {
    ready: true,
    mode: "simulator",
    mcp: `http://127.0.0.1:${ports.mcp}/mcp`,
    admin: `http://127.0.0.1:${ports.admin}`,
    nats,
    tws: `127.0.0.1:${ports.tws}`,
    ...tokens,
  };
  const connection = {
    ...ready,
    keysDir: join(settings.dataDir, "keys"),
    twsControl: `http://127.0.0.1:${ports.twsControl}`,
  };
  writeFileSync(join(settings.dataDir, "connection.json"), `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  if (settings.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else process.stdout.write(welcome(ready));
}

function welcome(ready: { mcp: string; admin: string; operatorToken: string; agentToken: string }): string {
  return [
    "",
    "  Countersign is ready. Mode: simulator (no real broker, no real money).",
    "",
    `  approval page   ${ready.admin}`,
    `  operator token  ${ready.operatorToken}`,
    `  MCP endpoint    ${ready.mcp}`,
    `  agent token     ${ready.agentToken}`,
    "",
    "  Ctrl-C stops everything.",
    "",
    "",
  ].join("\n");
}

process.on("SIGTERM", () => void (stopping || stopAll(0)));
process.on("SIGINT", () => void (stopping || stopAll(0)));

/** Whoever started this is gone without a word (a killed shell, a closed terminal): nothing must live on alone. */
const parent = process.ppid;
setInterval(() => void (process.ppid === parent || stopping || stopAll(0)), 500).unref();

try {
  await start(readArguments(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(64);
  }
  if (!stopping) {
    log(error instanceof Error ? error.message : String(error));
    await stopAll(1);
  }
}
