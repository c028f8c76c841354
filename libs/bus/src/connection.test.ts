import { connect as connectTcp, createServer, type Server } from "node:net";
import { createSystemClock } from "@countersign/clock/clock";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectBus } from "./bus.ts";

const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });
let nats: TestNats;
beforeAll(async () => {
  nats = await startTestNats({ provisioned: false });
});
afterAll(() => nats?.stop());

/** The real server behind a door that turns the first callers away with these words. */
async function door(callers: number, words: string): Promise<{ server: Server; url: string }> {
  let turnedAway = 0;
  const server = createServer((client) => {
    const upstream = connectTcp(Number(new URL(nats.url).port), "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    if (turnedAway >= callers) {
      client.pipe(upstream).pipe(client);
      return;
    }
    turnedAway += 1;
    upstream.once("data", (hello) => {
      client.end(Buffer.concat([hello, Buffer.from(`-ERR '${words}'\r\n`)]));
      upstream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, url: `nats://127.0.0.1:${typeof address === "object" ? address?.port : 0}` };
}

const open = (url: string) =>
  connectBus({ url, users: ["mcp-edge"], keysDir: nats.keysDir, service: "mcp-edge", clock, log });

test("a handshake that was too late -> another one", async () => {
  const { server, url } = await door(2, "Authentication Timeout");
  const bus = await open(url);
  expect(bus.connected()).toBe(true);
  await bus.drain();
  server.close();
});

test("a user that is refused -> no other try", async () => {
  const { server, url } = await door(1, "Authorization Violation");
  await expect(open(url)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  server.close();
});
