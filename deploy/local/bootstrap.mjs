// Runs an entry of this project on a bare clone: installs what is missing, finds a Node that runs TypeScript, and goes.
// Plain JavaScript for any Node from 18 up. Everything it says goes to standard error: standard output is the entry's.
//
//   node deploy/local/bootstrap.mjs [--nats] <entry.ts> [arguments]
//   node deploy/local/bootstrap.mjs --bin <name> [arguments]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { lockFolder } from "./folder-lock.mjs";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const CACHE = join(ROOT, ".cache");
const STAMP = join(ROOT, "node_modules", ".countersign-setup");
const OWN_NODE = join(ROOT, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];
const IS_SYSTEM = process.argv[2] === "deploy/local/start.ts";
const INSTALL_TIMEOUT_MS = 900_000;

const say = (line) => process.stderr.write(`countersign: ${line}\n`);

function fail(message) {
  process.stderr.write(`countersign: ${message}\n`);
  process.exit(69);
}

/** The dependencies are those of the lock file; one that changed makes them stale. */
function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
}

function isSetUp() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8").trim() === lockHash();
}

/** The system ends in order whenever it is told to; an entry that was cut off has failed. */
const endsWith = (signal) => process.exit(IS_SYSTEM ? 0 : 128 + constants.signals[signal]);

/** What is going on, and what a signal means for it; until the entry itself listens. */
let installing;
let told = (signal) => {
  if (installing?.pid === undefined) endsWith(signal);
  installing.once("close", () => endsWith(signal));
  try {
    // npm is a group of its own, so that all of it ends.
    process.kill(-installing.pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
};
// Never taken away from the system: a signal that comes while its modules are read would be lost.
for (const signal of SIGNALS) process.on(signal, () => process.listenerCount(signal) === 1 && told(signal));

/** npm ci, once for everybody who starts at the same time. */
async function install() {
  if (isSetUp()) return;
  mkdirSync(CACHE, { recursive: true });
  const waiting = () => say("waiting for another set-up of this clone");
  const lock = await lockFolder(join(CACHE, "setup.lock"), { timeoutMs: INSTALL_TIMEOUT_MS, onWait: waiting });
  try {
    if (isSetUp()) return;
    say("installing dependencies (npm ci); only the first start does this");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const env = { ...process.env, npm_config_loglevel: "error", npm_config_fund: "false", npm_config_audit: "false" };
    installing = spawn(npm, ["ci"], {
      cwd: ROOT,
      env,
      stdio: ["ignore", 2, 2],
      detached: process.platform !== "win32",
    });
    const how = await new Promise((done) =>
      installing.once("error", (error) => done(error.message)).once("close", (code) => done(code)),
    );
    installing = undefined;
    if (how !== 0)
      fail(`npm ci failed (${typeof how === "string" ? how : `exit code ${how}`}); its output stands above`);
    writeFileSync(STAMP, `${lockHash()}\n`);
  } finally {
    lock.release();
  }
}

/** The Node to go on with: this one if it runs TypeScript, else the project's own. */
function findNode() {
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const version = existsSync(OWN_NODE) ? spawnSync(OWN_NODE, ["--version"], { encoding: "utf8" }).stdout : "";
  if (/^v(2[4-9]|[3-9][0-9])\./.test(version ?? "")) return OWN_NODE;
  return fail(
    "Node 24 or newer is needed, and the npm package `node` has not brought one: its install script may be blocked. " +
      'Run "npm rebuild node --foreground-scripts", or install Node 24, and start again.',
  );
}

/** In this process when it can run TypeScript: one process less, and nothing to pass on. */
async function run(node, entry, args, env) {
  if (node === process.execPath && entry.endsWith(".ts")) {
    Object.assign(process.env, env);
    module.enableCompileCache?.(env.NODE_COMPILE_CACHE);
    process.argv = [process.execPath, entry, ...args];
    await import(pathToFileURL(entry).href);
    return;
  }
  // What this process was started with holds for that one too: the launcher waits most of the time, and is kept small.
  const child = spawn(node, [...process.execArgv, entry, ...args], {
    cwd: process.cwd(),
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  let last;
  told = (signal) => {
    last = signal;
    child.kill(signal);
  };
  if (!IS_SYSTEM) for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => (signal && signal === last ? endsWith(signal) : process.exit(code ?? 1)));
  // Whoever started this is gone without a word; the entry sees that of its own parent only, and that is this process.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || last || told("SIGTERM"), 500).unref();
}

const args = process.argv.slice(2);
const flags = new Set();
while (args[0] === "--nats" || args[0] === "--bin") flags.add(args.shift());
const [first, ...rest] = args;
if (first === undefined) fail("usage: bootstrap.mjs [--nats] <entry.ts> | --bin <name>");

await install();
if (!IS_SYSTEM) for (const signal of SIGNALS) process.removeAllListeners(signal);
const node = findNode();
const env = {
  NODE_COMPILE_CACHE: join(CACHE, "node-compile"),
  PATH: `${join(ROOT, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
};
if (flags.has("--nats")) {
  const fetcher = join(ROOT, "deploy/local/ensure-nats.ts");
  const found = spawnSync(node, [fetcher], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", 2],
    encoding: "utf8",
  });
  if (found.status !== 0) process.exit(found.status ?? 1);
  env.COUNTERSIGN_NATS_SERVER = found.stdout.trim();
}
const entry = flags.has("--bin") ? join(ROOT, "node_modules", ".bin", first) : join(ROOT, first);
await run(node, entry, rest, env);
