import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { OpenQuestions } from "./open-questions.ts";

const LIMITS = { max: 2, lifeMs: 1_000 };

test("a question is answered once, by whom it was asked, and in time", async () => {
  const clock = new ManualClock(0);
  const open = new OpenQuestions<string>(clock, LIMITS);
  open.ask("c", "alice", "one");
  expect(open.take("c", "bob")).toBeUndefined();
  expect(open.take("c", "alice")).toBe("one");
  expect(open.take("c", "alice")).toBeUndefined();
  for (const [afterMs, expected] of [
    [999, "two"],
    [1_000, undefined],
  ] as const) {
    open.ask("d", "alice", "two");
    await clock.advance(afterMs);
    expect(open.take("d", "alice")).toBe(expected);
  }
});

test("more questions than there may be -> the oldest is forgotten", () => {
  const open = new OpenQuestions<number>(new ManualClock(0), LIMITS);
  for (const [index, challenge] of ["a", "b", "c"].entries()) open.ask(challenge, "alice", index);
  expect(["a", "b", "c"].map((challenge) => open.take(challenge, "alice"))).toEqual([undefined, 1, 2]);
});
