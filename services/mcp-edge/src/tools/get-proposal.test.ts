import { denied, ok } from "@countersign/contracts/denial";
import { describe, expect, test } from "vitest";
import { edgeUnderTest, OTHER_TOKEN } from "../testing/edge-under-test.ts";
import { pendingProposal } from "../testing/examples.ts";
import { appOf, call } from "../testing/wire.ts";

const proposal_id = `prop_${"a".repeat(26)}`;
const AT = "2026-11-20T14:30:00.000Z";
const GET = "rpc.v1.proposal.get";

describe("get_proposal with wait_seconds", () => {
  test("answers when the state changes, not when the time is over", async () => {
    let asked = 0;
    const answer = () => {
      asked += 1;
      return ok(pendingProposal({ state: asked < 3 ? "PENDING_APPROVAL" : "REJECTED" }));
    };
    const { edge } = edgeUnderTest({ [GET]: answer });
    const startedAt = performance.now();
    const { value } = await call(appOf(edge), "get_proposal", { proposal_id, wait_seconds: 10 });
    expect([value.state, asked]).toEqual(["REJECTED", 3]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
  test("answers with what is there when the time is over", async () => {
    const { edge } = edgeUnderTest({ [GET]: () => ok(pendingProposal()) });
    const { value } = await call(appOf(edge), "get_proposal", { proposal_id, wait_seconds: 1 });
    expect(value.state).toBe("PENDING_APPROVAL");
  });
  test("does not wait for what is final", async () => {
    const { edge, backend } = edgeUnderTest({ [GET]: () => ok(pendingProposal({ state: "REJECTED" })) });
    await call(appOf(edge), "get_proposal", { proposal_id, wait_seconds: 25 });
    expect(backend.asked).toHaveLength(1);
  });
  test("more than its slots -> RATE_LIMITED, and a slot comes back", async () => {
    const { edge } = edgeUnderTest({ [GET]: () => ok(pendingProposal()) });
    const app = appOf(edge);
    const wait = () => call(app, "get_proposal", { proposal_id, wait_seconds: 1 });
    const results = await Promise.all([wait(), wait(), wait()]);
    expect(results.filter((result) => result.value.error?.code === "RATE_LIMITED")).toHaveLength(1);
    expect((await wait()).isError).toBe(false);
  });
  test("26 seconds -> INVALID_ARGUMENT", async () => {
    const { value } = await call(appOf(edgeUnderTest().edge), "get_proposal", { proposal_id, wait_seconds: 26 });
    expect(value.error.code).toBe("INVALID_ARGUMENT");
  });
});

test("the question names the agent; a proposal of an account that is not the agent's is not found", async () => {
  const { edge, backend } = edgeUnderTest({ [GET]: () => ok(pendingProposal()) });
  const { value } = await call(appOf(edge), "get_proposal", { proposal_id }, "2026-07-28", OTHER_TOKEN);
  expect(value.error.code).toBe("PROPOSAL_NOT_FOUND");
  expect(backend.asked[0]?.body).toEqual({ proposalId: proposal_id, agent: "other" });
});

test("not found stays not found", async () => {
  const { edge } = edgeUnderTest({ [GET]: () => denied("PROPOSAL_NOT_FOUND") });
  const { value } = await call(appOf(edge), "get_proposal", { proposal_id });
  expect(value.error.code).toBe("PROPOSAL_NOT_FOUND");
});

test("an order that is being looked for, closed or changed -> shown like any other", async () => {
  const absence = { startedAt: AT, linkEpoch: 2, openOrders: 0, completedOrders: 3, executions: 0, sinceMs: null };
  const atBroker = {
    ...{ orderRef: "cs1.aaaaaaaaaaaaaaaaaaaa", orderId: 7, clientId: 17, permId: null, status: null },
    ...{ filledQuantity: "0", averagePrice: null, executions: [], commission: [], message: null, said: [], drift: [] },
    ...{ absences: [absence], closeRequestedBy: "operator" },
  };
  const { terms } = pendingProposal();
  const legs = [{ leg: "stopLoss" as const, state: "UNKNOWN" as const, ...atBroker }];
  const changing = { terms, modifying: `prop_${"b".repeat(26)}`, modifyingTerms: terms };
  const order = { ...atBroker, legs, unprotected: null, ...changing };
  const { edge } = edgeUnderTest({ [GET]: () => ok(pendingProposal({ state: "UNKNOWN", order })) });
  const { value, isError } = await call(appOf(edge), "get_proposal", { proposal_id });
  expect([isError, value.state, value.order?.order_id]).toEqual([false, "UNKNOWN", 7]);
});
