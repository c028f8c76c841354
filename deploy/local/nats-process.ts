import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** Not by import, which evaluates every export and so brings in the client of `fetch`: 12 MB of memory in the launcher. */
const { get } = process.getBuiltinModule("node:http");

export interface SpawnOptions {
  readonly binary: string;
  readonly configFile: string;
  readonly storeDir: string;
  /** Made anew; there the server tells which ports it listens on. */
  readonly portsFolder: string;
  readonly port: number;
  readonly monitorPort: number;
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** Called at once, before the server can serve anybody. */
  readonly onSpawn: (pid: number) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningServer {
  readonly url: string;
  readonly monitorUrl: string;
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
}

/** The server did not come up; the message says why, in its own words where it said anything. */
export class EmbeddedNatsError extends Error {
  override readonly name = "EmbeddedNatsError";
}

const READY_TIMEOUT_MS = 60_000;
const HEALTH_TIMEOUT_MS = 1_000;
const STOP_GRACE_MS = 5_000;
const POLL_MS = 10;
const SAID_LINES_MAX = 20;

interface Ports {
  readonly url: string;
  readonly monitorUrl: string;
}

/** Starts the server and waits until it says it is healthy; when that fails, nothing is left running. */
export async function spawnNats(options: SpawnOptions): Promise<RunningServer> {
  rmSync(options.portsFolder, { recursive: true, force: true });
  mkdirSync(options.portsFolder, { mode: 0o700 });
  const child = spawn(options.binary, serverArguments(options), {
    env: { ...options.env },
    stdio: ["ignore", "ignore", "pipe"],
    // Ctrl-C in a terminal goes to the whole group, and the bus must outlive the services that drain over it.
    detached: true,
  });
  const giveUp = () => child.kill("SIGTERM");
  if (options.signal?.aborted) giveUp();
  options.signal?.addEventListener("abort", giveUp, { once: true });
  const said = collect(child, options.log);
  const exited = whenExited(child);
  try {
    const pid = await pidOf(child, options);
    options.onSpawn(pid);
    const portsFile = join(options.portsFolder, `${basename(options.binary)}_${pid}.ports`);
    const ports = await Promise.race([ready(portsFile), failOnExit(exited, said)]);
    return { ...ports, pid, exited, stop: () => stop(child, exited) };
  } catch (error) {
    if (child.pid !== undefined) await stop(child, exited);
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }
}

function serverArguments({ configFile, port, monitorPort, portsFolder, storeDir }: SpawnOptions): string[] {
  const free = (wanted: number): string => String(wanted === 0 ? -1 : wanted);
  const listen = ["-a", "127.0.0.1", "-p", free(port), "-m", free(monitorPort)];
  return ["-c", configFile, ...listen, "--ports_file_dir", portsFolder, "-sd", storeDir];
}

function collect(child: ChildProcess, log: (line: string) => void): readonly string[] {
  const said: string[] = [];
  if (child.stderr === null) return said;
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    if (said.length > SAID_LINES_MAX) said.shift();
    log(line);
  });
  return said;
}

function whenExited(child: ChildProcess): Promise<ServerExit> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

async function pidOf(child: ChildProcess, { binary }: SpawnOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => reject(new EmbeddedNatsError(`${binary} cannot be started`, { cause })));
  });
  if (child.pid === undefined) throw new EmbeddedNatsError(`${binary} has no process id`);
  return child.pid;
}

async function failOnExit(exited: Promise<ServerExit>, said: readonly string[]): Promise<never> {
  const { code, signal } = await exited;
  throw new EmbeddedNatsError(
    `nats-server ended at its start (${signal ?? `code ${code}`}): ${said.join("\n") || "it said nothing"}`,
  );
}

async function ready(portsFile: string): Promise<Ports> {
  const endAt = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < endAt) {
    const ports = readPorts(portsFile);
    if (ports !== undefined && (await isHealthy(ports.monitorUrl))) return ports;
    await sleep(POLL_MS);
  }
  throw new EmbeddedNatsError(`nats-server was not healthy after ${READY_TIMEOUT_MS} ms`);
}

function readPorts(file: string): Ports | undefined {
  try {
    const { nats, monitoring } = JSON.parse(readFileSync(file, "utf8")) as Record<string, string[] | undefined>;
    const [url, monitorUrl] = [nats?.[0], monitoring?.[0]];
    return typeof url === "string" && typeof monitorUrl === "string" ? { url, monitorUrl } : undefined;
  } catch {
    return undefined;
  }
}

/** Not by fetch, for the same reason. */
function isHealthy(monitorUrl: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { agent: false, signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) };
    const request = get(new URL("/healthz", monitorUrl), options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once("error", () => resolve(false));
  });
}

async function stop(child: ChildProcess, exited: Promise<ServerExit>): Promise<void> {
  child.kill("SIGTERM");
  const grace = new AbortController();
  const late = sleep(STOP_GRACE_MS, "late" as const, { signal: grace.signal }).catch(() => "ended" as const);
  if ((await Promise.race([exited, late])) === "late") child.kill("SIGKILL");
  grace.abort();
  await exited;
}
