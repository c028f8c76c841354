import { covers } from "@countersign/testing/covers";
import { expect, test } from "vitest";
import { pacingRun } from "./run.ts";

const AGENTS = 50;
/** More than one window of the broker's. */
const INSTRUMENTS = 52;

test("fifty agents with short bars of many instruments, windows shortened on both sides: each asked once, no violation", async () => {
  covers("fault/pacing-messages", "fault/pacing-historical");
  const run = await pacingRun({ agents: AGENTS, instruments: INSTRUMENTS, timeScale: 100, bars: "short" });
  expect(run.violations).toBe(0);
  expect(run.answered).toBe(INSTRUMENTS);
  // The bars and the past sessions of each instrument.
  expect(run.requestsOfBars).toBeLessThanOrEqual(2 * INSTRUMENTS);
  expect(run.perAgent.length).toBe(AGENTS);
  // How right they were says `npm run pacing`; here others load the machine.
  expect(run.estimates.length).toBeGreaterThan(0);
});
