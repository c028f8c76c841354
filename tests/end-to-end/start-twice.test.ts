import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { listen } from "@countersign/testing/listen";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const folder = tempDir("countersign-twice-");
afterAll(() => folder.remove());

/** One start, until it is ready (then it is stopped) or has ended by itself. */
async function start(dataDir: string, portBase = 0) {
  const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
  const words = ["--json", "--data-dir", dataDir, "--port-base", String(portBase)];
  const args = ["deploy/local/bootstrap.mjs", "deploy/local/start.ts", ...words];
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { ready: false, log: "" };
  child.stdout.on("data", (data) => {
    said.ready ||= String(data).includes('"ready":true');
    if (said.ready) child.kill("SIGTERM");
  });
  child.stderr.on("data", (data) => {
    said.log += data;
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { ...said, code, pid: child.pid };
}

// At the same time: each has a folder of its own, and the one with the port waits ten seconds for it.
test.concurrent("two first starts on one data folder at once -> one comes up, the other says in one sentence who has it", async () => {
  const dataDir = join(folder.path, "shared");
  const both = await Promise.all([start(dataDir), start(dataDir)]);
  const [first] = both.filter(({ ready }) => ready);
  const [second] = both.filter(({ ready }) => !ready);
  expect(both.map(({ ready }) => ready).sort(), both.map(({ log }) => log).join("\n")).toEqual([false, true]);
  expect([first?.code, second?.code]).toEqual([0, 1]);
  const sentence = `the data folder ${dataDir} is in use by process ${first?.pid}; stop it or choose another --data-dir`;
  expect(second?.log).toBe(`countersign: ${sentence}\n`);
});

test.concurrent("a port that is taken -> one sentence that names it, and nothing is started", async () => {
  const other = createServer();
  const port = await listen(other);
  const { code, log, ready } = await start(join(folder.path, "port"), port);
  other.close();
  expect([code, ready]).toEqual([1, false]);
  expect(log).toMatch(
    new RegExp(`^countersign: another program listens on ${port} \\(mcp\\).*; stop it or choose .*\n$`),
  );
});

test.concurrent("a data folder that is a file -> one sentence that names it", async () => {
  const file = join(folder.path, "file");
  writeFileSync(file, "");
  const { code, log } = await start(file);
  expect(code).toBe(1);
  expect(log).toMatch(/^countersign: the data folder \S+ cannot be used \(EEXIST.*\); choose another --data-dir\n$/);
});
