import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, afterEach, expect, test } from "vitest";
import { until } from "./system.ts";

const ROOT = join(import.meta.dirname, "../..");
const folder = tempDir("countersign-start-");
afterAll(() => folder.remove());

/** Nothing goes on running when a test fails before its own signal: whoever npm started sees that it is gone. */
const started: ChildProcess[] = [];
afterEach(() => {
  for (const npm of started.splice(0)) if (npm.exitCode === null && npm.signalCode === null) npm.kill("SIGKILL");
});

/** Processes whose command line or environment names the data folder of this test (Linux). */
function processes(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, "utf8") + readFileSync(`/proc/${pid}/environ`, "utf8");
      return /^[0-9]+$/.test(pid) && text.includes(folder.path);
    } catch {
      return false;
    }
  });
}

const left = () => processes().length;

/** The services that a signal to this process group would reach. */
function servicesIn(group: number | undefined): string[] {
  return processes().filter((pid) => {
    const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(afterName[2]) === group && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/services/");
  });
}

async function npmStart() {
  const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
  const args = ["start", "--", "--json", "--data-dir", folder.path, "--port-base", "0"];
  // Detached: in a process group of its own, as a terminal starts it.
  const npm = spawn("npm", args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  started.push(npm);
  let out = "";
  const log: string[] = [];
  npm.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  npm.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
  const ended = new Promise<number | null>((done) => npm.once("exit", done));
  await until(
    async () => out,
    (text) => text.includes('"ready":true'),
  );
  return { npm, ended, log };
}

test.each(["SIGTERM", "SIGINT"] as const)("%s to npm start -> exit code 0, and no process is left", async (signal) => {
  const { npm, ended } = await npmStart();
  expect(left()).toBeGreaterThan(8);
  npm.kill(signal);
  expect(await ended).toBe(0);
  expect(left()).toBe(0);
});

test("Ctrl-C, which a terminal sends to everybody at once -> all stop in order, and none is started again", async () => {
  const { npm, ended, log } = await npmStart();
  expect(servicesIn(npm.pid)).toEqual([]);
  process.kill(-Number(npm.pid), "SIGINT");
  expect(await ended).toBe(0);
  expect(left()).toBe(0);
  expect(log.join("")).not.toContain("again in");
});

test("npm killed without a word -> everything stops by itself", async () => {
  const { npm } = await npmStart();
  npm.kill("SIGKILL");
  await until(
    async () => left(),
    (count) => count === 0,
  );
});
