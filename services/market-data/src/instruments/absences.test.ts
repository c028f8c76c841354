import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { ok } from "@countersign/contracts/denial";
import { beforeEach, expect, test } from "vitest";
import { Absences } from "./absences.ts";

const START_MS = Date.UTC(2026, 10, 23, 15);
let clock: ManualClock;
let link: { link: "up" | "down"; since: string };
let absences: Absences;
beforeEach(() => {
  clock = new ManualClock(START_MS);
  link = { link: "up", since: utcText(START_MS - 60_000) };
  const broker = { status: async () => ok(link) as never };
  absences = new Absences({ clock, broker }, { ttlMs: 30_000, confirmMs: 60_000, entriesMax: 2 });
});

const proof = (key = "AAPL") => absences.proof(key, clock.nowMs());

test("over a steady link it is held for its time, and then asked again", async () => {
  expect(await proof()).toBe("once");
  expect(await absences.held("AAPL")).toBe("once");
  expect(await absences.held("MSFT")).toBeUndefined();
  await clock.advance(30_001);
  expect(await absences.held("AAPL")).toBeUndefined();
});

test("said again after the time to confirm -> confirmed; said twice at once -> not", async () => {
  await proof();
  expect(await proof()).toBe("once");
  await clock.advance(60_000);
  expect(await proof()).toBe("confirmed");
  expect(await absences.held("AAPL")).toBe("confirmed");
});

test("while the link is down, or came up only just before the question -> it proves nothing", async () => {
  link = { ...link, link: "down" };
  expect(await proof()).toBe("nothing");
  link = { link: "up", since: utcText(START_MS - 1_000) };
  expect(await proof()).toBe("nothing");
  expect(await absences.held("AAPL")).toBeUndefined();
});

test("a burst just before the link is lost -> none of it is held, also when the link is back", async () => {
  for (const key of ["AAPL", "MSFT"]) expect(await proof(key)).toBe("once");
  link = { ...link, link: "down" };
  expect(await absences.held("AAPL")).toBeUndefined();
  link = { link: "up", since: utcText(START_MS + 5_000) };
  expect(await absences.held("MSFT")).toBeUndefined();
});

test("what was said over another link does not confirm", async () => {
  await proof();
  link = { link: "up", since: utcText(START_MS + 5_000) };
  await clock.advance(90_000);
  expect(await proof()).toBe("once");
});

test("more than it may remember -> the oldest is forgotten", async () => {
  for (const key of ["A", "B", "C"]) await proof(key);
  expect(await absences.held("A")).toBeUndefined();
  expect(await absences.held("C")).toBe("once");
});
