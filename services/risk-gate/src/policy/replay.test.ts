import { ManualClock } from "@countersign/clock/manual-clock";
import { canonicalHash } from "@countersign/ids/hash";
import { expect, test } from "vitest";
import { DecisionReader } from "../decisions/reader.ts";
import { DecisionRecorder } from "../decisions/recorder.ts";
import { MemoryStream } from "../decisions/test-store.ts";
import { judge } from "../judge.ts";
import type { RiskPolicy } from "../policy.ts";
import { AT, FACTS, POLICY, TERMS } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";
import { replayPolicy } from "./replay.ts";

const NOW_MS = Date.parse(AT) + 1_000;
const clock = new ManualClock(NOW_MS);
clock.sleep = async () => undefined;

/** Orders for 10, 60 and 200, judged by the policy of the tests (at most 100) and put on record. */
async function recorded(policy: RiskPolicy = POLICY, hash: string = canonicalHash(policy), change: object = {}) {
  const stream = new MemoryStream();
  const recorder = new DecisionRecorder(stream.asBus());
  for (const [index, quantity] of ["10", "60", "200"].entries()) {
    const terms = { ...TERMS, quantity, ...change };
    const verdict = judge(terms, FACTS, { policy, hash });
    await recorder.record({ proposalId: `prop_${"abc"[index]}`.padEnd(31, "a"), terms, facts: FACTS, verdict, policy });
  }
  return new DecisionReader(stream.asBus());
}

async function replayed(candidate: object, days = 1) {
  const reply = await replayPolicy({ reader: await recorded(), clock }, { policy: candidate, days });
  if (reply.outcome === "denied") return reply.denial;
  const { decisions, changed, changes } = reply.value;
  const lines = changes.map(({ proposalId, after, refusing, passing }) => [
    proposalId.slice(5, 6),
    after,
    ...refusing,
    ...passing,
  ]);
  return { decisions, changed, lines };
}

test("the same limits under another version -> nothing changes", async () => {
  expect(await replayed({ ...POLICY, version: 2 })).toEqual({ decisions: 3, changed: 0, lines: [] });
});

test("a lower limit -> the verdicts that it turns, with the rule", async () => {
  const found = await replayed(policyWith({ maxOrderQuantity: { max: "50" } }));
  expect(found).toEqual({ decisions: 3, changed: 1, lines: [["b", "deny", "maxOrderQuantity"]] });
});

test("a higher limit -> what it no longer denies, also where something else still does", async () => {
  const found = await replayed(policyWith({ maxOrderQuantity: { max: "500" } }));
  expect(found).toMatchObject({ decisions: 3, changed: 1, lines: [["c", "deny", "maxOrderQuantity"]] });
});

test.each([
  ["higher -> what nobody must confirm any more", ["1", "2"], { asking: [], waiving: ["priceCollar"] }],
  ["lower -> what somebody must confirm now", ["2", "1"], { asking: ["priceCollar"] }],
])("a soft limit that is %s", async (_name, soft, asks) => {
  const [then = POLICY, now] = soft.map((softPercent) => policyWith({ priceCollar: { softPercent } }));
  const reader = await recorded(then, canonicalHash(then), { quantity: "10", limitPrice: "233" });
  const reply = await replayPolicy({ reader, clock }, { policy: now, days: 1 });
  const change = { before: "pass", after: "pass", refusing: [], passing: [], ...asks };
  expect(reply).toMatchObject({ outcome: "ok", value: { changed: 3, changes: [change, change, change] } });
});

test("what is older than so many days is left out", async () => {
  const later = new ManualClock(NOW_MS + 2 * 86_400_000);
  later.sleep = async () => undefined;
  const reply = await replayPolicy({ reader: await recorded(), clock: later }, { policy: POLICY, days: 1 });
  expect(reply).toMatchObject({ outcome: "ok", value: { decisions: 0 } });
});

test.each([
  ["is none that this version reads", { ...POLICY, gone: 1 }, undefined],
  ["is not the one that the record names", POLICY, "b".repeat(64)],
])("decisions whose policy %s -> counted as left out, never as unchanged", async (_name, policy, hash) => {
  const reader = await recorded(policy, hash);
  const reply = await replayPolicy(
    { reader, clock },
    { policy: policyWith({ maxOrderQuantity: { max: "50" } }), days: 1 },
  );
  expect(reply).toMatchObject({ outcome: "ok", value: { decisions: 0, unreadable: 3, changed: 0 } });
});

test("a policy that does not hold -> RISK_POLICY_INVALID with its faults, and nothing is judged", async () => {
  expect(await replayed({ ...POLICY, x: 1 })).toMatchObject({
    code: "RISK_POLICY_INVALID",
    detail: { faults: ['(top): Unrecognized key: "x"'] },
  });
});
