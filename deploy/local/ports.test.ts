import { createServer } from "node:net";
import { listen } from "@countersign/testing/listen";
import { expect, test } from "vitest";
import { choosePorts, demandFree } from "./ports.ts";

test("free ports are six different ones that nobody listens on, below those of connections that go out", async () => {
  for (let round = 0; round < 20; round += 1) {
    const ports = await choosePorts(0);
    const all = Object.values(ports);
    expect(new Set(all).size).toBe(6);
    for (const port of all) expect(port >= 20_000 && port < 32_000).toBe(true);
    await demandFree(ports);
  }
});

test("with a base they are the six from there; one that is taken is named after the wait", async () => {
  const other = createServer();
  const port = await listen(other);
  const ports = await choosePorts(port - 1);
  expect(Object.values(ports)).toEqual(Array.from({ length: 6 }, (_, index) => port - 1 + index));
  await expect(demandFree(ports, undefined, 0)).rejects.toThrow(`${port} (admin)`);
  await new Promise((done) => other.close(done));
});
