import { connect } from "node:net";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
beforeAll(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "200");
});
afterEach(() => simulator.calm());
afterAll(() => simulator.stop());

const HELLO = "v100..193";

test("refuseConnections -> the system refuses, the library says 502 by itself, open connections live on", async () => {
  covers("fault/refuse");
  const open = await simulator.ready(1);
  await simulator.fault({ action: "refuseConnections" });
  const code = await new Promise((resolve) => {
    connect(simulator.port, "127.0.0.1").once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  expect(code).toBe("ECONNREFUSED");
  const library = new LibraryClient(simulator.port, 2);
  library.api.connect(2);
  await library.waitFor(EventName.error, ([, errorCode]) => errorCode === 502);
  open.send(49, 1);
  await open.waitFor(() => open.of("49").length === 1);
  open.end();
});

test("acceptSilently -> TCP is up and no byte ever comes, not even a FIN", async () => {
  covers("fault/mute");
  await simulator.fault({ action: "acceptSilently" });
  const mute = simulator.raw();
  mute.hello(HELLO);
  const next = await simulator.ready(3);
  expect(mute.chunks).toEqual([]);
  expect(mute.ending).toBeUndefined();
  mute.end();
  next.end();
});

test("acceptSlowly -> what the client wrote in the meantime is read later, all of it", async () => {
  covers("fault/slow-accept");
  await simulator.fault({ action: "acceptSlowly", delayMs: 60 });
  const slow = simulator.raw();
  slow.hello(HELLO);
  slow.send(71, 2, 4, "");
  const quick = await simulator.ready(5);
  expect(slow.frames).toEqual([]);
  await slow.waitFor(() => slow.of("9").length === 1);
  slow.end();
  quick.end();
});

test("acceptSlowly and a library that sends orders first -> garbage before the hello ends the connection", async () => {
  await simulator.fault({ action: "acceptSlowly", delayMs: 20 });
  const client = simulator.raw();
  client.place(1);
  client.hello(HELLO);
  await client.closed;
  expect(client.frames).toEqual([]);
});

test("delayReply hello -> the version comes late and the session is a normal one", async () => {
  covers("fault/delay-hello");
  await simulator.fault({ action: "delayReply", message: "hello", delayMs: 60 });
  const late = simulator.raw();
  late.hello(HELLO);
  const other = await simulator.ready(6);
  expect(late.frames).toEqual([]);
  await late.waitFor(() => late.frames.length === 1);
  late.send(71, 2, 7, "");
  await late.waitFor(() => late.of("9").length === 1);
  late.end();
  other.end();
});

test.each(["fin", "rst"] as const)(
  "dropAfter hello by %s -> no version, and the connection ends that way",
  async (how) => {
    covers("fault/close-after-hello", "fault/fin-or-reset");
    await simulator.fault({ action: "dropAfter", message: "hello", how });
    const client = simulator.raw();
    client.hello(HELLO);
    await client.closed;
    expect(client.frames).toEqual([]);
    expect(client.ending).toBe(how);
  },
);

test("cutAfterReply hello -> the version arrives, and nothing else", async () => {
  covers("fault/close-after-hello");
  await simulator.fault({ action: "cutAfterReply", message: "hello" });
  const client = simulator.raw();
  client.hello(HELLO);
  await client.closed;
  expect(client.frames).toHaveLength(1);
});

test("dropBefore startApi -> version, then the end; the client id stays free", async () => {
  covers("fault/close-after-start");
  await simulator.fault({ action: "dropBefore", message: "startApi", clientId: 8 });
  const client = simulator.raw();
  client.hello(HELLO);
  client.send(71, 2, 8, "");
  await client.closed;
  expect(client.frames).toHaveLength(1);
  (await simulator.ready(8)).end();
});

test("cutBeforeReply nextValidId -> accounts arrive, the first order id does not", async () => {
  covers("fault/close-before-next-valid-id");
  await simulator.fault({ action: "cutBeforeReply", message: "nextValidId" });
  const client = simulator.raw();
  client.hello(HELLO);
  client.send(71, 2, 9, "");
  await client.closed;
  expect(client.frames.slice(1).map(([id]) => id)).toEqual(["15"]);
});

test("halfOpen of one client -> it hears nothing and is not closed, the other one works", async () => {
  covers("fault/half-open");
  const [dead, alive] = [await simulator.ready(10), await simulator.ready(11)];
  await simulator.fault({ action: "halfOpen", clientId: 10 });
  dead.send(49, 1);
  alive.send(49, 1);
  await alive.waitFor(() => alive.of("49").length === 1);
  expect(dead.of("49")).toEqual([]);
  expect(dead.ending).toBeUndefined();
  await simulator.calm();
  await dead.closed;
  alive.end();
});

test("halfOpen at a frame -> all before it is answered, nothing from there on", async () => {
  covers("fault/half-open");
  await simulator.fault({ action: "halfOpen", message: "reqManagedAccts" });
  const client = await simulator.ready(12);
  client.send(49, 1);
  client.send(17, 1);
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 1);
  const other = await simulator.ready(13);
  expect(client.of("49")).toHaveLength(1);
  expect(client.of("15")).toHaveLength(1);
  client.end();
  other.end();
});

test("chunkWrites of one byte -> many segments, and the library reads an order's whole life", async () => {
  covers("fault/split-bytes");
  await simulator.fault({ action: "chunkWrites", bytes: 1 });
  const raw = simulator.raw();
  raw.hello(HELLO);
  await raw.waitFor(() => raw.frames.length === 1);
  expect(raw.chunks.length).toBeGreaterThan(5);
  raw.end();
  const library = await simulator.library(14);
  const id = library.place(AAPL, { orderType: "MKT" as never });
  await library.waitFor(EventName.commissionReport);
  expect(library.statuses(id).at(-1)).toBe("Filled");
  expect(library.protocolErrors()).toEqual([]);
  library.disconnect();
});

test("gatherWrites -> a hundred answers arrive in one segment", async () => {
  covers("fault/coalesce");
  const client = await simulator.ready(15);
  await simulator.fault({ action: "gatherWrites", clientId: 15, frames: 100, delayMs: 5_000 });
  const before = client.chunks.length;
  for (let count = 0; count < 100; count += 1) client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 100);
  expect(client.chunks.length - before).toBeLessThanOrEqual(2);
  client.end();
});

