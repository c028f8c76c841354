import { createSystemClock } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { Fault, ok } from "@countersign/contracts/denial";
import type { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import type * as z from "zod";
import { AT } from "../../test-facts.ts";
import { Closes, type ClosesDeps } from "./closes.ts";

type Question = z.output<typeof RPCS.bookCloses.request>;

/** Asked of somebody who answers when the test says so. */
function asked() {
  const questions: { conids: readonly number[]; answer: () => void }[] = [];
  const request = (_: unknown, { conids }: Question) =>
    new Promise((answer) => {
      const closes = ok({
        closes: [
          ["2026-11-19", "100"],
          ["2026-11-20", "101"],
        ],
        ...{ averageVolume: "1000", volumeSessions: 20, asOf: AT, source: "test" },
      });
      const instruments = conids.map((conid) => ({ conid, closes }));
      questions.push({ conids, answer: () => answer(ok({ instruments })) });
    });
  const closes = new Closes({
    ...{ bus: { request } as unknown as ClosesDeps["bus"], clock: createSystemClock() },
    ...{ days: 365, ageMsMax: 60_000, retryMinMs: 1_000, retryMs: 60_000 },
  });
  return { closes, questions };
}

const settle = () => new Promise((done) => setImmediate(done));
const some = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

test("an order's own instrument is asked for at once, however much is asked ahead", async () => {
  const { closes, questions } = asked();
  const ahead = closes.ahead(some(1, 50));
  await settle();
  const own = closes.load([900]);
  await settle();
  expect(questions.map(({ conids }) => conids)).toEqual([some(1, 20), [900]]);
  questions[1]?.answer();
  await own;
  expect(closes.of(900)).toMatchObject({ volumeSessions: 20 });
  for (const at of [0, 2, 3]) {
    questions[at]?.answer();
    await settle();
  }
  await ahead;
  expect(questions.map(({ conids }) => conids).slice(2)).toEqual([some(21, 20), some(41, 10)]);
});

test("an instrument that is being asked for is waited for and asked for once; what came meanwhile is left out", async () => {
  const { closes, questions } = asked();
  const ahead = closes.ahead(some(1, 25));
  await settle();
  let loaded = false;
  const own = closes.load([3, 23]).then(() => {
    loaded = true;
  });
  await settle();
  expect(questions.map(({ conids }) => conids)).toEqual([some(1, 20), [23]]);
  questions[1]?.answer();
  await settle();
  expect(loaded).toBe(false);
  questions[0]?.answer();
  await own;
  await settle();
  expect(questions[2]?.conids).toEqual([21, 22, 24, 25]);
  questions[2]?.answer();
  await ahead;
  await closes.load(some(1, 25));
  expect(questions).toHaveLength(3);
});

test("a link that is gone for a moment costs an instrument a second; each further failure doubles it, up to a minute, until one is answered", async () => {
  const clock = new ManualClock(Date.parse(AT));
  let isThere = false;
  let questions = 0;
  const request = async (_: unknown, { conids }: Question) => {
    questions += 1;
    if (!isThere) throw new Fault("BROKER_UNAVAILABLE", "no link");
    const value = {
      closes: [
        ["2026-11-19", "100"],
        ["2026-11-20", "101"],
      ],
      averageVolume: null,
      volumeSessions: 0,
      asOf: AT,
    };
    return ok({ instruments: conids.map((conid) => ({ conid, closes: ok(value) })) });
  };
  const closes = new Closes({
    ...{ bus: { request } as unknown as ClosesDeps["bus"], clock },
    ...{ days: 365, ageMsMax: 0, retryMinMs: 1_000, retryMs: 60_000 },
  });
  const asksAfter = async (ms: number) => {
    const before = questions;
    await clock.advance(ms);
    await closes.load([1]);
    return questions - before;
  };
  await closes.load([1]);
  expect(closes.of(1)).toBe("BROKER_UNAVAILABLE: no link");
  for (const restMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    expect([restMs, await asksAfter(restMs), await asksAfter(1)]).toEqual([restMs, 0, 1]);
  }
  isThere = true;
  await asksAfter(60_001);
  expect(closes.of(1)).toMatchObject({ returns: [{ date: "2026-11-20" }] });
  isThere = false;
  expect([await asksAfter(1), await asksAfter(1_000), await asksAfter(1)]).toEqual([1, 0, 1]);
});
