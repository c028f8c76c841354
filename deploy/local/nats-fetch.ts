import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { askVersion, cachedServerPath, firstUsable, type NatsServer, systemCandidates } from "./nats-lookup.ts";
import { NATS_RECOMMENDED } from "./nats-version.ts";
import { runCommand } from "./run-command.ts";

/** What every way of getting a server needs; `log` takes one line of progress. */
export interface FetchContext {
  readonly cacheFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

const GO_MODULE = "github.com/nats-io/nats-server/v2";
const PROBE_TIMEOUT_MS = 30_000;
const BUILD_TIMEOUT_MS = 900_000;
const INSTALL_TIMEOUT_MS = 300_000;

export async function hasGo(env: NodeJS.ProcessEnv): Promise<boolean> {
  return canRun("go", ["version"], env);
}

/** Builds the recommended version; the Go checksum database vouches for the source. Throws with Go's own words. */
export async function fetchByGo({ cacheFolder, env, log }: FetchContext): Promise<NatsServer> {
  log(`building nats-server ${NATS_RECOMMENDED} with Go, once; about a minute`);
  const path = cachedServerPath(cacheFolder, NATS_RECOMMENDED);
  await intoCache(path, async (draft) => {
    const flags = [env.GOFLAGS, "-trimpath"].filter(Boolean).join(" ");
    const { code, output } = await runCommand("go", ["install", `${GO_MODULE}@v${NATS_RECOMMENDED}`], {
      env: { ...env, GOBIN: draft, GOFLAGS: flags },
      timeoutMs: BUILD_TIMEOUT_MS,
      onLine: (line) => log(`  ${line}`),
    });
    if (code !== 0) throw new Error(`go install ended with ${code ?? "a signal"}: ${lastLines(output)}`);
  });
  return { path, version: NATS_RECOMMENDED, source: "go" };
}

/** Only root can install packages without a question. */
export async function hasApt(env: NodeJS.ProcessEnv): Promise<boolean> {
  return process.getuid?.() === 0 && canRun("apt-get", ["--version"], env);
}

export async function fetchByApt({ env, log }: FetchContext): Promise<NatsServer> {
  log("installing nats-server with apt-get");
  const quiet = { ...env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env: quiet, timeoutMs: INSTALL_TIMEOUT_MS };
  // A fresh machine has no package lists; an old list is still worth a try.
  await runCommand("apt-get", ["update"], options);
  // The package starts a server of its own when it can; ours must not meet one that asks for no password.
  const args = ["install", "-y", "--no-install-recommends", "nats-server"];
  const { code, output } = await runCommand("apt-get", args, { ...options, env: { ...quiet, RUNLEVEL: "1" } });
  if (code !== 0) throw new Error(`apt-get install ended with ${code ?? "a signal"}: ${lastLines(output)}`);
  const found = await firstUsable(systemCandidates(env.PATH), "package-manager");
  if (found === undefined) throw new Error("apt-get installed nats-server, but no usable one is there");
  return found;
}

/**
 * Lets `fill` put a file `nats-server` into an empty draft folder, then moves the folder to its final place in one
 * rename: whoever looks into the cache sees a whole server or none.
 */
export async function intoCache(path: string, fill: (draftFolder: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  const draft = `${folder}.draft-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    await fill(draft);
    if ((await askVersion(join(draft, "nats-server"))) === undefined)
      throw new Error("what came is not a working nats-server");
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function canRun(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    return (await runCommand(program, args, { env, timeoutMs: PROBE_TIMEOUT_MS })).code === 0;
  } catch {
    return false;
  }
}

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-5).join(" | ");
}
