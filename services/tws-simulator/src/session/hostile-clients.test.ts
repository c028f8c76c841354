import { connect, type Socket } from "node:net";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { rawOrder } from "../testing/raw-order.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";
import { encodeFrame } from "../wire/frame-writer.ts";

const VERSIONS = "v100..193";
let simulator: TestSimulator;
let bystander: RawClient;
let clientId = 20;
beforeAll(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "200");
  bystander = await simulator.ready(1);
});
/** Whatever happened, a client that did nothing wrong is served. */
afterEach(async () => {
  const before = bystander.of("49").length;
  bystander.send(49, 1);
  await bystander.waitFor(() => bystander.of("49").length > before);
  expect(bystander.ending).toBeUndefined();
});
afterAll(() => simulator.stop());

async function session(): Promise<RawClient> {
  clientId += 1;
  return simulator.ready(clientId);
}

async function stillAnswers(client: RawClient): Promise<void> {
  const before = client.of("49").length;
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length > before);
}

function frame(lengthBytes: number, payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(lengthBytes);
  return Buffer.concat([length, payload]);
}

test.each([
  ["nothing of the API", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
  ["a TLS hello", Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
  ["an order before the hello", encodeFrame(["3", "1", "265598"])],
  ["the prefix and a length of 4 GiB", Buffer.concat([Buffer.from("API\0"), Buffer.from([0xff, 0xff, 0xff, 0xff])])],
  ["the prefix in another byte order", Buffer.concat([Buffer.from("\0IPA"), frame(9, Buffer.from(VERSIONS))])],
  [
    "a length in little-endian",
    Buffer.concat([Buffer.from("API\0"), Buffer.from([9, 0, 0, 0]), Buffer.from(VERSIONS)]),
  ],
  ["versions that nobody has", Buffer.concat([Buffer.from("API\0"), frame(8, Buffer.from("v1..v999"))])],
  ["versions that are too old", Buffer.concat([Buffer.from("API\0"), frame(7, Buffer.from("v60..76"))])],
])("a first message that is %s -> closed without a byte", async (_name, bytes) => {
  const client = simulator.raw();
  client.socket.write(bytes);
  await client.closed;
  expect(client.chunks).toEqual([]);
});

test("a request before START_API -> closed, nothing of it is done", async () => {
  const client = simulator.raw();
  client.hello(VERSIONS);
  client.place(1);
  await client.closed;
  expect(client.frames.slice(1)).toEqual([]);
  expect(await simulator.frames()).toMatchObject({ placeOrder: 1 });
  bystander.send(16, 1);
  await bystander.waitFor(() => bystander.of("53").length === 1);
  expect(bystander.of("5")).toEqual([]);
});

test.each([
  ["of more than 16 MiB", frame(0x0100_0000, Buffer.from("49\x001\x00"))],
  ["of 4 GiB", frame(0xffff_ffff, Buffer.from("49\x001\x00"))],
  ["with its length in little-endian", Buffer.concat([Buffer.from([5, 0, 0, 0]), Buffer.from("49\x001\x00")])],
  ["without a final NUL", frame(4, Buffer.from("49\x001"))],
  ["of no bytes at all", frame(0, Buffer.alloc(0))],
])("a frame %s -> that connection ends, and only that one", async (_name, bytes) => {
  const client = await session();
  client.socket.write(bytes);
  await client.closed;
});

test("a binary frame -> 320, and the session goes on", async () => {
  const client = await session();
  const noise = Buffer.from(Array.from({ length: 63 }, (_, index) => 0x80 + index));
  client.socket.write(frame(64, Buffer.concat([noise, Buffer.alloc(1)])));
  await client.waitFor(() => client.errors(320).length === 1);
  await stillAnswers(client);
  client.end();
});

test("an unknown message -> 320 that names it, and the session goes on", async () => {
  covers("error/320");
  const client = await session();
  client.send(250, 1, 2, 3);
  await client.waitFor(() => client.errors(320).length === 1);
  expect(client.errors(320)[0]).toEqual(["4", "2", "-1", "320", "Error reading request. Unknown message id 250", ""]);
  await stillAnswers(client);
  client.end();
});

test.each([
  ["truncated", (tokens: string[]) => tokens.slice(0, 40)],
  ["with a surplus token", (tokens: string[]) => [...tokens, "1"]],
  ["over-long", (tokens: string[]) => [...tokens, ...Array.from({ length: 50_000 }, () => "7")]],
])("a placeOrder that is %s -> 320, and no order", async (_name, spoil) => {
  const client = await session();
  client.send(...spoil(rawOrder(1, { orderType: "MKT" })));
  await client.waitFor(() => client.errors(320).length === 1);
  client.send(16, 1);
  await client.waitFor(() => client.of("53").length === 1);
  expect([...client.of("5"), ...client.of("11")]).toEqual([]);
  client.end();
});

test("a token of ten megabytes -> an answer or nothing, and the session goes on", async () => {
  const client = await session();
  client.send(81, 1, "A".repeat(10_000_000));
  await stillAnswers(client);
  client.end();
});

test("a frame that stops in its middle for good -> nobody waits for it; the rest makes it whole", async () => {
  const client = await session();
  const whole = encodeFrame(["49", "1"]);
  client.socket.write(whole.subarray(0, 6));
  await stillAnswers(bystander);
  expect(client.of("49")).toEqual([]);
  client.socket.write(whole.subarray(6));
  await client.waitFor(() => client.of("49").length === 1);
  client.end();
});

test("a client that ends in the middle of a frame -> its id is free again", async () => {
  const client = await session();
  client.socket.write(Buffer.from([0, 0, 0]));
  client.socket.end();
  await client.closed;
  (await simulator.ready(clientId)).end();
});

test("a client that resets with answers on their way -> its id is free again", async () => {
  const client = await session();
  for (let count = 0; count < 500; count += 1) client.send(17, 1);
  client.socket.resetAndDestroy();
  await client.closed;
  const again = simulator.raw();
  await again.start(VERSIONS, clientId + 1);
  again.end();
});

test("a client that asks and never reads -> dropped at a bound, others are served meanwhile", async () => {
  const client = await session();
  client.socket.pause();
  const ended = new Promise((resolve) => client.socket.once("close", resolve));
  const ask = encodeFrame(["6", "2", "1", "A".repeat(500_000)]);
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  for (let round = 0; round < 200 && !gone; round += 1) {
    await new Promise((resolve) => client.socket.write(ask, resolve));
    await stillAnswers(bystander);
  }
  await ended;
});

test("three hundred connections that say nothing -> a new client is served", async () => {
  const silent: Socket[] = Array.from({ length: 300 }, () => connect(simulator.port, "127.0.0.1"));
  await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  const client = await session();
  await stillAnswers(client);
  for (const socket of silent) socket.destroy();
  client.end();
});
