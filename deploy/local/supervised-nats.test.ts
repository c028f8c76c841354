import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedNatsOptions } from "./embedded-nats.ts";
import { findOrFetchNatsServer } from "./nats-server.ts";
import { temporaryFolder } from "./nats-test-files.ts";
import { choosePorts } from "./ports.ts";
import { processIdentity } from "./process-identity.mjs";
import { superviseNats } from "./supervised-nats.ts";

const folder = temporaryFolder();
const configFile = join(folder.path, "nats.conf");
let binary = "";

beforeAll(async () => {
  binary = (await findOrFetchNatsServer({ log: () => {} })).path;
  writeFileSync(configFile, "jetstream { max_file_store: 64MB, sync_interval: always }\n");
}, 600_000);
afterAll(() => folder[Symbol.dispose]());

async function settings(name: string): Promise<EmbeddedNatsOptions> {
  const { nats: port, natsMonitor: monitorPort } = await choosePorts(0);
  return { binary, configFile, dataDir: join(folder.path, name), port, monitorPort, log: () => {}, env: {} };
}

const ended = (pid: number) => expect.poll(() => processIdentity(pid)).toBeUndefined();

test("killed by itself -> started again where it was, until it is told to stop", async () => {
  const givenUp: string[] = [];
  const nats = await superviseNats(await settings("again"), (reason) => givenUp.push(reason));
  const first = nats.pid();
  process.kill(first, "SIGKILL");
  await expect.poll(() => nats.pid()).not.toBe(first);
  expect((await fetch(new URL("/healthz", nats.monitorUrl))).ok).toBe(true);
  const second = nats.pid();
  await nats.stop();
  await ended(second);
  expect(givenUp).toEqual([]);
});

test("one that dies again and again -> given up, and nothing is left running", async () => {
  let reason = "";
  const nats = await superviseNats(await settings("dying"), (text) => {
    reason = text;
  });
  for (let last = 0; reason === ""; ) {
    const pid = nats.pid();
    if (pid !== last) process.kill(pid, "SIGKILL");
    last = pid;
    await new Promise((done) => setTimeout(done, 20));
  }
  expect(reason).toContain("SIGKILL");
  const last = nats.pid();
  await nats.stop();
  await ended(last);
});
