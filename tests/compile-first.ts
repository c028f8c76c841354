import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../deploy/local/arguments.ts";
import { compileAhead } from "../deploy/local/compile-ahead.ts";
import { choosePorts } from "../deploy/local/ports.ts";
import { runCommand } from "../deploy/local/run-command.ts";
import { COMPILE_CACHE, servicesOf } from "../deploy/local/services.ts";

const DEADLINE_MS = 120_000;
const ROOT = join(import.meta.dirname, "..");
/** What tests start again and again without the launcher and its flags, and end without leaving it time to keep anything. */
const STARTED_BY_TESTS = ["tws-simulator", "broker-gateway", "market-data", "audit-writer"];

/** Before the first run of a clone the services are compiled once, and not by each of the processes that the tests start. */
export async function compileFirst(log: (line: string) => void): Promise<void> {
  const nowhere = { keysDir: "", natsUrl: "", account: "", rosterRoots: "" };
  const services = servicesOf({ settings: readArguments([]), ports: await choosePorts(0), ...nowhere });
  await compileAhead(services, COMPILE_CACHE, log);
  const mark = join(COMPILE_CACHE, `for-tests-${process.version}`);
  if (existsSync(mark)) return;
  log("compiling what the tests start; only the first run does this");
  await Promise.all(STARTED_BY_TESTS.map((name) => describe(name, log)));
  writeFileSync(mark, "");
}

async function describe(name: string, log: (line: string) => void): Promise<void> {
  const words = [join(ROOT, "services", name, "src/main.ts"), "describe"];
  const env = { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: COMPILE_CACHE };
  const { code, output } = await runCommand(process.execPath, words, { env, timeoutMs: DEADLINE_MS });
  // It is only time that is lost: the tests that start the service say what is wrong with it.
  if (code !== 0) log(`${name} does not describe itself: ${output}`);
}
