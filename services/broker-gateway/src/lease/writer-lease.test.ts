import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { WriterLease } from "./writer-lease.ts";

const LEASE_MS = 1_000;
const clock = createSystemClock();
const log = createLogger({ service: "broker-gateway", level: "silent" });
let nats: TestNats;
let bus: Bus;
let silent = false;

beforeAll(async () => {
  nats = await startTestNats();
  const { url, keysDir } = nats;
  bus = await connectBus({ url, keysDir, clock, log, service: "broker-gateway", users: ["broker-gateway-core"] });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

/** A candidate whose words can be kept from the server, as if its process stood still. */
function candidate(instance: string, muted: () => boolean = () => false, leaseMs = LEASE_MS) {
  const lost: string[] = [];
  const append: Bus["append"] = (...values) =>
    muted() ? Promise.reject(new Error("stands still")) : bus.append(...values);
  const readLast: Bus["readLast"] = (...values) => bus.readLast(...values);
  const deps = { bus: { append, readLast }, clock, log, instance, leaseMs };
  return { lost, acquire: () => WriterLease.acquire({ ...deps, onLost: (reason) => lost.push(reason) }) };
}

test("renewed -> the other one waits; not renewed -> it takes over, and the first one learns that it is lost", async () => {
  const first = candidate("instance-one", () => silent);
  const second = candidate("instance-two");
  const held = await first.acquire();
  let taken: WriterLease | undefined;
  const waiting = second.acquire().then((lease) => {
    taken = lease;
  });
  await clock.sleep(LEASE_MS * 2);
  expect(taken).toBeUndefined();
  expect(held.held).toBe(true);
  silent = true;
  await waiting;
  expect(held.held).toBe(false);
  silent = false;
  await eventually(() => (first.lost.length > 0 ? true : undefined));
  expect(taken?.held).toBe(true);
  expect(second.lost).toEqual([]);
  await taken?.release();
});

test("released -> free at once", async () => {
  const minute = 60_000;
  const held = await candidate("instance-three", undefined, minute).acquire();
  await held.release();
  const next = await candidate("instance-four", undefined, minute).acquire();
  expect(next.held).toBe(true);
  await next.release();
});

test("many at once -> one has it", async () => {
  const taken: WriterLease[] = [];
  const all = ["five", "six", "seven", "eight"].map((name) =>
    candidate(`instance-${name}`)
      .acquire()
      .then((lease) => taken.push(lease)),
  );
  await eventually(() => (taken.length > 0 ? true : undefined));
  await clock.sleep(LEASE_MS * 2);
  expect(taken).toHaveLength(1);
  for (let count = 1; count <= all.length; count += 1) {
    await eventually(() => (taken.length >= count ? true : undefined));
    await taken[count - 1]?.release();
  }
});
