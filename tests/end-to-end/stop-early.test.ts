import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const folder = tempDir("countersign-early-");
afterAll(() => folder.remove());

/** Processes whose command line names the data folder (Linux). */
function left(dataDir: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^[0-9]+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dataDir);
    } catch {
      return false;
    }
  });
}

function launch(dataDir: string) {
  const args = [
    "deploy/local/bootstrap.mjs",
    "deploy/local/start.ts",
    "--json",
    "--data-dir",
    dataDir,
    "--port-base",
    "0",
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", log: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.log += text;
  });
  const ended = new Promise<number | string | null>((done) =>
    child.once("exit", (code, signal) => done(code ?? signal)),
  );
  return { child, said, ended };
}

type Look = (dataDir: string, log: string) => boolean;
const keysAreMade: Look = (dataDir) => existsSync(join(dataDir, "keys"));
const serverStarts: Look = (dataDir) => existsSync(join(dataDir, "nats", "server.json"));
const streamsAreMade: Look = (_, log) => log.includes("stream ORDERS created");
const aServiceIsUp: Look = (_, log) => log.includes(" ready (pid ");

test.each<[NodeJS.Signals, string, Look]>([
  ["SIGTERM", "the keys are made", keysAreMade],
  ["SIGINT", "the message server starts", serverStarts],
  ["SIGTERM", "the streams are made", streamsAreMade],
  ["SIGHUP", "the streams are made", streamsAreMade],
  ["SIGHUP", "the first service is up", aServiceIsUp],
])("%s while %s -> exit code 0, nothing said on standard output, no process left", async (signal, when, isThere) => {
  const dataDir = join(folder.path, `${signal}-${when.replaceAll(" ", "-")}`);
  const { child, said, ended } = launch(dataDir);
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && !isThere(dataDir, said.log); waitedMs += 2) await sleep(2);
  child.kill(signal);
  expect(await ended).toBe(0);
  expect([said.out, left(dataDir)]).toEqual(["", []]);
  expect(readdirSync(join(dataDir, "keys")).filter((name) => /\.[0-9]+$/.test(name))).toEqual([]);
});
