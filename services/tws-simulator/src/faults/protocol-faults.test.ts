import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { LibraryClient } from "../testing/library-client.ts";
import type { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let clientId = 20;
beforeAll(async () => {
  simulator = await TestSimulator.start();
});
afterEach(() => simulator.calm());
afterAll(() => simulator.stop());

async function session(): Promise<RawClient> {
  await simulator.pin(AAPL.conId, "200");
  clientId += 1;
  return simulator.ready(clientId);
}

function bytesOf(client: RawClient): Buffer {
  return Buffer.concat(client.chunks);
}

test("unknownMessage -> id 250 in front of the frame; the library says 505 by itself and goes on", async () => {
  covers("fault/unknown-message", "error/client-codes");
  clientId += 1;
  const library = await simulator.library(clientId);
  await simulator.fault({ action: "unknownMessage", message: "currentTime" });
  library.api.reqCurrentTime();
  await library.waitFor(EventName.currentTime);
  const seen = [...library.of(EventName.error), ...library.of(EventName.info)].map(({ args }) => args[1]);
  expect(seen).toContain(505);
  const codes = Object.keys(await simulator.errors()).map(Number);
  expect(codes.filter((code) => code >= 501 && code <= 589)).toEqual([]);
  library.disconnect();
});

test("surplusToken -> one more than the layout has, and the library still has the event", async () => {
  covers("fault/surplus-token");
  const client = await session();
  await simulator.fault({ action: "surplusToken", message: "currentTime", times: 2, token: "more" });
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 1);
  expect(client.of("49")[0]).toHaveLength(4);
  expect(client.of("49")[0]?.at(-1)).toBe("more");
  clientId += 1;
  const library = await simulator.library(clientId);
  library.api.reqCurrentTime();
  await library.waitFor(EventName.currentTime);
  expect(library.protocolErrors()).toHaveLength(1);
  library.disconnect();
  client.end();
});

test("shortFrame -> its last tokens are missing, and the library drops the event with 505", async () => {
  covers("fault/short-frame");
  clientId += 1;
  const library = await simulator.library(clientId);
  await simulator.fault({ action: "shortFrame", message: "currentTime", tokens: 1 });
  library.api.reqCurrentTime();
  await expect.poll(() => library.protocolErrors().length).toBe(1);
  expect(library.of(EventName.currentTime)).toEqual([]);
  library.api.reqCurrentTime();
  await library.waitFor(EventName.currentTime);
  library.disconnect();
});

test("oversizeFrame -> a length of more than 16 MiB where the frame's length belongs", async () => {
  covers("fault/over-long-frame");
  const client = await session();
  await simulator.fault({ action: "oversizeFrame", message: "currentTime" });
  const before = bytesOf(client).length;
  client.send(49, 1);
  await expect.poll(() => bytesOf(client).length).toBeGreaterThan(before + 4);
  expect(bytesOf(client).readUInt32BE(before)).toBeGreaterThan(16 * 1024 * 1024);
  client.end();
});

test("binaryFrame -> 64 bytes that are no text, in a frame of their own", async () => {
  const client = await session();
  await simulator.fault({ action: "binaryFrame", message: "currentTime" });
  const before = bytesOf(client).length;
  client.send(49, 1);
  await expect.poll(() => bytesOf(client).length).toBe(before + 68);
  const payload = bytesOf(client).subarray(before + 4);
  expect(() => new TextDecoder("utf-8", { fatal: true }).decode(payload)).toThrow();
  client.end();
});

test("missingNul -> the frame ends without one", async () => {
  const client = await session();
  await simulator.fault({ action: "missingNul", message: "managedAccounts" });
  const before = bytesOf(client).length;
  client.send(17, 1);
  await expect.poll(() => bytesOf(client).length).toBeGreaterThan(before);
  expect(
    bytesOf(client)
      .subarray(before + 4)
      .toString(),
  ).toBe("15\x001\x00DU1234567");
  client.end();
});

test("largePermId -> odd and above 2^53 in every callback of the order, the same one each time", async () => {
  covers("fault/big-perm-id");
  const client = await session();
  await simulator.fault({ action: "largePermId", times: 0 });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.of("59").length === 1);
  const ids = [
    ...client.of("5").map((frame) => frame[25]),
    ...client.of("3").map((frame) => frame[6]),
    ...client.of("11").map((frame) => frame[21]),
  ];
  expect(new Set(ids).size).toBe(1);
  const id = BigInt(ids[0] ?? "0");
  expect(id > 2n ** 53n && BigInt(Number(id)) !== id).toBe(true);
  client.end();
});

test("samePermId -> the second order carries the permanent id of the first", async () => {
  const client = await session();
  client.place(1);
  await client.waitFor(() => client.statuses(1).includes("Submitted"));
  await simulator.fault({ action: "samePermId", orderId: 2, times: 0 });
  client.place(2);
  await client.waitFor(() => client.statuses(2).includes("Submitted"));
  expect(new Set(client.of("5").map((frame) => frame[25])).size).toBe(1);
  client.end();
});

test("replaceToken -> this text in this place", async () => {
  const client = await session();
  await simulator.fault({ action: "replaceToken", message: "orderStatus.Submitted", index: 2, text: "Deactivated" });
  client.place(1);
  await client.waitFor(() => client.statuses(1).includes("Deactivated"));
  client.end();
});

test("serverVersion above the client's -> the library says 506 by itself and leaves", async () => {
  covers("error/client-codes");
  await simulator.fault({ action: "serverVersion", version: 200 });
  const library = new LibraryClient(simulator.port, 90);
  library.api.connect(90);
  await library.waitFor(EventName.error, ([, code]) => code === 506);
  await library.waitFor(EventName.disconnected);
});
