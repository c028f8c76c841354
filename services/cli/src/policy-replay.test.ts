import { RiskPolicyReplay } from "@countersign/contracts/messages/risk-policy.v1";
import { expect, test } from "vitest";
import { EXIT } from "./exit-codes.ts";
import { replayExit, replayText } from "./policy-replay.ts";

const WHOLE = RiskPolicyReplay.parse({
  hash: "a".repeat(64),
  from: "2026-11-20T15:00:00.000Z",
  until: "2026-11-21T15:00:00.000Z",
  ...{ decisions: 3, unreadable: 0, more: false, changed: 0, changes: [] },
});

test("every verdict was judged again -> the sum alone, and done", () => {
  expect(replayText(WHOLE)).toBe(`${WHOLE.from} to ${WHOLE.until}: 0 of 3 verdicts change`);
  expect(replayExit(WHOLE)).toBe(EXIT.ok);
});

test.each([
  ["some could not be judged again", { unreadable: 2 }, /^NOT WHOLE: 2 /m, EXIT.verificationFailed],
  ["none could be judged again", { decisions: 0, unreadable: 3 }, /^NOT WHOLE: 3 /m, EXIT.verificationFailed],
  ["there are more than were read", { more: true }, /^NOT WHOLE: .*newer/m, EXIT.unavailable],
  ["both", { unreadable: 1, more: true }, /^NOT WHOLE: 1 .*\nNOT WHOLE: .*newer/m, EXIT.verificationFailed],
])("%s -> said on a line of its own, and not done", (_name, change, line, code) => {
  const answer = RiskPolicyReplay.parse({ ...WHOLE, ...change });
  expect(replayText(answer)).toMatch(line);
  expect(replayExit(answer)).toBe(code);
});

test("a confirmation that nobody is asked for any more is told, and how many changes are not listed", () => {
  const change = {
    ...{ proposalId: `prop_${"a".repeat(26)}`, account: "DU1234567", agent: "agent-1", at: WHOLE.from },
    ...{ before: "pass", after: "pass", refusing: [], passing: [], asking: [], waiving: ["priceCollar"] },
  };
  const text = replayText(RiskPolicyReplay.parse({ ...WHOLE, changed: 3, changes: [change] }));
  expect(text).toContain("pass -> pass  priceCollar no longer asks\n  and 2 more, which are not listed\n");
});
