import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";
import { frame, line } from "./testing/frames.ts";
import { WireProxy } from "./testing/wire-proxy.ts";

/** The whole gateway behind a peer that is broken or means harm. Each time: noticed, on the record, and up again. */

const IMPATIENT = { silenceMaxMs: 2_000, connectDeadlineMs: 2_000, backOffMs: [20] };
const SUMMARY_END = "64|1|1";

let world: World;
let proxy: WireProxy;
beforeAll(async () => {
  world = await World.open();
  proxy = await new WireProxy(world.simulator.port).start();
  await world.startGateway(IMPATIENT, true, proxy.port);
});
afterEach(async () => {
  proxy.thaw();
  proxy.toClient = (bytes) => [bytes];
  await world.linkUp();
});
afterAll(async () => {
  await world?.close();
  await proxy?.stop();
});

/** The audited reasons since `from`. */
const reasons = (from: number) =>
  world.audit.slice(from).flatMap(({ kind, body }) => {
    if (kind !== "broker.link" && kind !== "broker.fault") return [];
    const { reason, untrusted } = body as { reason?: string; untrusted?: string };
    return [reason ?? untrusted ?? ""];
  });

async function noticed(pattern: RegExp, act: () => void): Promise<void> {
  const from = world.audit.length;
  const epoch = world.gateway?.link.epoch ?? 0;
  act();
  await eventually(() => (reasons(from).some((reason) => pattern.test(reason)) ? true : undefined));
  await eventually(() => ((world.gateway?.link.epoch ?? 0) > epoch ? true : undefined));
  await world.linkUp();
  expect(await world.risk.request(RPCS.summary, { account: ACCOUNT })).toMatchObject({ outcome: "ok" });
  expect(world.fatal).toEqual([]);
}

const lengthOf = (bytes: number, littleEndian = false) => {
  const length = Buffer.alloc(4);
  if (littleEndian) length.writeUInt32LE(bytes);
  else length.writeUInt32BE(bytes);
  return length;
};

describe("bytes that are no frames", () => {
  test.each([
    ["a length above 16 MiB", /16777216 bytes/, [lengthOf(0x1000000), Buffer.alloc(64)]],
    ["a length that the library takes for negative", /4294967292 bytes/, [lengthOf(0xfffffffc), Buffer.alloc(64)]],
    ["a length of nothing", /0 bytes/, [lengthOf(0)]],
    ["a length in the other byte order", /\d{8,} bytes/, [lengthOf(9, true), Buffer.from("64\x001\x001\x00")]],
    ["a frame without its NUL", /NUL/, [lengthOf(3), Buffer.from("649")]],
    ["a binary frame", /not text/, [lengthOf(5), Buffer.from([0x36, 0x34, 0xff, 0xfe, 0])]],
    ["an answer of another protocol", /bytes/, [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")]],
  ])("%s -> the connection is dropped, recorded and made anew", async (_, pattern, bytes) => {
    const before = proxy.connections;
    await noticed(pattern, () => proxy.inject(...bytes));
    expect(proxy.connections).toBeGreaterThan(before);
  });
});

describe("frames that no TWS sends", () => {
  test.each([
    ["an unknown message", /unknown message/, line("250|1|2|3")],
    ["a message without an id", /unknown message/, frame("", "1")],
    ["a surplus field", /fields too many/, line(`${SUMMARY_END}|surplus`)],
    ["a truncated message", /ends after/, line("64|1")],
    ["text for a number", /not a whole number/, line("64|1|one")],
    ["a number that is none", /not a number/, line("61|3|DU1234567|1|A|STK||0.0|||N|USD|A|A|1.2.3|1")],
    ["an order with text for its quantity", /message 5/, line(`5|1|1${"|x".repeat(130)}`)],
    ["a status that is too short", /message 3/, line("3|1|Filled|10")],
    ["a list that claims too much", /not a count/, line("85|9999999|A|B")],
    ["a list that is shorter than it claims", /ends after/, line("85|3|A|B")],
  ])("%s -> nothing of it counts, all is read again", async (_, pattern, bytes) => {
    await noticed(pattern, () => proxy.inject(bytes));
  });

  test("a hundred of them -> the connection is dropped", async () => {
    const before = proxy.connections;
    proxy.inject(...Array.from({ length: 100 }, () => line("250|1")));
    await eventually(() => (proxy.connections > before ? true : undefined));
    await world.linkUp();
  });

  test("a figure that TWS writes for a missing one is missing, whatever the position before was", async () => {
    covers("code/unset-values");
    const epoch = world.gateway?.link.epoch;
    proxy.inject(line(`63|1|1|${ACCOUNT}|NetLiquidation|1.7976931348623157E308|USD`));
    expect(await world.risk.request(RPCS.summary, { account: ACCOUNT })).toMatchObject({ outcome: "ok" });
    expect(world.gateway?.link.epoch).toBe(epoch);
  });
});

describe("a peer that does not speak", () => {
  test("TCP stays up and nothing comes -> dropped by the round trip, and recorded", async () => {
    covers("field/zombie-socket");
    const from = world.audit.length;
    proxy.freeze();
    await eventually(() => (world.gateway?.link.state === "up" ? undefined : true));
    proxy.thaw();
    await world.linkUp();
    expect(reasons(from).join("\n")).toMatch(/silent|did not answer|without an answer/);
  });

  test("it takes the connection and never answers -> given up after the deadline, tried again", async () => {
    proxy.freeze();
    world.gateway?.link.drop("test");
    const before = proxy.connections;
    await eventually(() => (proxy.connections >= before + 2 ? true : undefined));
    proxy.thaw();
    await world.linkUp();
  });

  test("a frame that claims sixteen million bytes and never ends -> dropped by the round trip", async () => {
    const before = proxy.connections;
    const from = world.audit.length;
    proxy.inject(lengthOf(0xffffff), Buffer.alloc(1_000, 0x31));
    await eventually(() => (proxy.connections > before ? true : undefined));
    await world.linkUp();
    expect(reasons(from).join("\n")).toMatch(/silent|answer/);
  });

  test("every frame in segments of one byte -> all the same", async () => {
    proxy.toClient = (bytes) => Array.from(bytes, (byte) => Buffer.from([byte]));
    world.gateway?.link.drop("test");
    await world.linkUp();
    expect(await world.risk.request(RPCS.positions, { account: ACCOUNT })).toMatchObject({ outcome: "ok" });
  });
});
