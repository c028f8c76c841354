import { expect, test, vi } from "vitest";
import type { Timer } from "./clock.ts";
import { InFlight } from "./in-flight.ts";
import { ManualClock } from "./manual-clock.ts";

const WAIT_MS = 1_000;

function flight(...keys: unknown[]) {
  const clock = new ManualClock(0);
  const inFlight = new InFlight(clock);
  for (const key of keys) inFlight.began(key);
  const seen: string[] = [];
  const wait = (name: string) => void inFlight.landed(WAIT_MS).then(() => seen.push(`${name} at ${clock.nowMs()}`));
  return { clock, inFlight, seen, wait };
}

test("nothing in flight: no wait", async () => {
  const { clock, seen, wait } = flight();
  wait("a");
  await clock.advance(0);
  expect(seen).toEqual(["a at 0"]);
});

test("what began is waited for until the last of it has ended, in any order", async () => {
  const { clock, inFlight, seen, wait } = flight(1, "1", undefined);
  wait("a");
  await clock.advance(10);
  inFlight.ended(undefined);
  inFlight.ended(1);
  await clock.advance(10);
  expect(seen).toEqual([]);
  inFlight.ended("1");
  await clock.advance(0);
  expect(seen).toEqual(["a at 20"]);
});

test("what does not end is waited for just as long as was said", async () => {
  const { clock, seen, wait } = flight("x");
  wait("a");
  await clock.advance(WAIT_MS - 1);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen).toEqual([`a at ${WAIT_MS}`]);
});

test("the end of what never began wakes nobody", async () => {
  const { clock, inFlight, seen, wait } = flight("x");
  wait("a");
  inFlight.ended("y");
  await clock.advance(0);
  expect(seen).toEqual([]);
});

test("two wait at once: both are woken by the end", async () => {
  const { clock, inFlight, seen, wait } = flight("x");
  wait("a");
  await clock.advance(1);
  wait("b");
  inFlight.ended("x");
  await clock.advance(2 * WAIT_MS);
  expect(seen).toEqual(["a at 1", "b at 1"]);
});

test("what begins after a wait that was too long is waited for anew", async () => {
  const { clock, inFlight, seen, wait } = flight("x");
  wait("a");
  await clock.advance(WAIT_MS);
  inFlight.ended("x");
  inFlight.began("z");
  wait("b");
  await clock.advance(5);
  inFlight.ended("z");
  await clock.advance(0);
  expect(seen).toEqual([`a at ${WAIT_MS}`, `b at ${WAIT_MS + 5}`]);
});

test("the end came before the time was up: no timer is left that would hold a process", async () => {
  const { clock, inFlight, wait } = flight("x");
  const timers = vi.spyOn(clock, "setTimeout");
  wait("a");
  const cancelled = vi.spyOn(timers.mock.results[0]?.value as Timer, "cancel");
  inFlight.ended("x");
  expect(timers).toHaveBeenCalledTimes(1);
  expect(cancelled).toHaveBeenCalledTimes(1);
});