test("stallInsideReply -> half a frame, then silence, then the rest and all that waited", async () => {
  covers("fault/stall-mid-frame");
  const client = await simulator.ready(16);
  await simulator.fault({ action: "stallInsideReply", message: "currentTime", clientId: 16, bytes: 7, delayMs: 60 });
  const before = Buffer.concat(client.chunks).length;
  client.send(49, 1);
  client.send(17, 1);
  const other = await simulator.ready(17);
  expect(Buffer.concat(client.chunks).length - before).toBe(7);
  await client.waitFor(() => client.of("15").length === 2);
  expect(client.frames.slice(-2).map(([id]) => id)).toEqual(["49", "15"]);
  client.end();
  other.end();
});

test("cutInsideReply -> the connection ends in the middle of a frame", async () => {
  const client = await simulator.ready(18);
  await simulator.fault({ action: "cutInsideReply", message: "currentTime", bytes: 5 });
  const before = Buffer.concat(client.chunks).length;
  client.send(49, 1);
  await client.closed;
  expect(Buffer.concat(client.chunks).length - before).toBe(5);
  expect(client.of("49")).toEqual([]);
});

test("acceptAndClose -> closed before a byte, as by a host that is not trusted", async () => {
  await simulator.fault({ action: "acceptAndClose" });
  const client = simulator.raw();
  client.hello(HELLO);
  await client.closed;
  expect(client.frames).toEqual([]);
});

test("delayRequest -> this frame and all behind it are processed later, in order", async () => {
  const client = await simulator.ready(19);
  await simulator.fault({ action: "delayRequest", message: "reqCurrentTime", delayMs: 50 });
  client.send(49, 1);
  client.send(17, 1);
  await client.waitFor(() => client.of("15").length === 2);
  expect(client.frames.slice(-2).map(([id]) => id)).toEqual(["49", "15"]);
  client.end();
});
