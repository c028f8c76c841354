import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { MessagePace } from "./message-pace.ts";
import { Stalls } from "./stalls.ts";

/** A clock whose time also passes while nothing of the process runs. */
class StallingClock extends ManualClock {
  #stalledMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#stalledMs;
  }

  stall(ms: number): void {
    this.#stalledMs += ms;
  }
}

const LIMIT = { perSecond: 50, strikesMax: 3, discard: true };

async function running(): Promise<{ clock: StallingClock; stalls: Stalls; strikes: (frames: number) => number }> {
  const clock = new StallingClock(0);
  const stalls = new Stalls(clock);
  const pace = new MessagePace();
  await clock.advance(2_000);
  const strikes = (frames: number) => {
    const verdicts = stalls.arrivals(frames).map((atMs) => pace.arrived(atMs, LIMIT, false));
    return verdicts.filter(({ kind }) => kind === "strike").length;
  };
  return { clock, stalls, strikes };
}

test("80 frames in one read while nothing stalls -> one too many", async () => {
  const { strikes } = await running();
  expect(strikes(80)).toBe(1);
});

test("80 frames that waited two seconds for the process -> 40 a second, none too many", async () => {
  const { clock, strikes } = await running();
  clock.stall(2_000);
  expect(strikes(80)).toBe(0);
});

test("the timer of the stall ran before the sockets were read -> dated over the stall all the same", async () => {
  const { clock, strikes } = await running();
  clock.stall(2_000);
  await clock.advance(10);
  expect(strikes(80)).toBe(0);
});

test("120 frames that waited two seconds -> 60 a second, too many", async () => {
  const { clock, strikes } = await running();
  clock.stall(2_000);
  expect(strikes(120)).toBe(2);
});

test("a stall that was over long before the read -> dated by the read", async () => {
  const { clock, strikes } = await running();
  clock.stall(2_000);
  await clock.advance(100);
  expect(strikes(80)).toBe(1);
});

test("arrivals are in order, and the last of them is now", async () => {
  const { clock, stalls } = await running();
  clock.stall(1_000);
  const times = stalls.arrivals(4);
  expect(times.map((atMs) => clock.monotonicMs() - atMs)).toEqual([750, 500, 250, 0]);
});
