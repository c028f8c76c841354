import { join } from "node:path";
import { announce } from "./announce.ts";
import { readArguments, type StartArguments, UsageError, withConfiguration } from "./arguments.ts";
import { Child } from "./child.ts";
import { compileAhead } from "./compile-ahead.ts";
import { claimDataFolder } from "./data-folder.ts";
import { armOnFirstStart } from "./first-arm.ts";
import { firstStartIsOver } from "./first-start.ts";
import { reapLeftOver } from "./left-over-server.ts";
import { choosePorts, demandFree, type Ports } from "./ports.ts";
import type { Prepared } from "./prepare-job.ts";
import { REPOSITORY_FOLDER } from "./repository.ts";
import { runJob } from "./run-job.ts";
import { COMPILE_CACHE, servicesOf } from "./services.ts";
import { superviseNats } from "./supervised-nats.ts";

const SIMULATED_ACCOUNT = "DU1234567";
/** The server collects its garbage at half of what it holds more, instead of as much again: 15 MB less, and no slower. */
const NATS_MEMORY = { GOGC: "50" };
const log = (line: string) => process.stderr.write(`countersign: ${line}\n`);

/** What was started, in stages; stopped in reverse: NATS last, and before it the audit, which hears the others' last words. */
const started: { stop(): Promise<void> }[][] = [];
let stopping = false;
/** What comes before the services; it gives up when it is told to. */
let preparing: Promise<unknown> = Promise.resolve();
const givenUp = new AbortController();

async function stopAll(exitCode: number): Promise<never> {
  stopping = true;
  givenUp.abort(new Error("told to stop"));
  // A server that is just starting is known only when its start has come to an end.
  await preparing.catch(() => undefined);
  for (const stage of started.reverse()) {
    const ended = await Promise.allSettled(stage.map((part) => part.stop()));
    for (const one of ended) if (one.status === "rejected") log(String(one.reason));
  }
  process.exit(exitCode);
}

/** Everything up to where the services can be started. */
async function prepare(settings: StartArguments) {
  const keysDir = join(settings.dataDir, "keys");
  const claim = claimDataFolder(settings.dataDir);
  process.once("exit", () => claim.release());
  const ports = await choosePorts(settings.portBase);
  if (settings.portBase !== 0) {
    // What a start that was killed has left holds its ports until it has ended.
    await reapLeftOver(join(settings.dataDir, "nats", "server.json"));
    await demandFree(ports, givenUp.signal);
  }
  const { dataDir, configDir, paper } = settings;
  const account = paper?.account ?? SIMULATED_ACCOUNT;
  const about = [dataDir, account, configDir, paper === undefined ? "simulator" : "paper"];
  const prepared = JSON.parse(await runJob("prepare-job.ts", about, givenUp.signal)) as Prepared;
  const { rosterRoots } = prepared;
  const natsUrl = await startNats(settings, prepared, ports);
  const services = servicesOf({ settings, keysDir, ports, natsUrl, account, rosterRoots });
  await compileAhead(services, COMPILE_CACHE, log, givenUp.signal);
  return { ports, prepared, keysDir, natsUrl, services };
}

async function start(settings: StartArguments): Promise<void> {
  const underWay = prepare(settings);
  preparing = underWay;
  const { ports, prepared, keysDir, natsUrl, services } = await underWay;
  if (stopping) return;
  const { tokens, firstStart } = prepared;
  const children = services.map((service) => new Child({ ...service, log }));
  const isAudit = (_: Child, index: number) => services[index]?.name === "audit-writer";
  started.push(
    children.filter(isAudit),
    children.filter((child, index) => !isAudit(child, index)),
  );
  await Promise.all(children.map((child) => child.start()));
  const admin = `http://127.0.0.1:${ports.admin}`;
  if (stopping) return;
  // A paper account is let go by a person, as after every stop.
  if (settings.paper === undefined)
    await armOnFirstStart({ admin, operatorToken: tokens.operatorToken, firstStart, log });
  if (stopping) return;
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
    signal: givenUp.signal,
  };
  const nats = await superviseNats(options, (reason) => {
    if (stopping) return;
    log(`${reason}; everything stops`);
    void stopAll(70);
  });
  started.push([nats]);
  const about = [nats.url, join(settings.dataDir, "keys"), nats.monitorUrl];
  const durability = await runJob("provision-job.ts", about, givenUp.signal);
  log(`nats-server ${nats.version} at ${nats.url}, durability ${durability}`);
  return nats.url;
}

/** A terminal that is closed says SIGHUP, and takes away what is written to. */
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => void (stopping || stopAll(0)));
}
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

/** Whoever started this is gone without a word (a killed shell, a closed terminal): nothing must live on alone. */
const parent = process.ppid;
setInterval(() => void (process.ppid === parent || stopping || stopAll(0)), 500).unref();

try {
  await start(withConfiguration(readArguments(process.argv.slice(2))));
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
