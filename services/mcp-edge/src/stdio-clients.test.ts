import { once } from "node:events";
import type { TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MODERN, natsWithAgent, say, startStdio } from "./testing/stdio-process.ts";

/** What clients do that is not in the protocol, or only just. */
let nats: TestNats;
beforeAll(async () => {
  nats = await natsWithAgent();
});
afterAll(() => nats?.stop());

const list = (id: number) => ({ id, method: "tools/list", params: { _meta: MODERN } });
const idsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).id);

test("an answer to what was never asked -> passed over; the next request is answered, and the input's end is heard", async () => {
  const { child, lines, exited } = startStdio(nats);
  say(child, { id: 6, result: {} });
  say(child, { id: 6, error: { code: 1, message: "x" } });
  say(child, list(1));
  await expect.poll(() => lines.length).toBe(1);
  child.stdin?.end();
  expect(await exited).toBe(0);
  expect(idsOf(lines)).toEqual([1]);
});

test("a listen stream is no question that waits: with the end of the input it has its last word", async () => {
  const { child, lines, exited } = startStdio(nats);
  say(child, list(1));
  say(child, { id: 2, method: "subscriptions/listen", params: { notifications: {}, _meta: MODERN } });
  await expect.poll(() => lines.length).toBe(2);
  child.stdin?.end();
  expect(await exited).toBe(0);
  expect([lines.length, idsOf(lines).at(-1)]).toEqual([3, 2]);
});

test("nobody reads the output any more -> the process ends, although its input is open", async () => {
  const { child, exited } = startStdio(nats, { read: false });
  say(child, list(1));
  await once(child.stdout, "readable");
  child.stdout.destroy();
  child.stdin?.on("error", () => undefined);
  say(child, list(2));
  expect(await exited).toBe(0);
});

test("a client that reads late: every line of a flood has its answer, the last as well, when the input ended before", async () => {
  const { child, lines, exited, read } = startStdio(nats, { read: false });
  const flood = 20_000;
  child.stdin?.write("x\n".repeat(flood));
  for (let id = 0; id < 100; id += 1) say(child, list(id));
  child.stdin?.end();
  await once(child.stdout, "readable");
  read();
  expect(await exited).toBe(0);
  await expect.poll(() => lines.length, { timeout: PATIENCE_MS }).toBe(flood + 100);
  expect(idsOf(lines.slice(flood))).toEqual(Array.from({ length: 100 }, (_, id) => id));
});

test("NATS is not there -> one line that says so, and the end", async () => {
  const { exited, said, lines } = startStdio({ ...nats, url: "nats://127.0.0.1:1" });
  expect(await exited).toBe(70);
  expect([said(), lines]).toEqual(["NATS at nats://127.0.0.1:1: connection refused\n", []]);
});
