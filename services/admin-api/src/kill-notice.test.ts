import { denied, Fault, ok } from "@countersign/contracts/denial";
import { expect, test } from "vitest";
import { apiUnderTest, ask } from "./testing/api-under-test.ts";
import { pendingProposal } from "./testing/examples.ts";

const accounts = (...names: string[]) => ({
  "rpc.v1.broker.accounts": () => ok({ mode: "simulator", accounts: names, asOf: "2026-11-20T10:00:00.000Z" }),
});
const proposals = (...items: object[]) => ({ "rpc.v1.proposal.list": () => ok({ items, nextCursor: null }) });

async function halt(scope: string, answers: Parameters<typeof apiUnderTest>[0]) {
  const { app, asked, killed } = apiUnderTest(answers);
  const answer = await ask(app, "PUT", "/api/v1/kill-switch", { body: { scope, level: "HALTED", reason: "r" } });
  expect([answer.status, killed.length], JSON.stringify(answer.body)).toEqual([200, 1]);
  return { notice: answer.body.notice, asked };
}

test.each([
  ["account.DU7654321", accounts("DU1234567"), "The broker has no account DU7654321, but DU1234567."],
  ["account.DU1234567", accounts("DU1234567"), null],
  ["agent.agnet", proposals(), "No agent agnet has ever proposed anything."],
  ["agent.agent", proposals(pendingProposal()), null],
])("%s is set, and the notice of its answer is right", async (scope, answers, notice) => {
  expect((await halt(scope, answers)).notice).toBe(notice);
});

test.each(["global", "instrument.265598"])("%s: nobody is asked, and nothing is said", async (scope) => {
  expect(await halt(scope, {})).toEqual({ notice: null, asked: [] });
});

test.each([
  ["nobody answers", () => Promise.reject(new Fault("UNAVAILABLE", "away"))],
  ["the question is refused", () => denied("RATE_LIMITED")],
])("%s -> set all the same, and not known is said to be not known", async (_, answer) => {
  const answers = { "rpc.v1.broker.accounts": answer, "rpc.v1.proposal.list": answer };
  for (const [scope, kind] of [
    ["account.DU1234567", "account"],
    ["agent.agent", "agent"],
  ] as const)
    expect((await halt(scope, answers)).notice).toBe(`Whether there is such an ${kind} cannot be said now.`);
});
