import { denied, Fault, ok } from "@countersign/contracts/denial";
import { afterEach, describe, expect, test } from "vitest";
import { edgeUnderTest, OTHER_TOKEN } from "./testing/edge-under-test.ts";
import { pendingProposal } from "./testing/examples.ts";
import { appOf, buyApple, call, ERAS, post } from "./testing/wire.ts";

describe.each(ERAS)("propose_order in %s", (era) => {
  test("a good proposal -> id, state, hash, verdict, simulation, address, expiry; the same JSON as text", async () => {
    const { edge, backend } = edgeUnderTest();
    const { isError, value, answer } = await call(appOf(edge), "propose_order", buyApple(), era);
    expect(isError, JSON.stringify(value)).toBe(false);
    expect(value).toMatchObject({
      proposal_id: `prop_${"a".repeat(26)}`,
      state: "PENDING_APPROVAL",
      final: false,
      ticket_hash: "a".repeat(64),
      approval_url: `http://127.0.0.1:1/proposals/prop_${"a".repeat(26)}`,
      expires_at: "2026-11-20T10:02:00.000Z",
      mode: "simulator",
      verdict: { outcome: "pass", rules: [{ rule: "maxOrderQuantity", limit: "1000", value: "10", headroom: "990" }] },
      simulation: {
        what_if: { source: "broker", untrusted: { warning: "held  until open" } },
        estimate: { source: "estimate" },
      },
    });
    expect(answer.body.result.structuredContent).toEqual(value);
    expect(backend.asked).toEqual([
      {
        subject: "rpc.v1.risk.propose",
        body: {
          agent: "agent",
          idempotencyKey: "k1",
          rationale: "because",
          terms: {
            account: "DU1234567",
            conid: 265598,
            side: "BUY",
            quantity: "10",
            orderType: "LMT",
            limitPrice: "231.4",
            timeInForce: "DAY",
          },
        },
      },
    ]);
    expect(backend.records.map((record) => [record.kind, record.actor.id, record.body.tool])).toEqual([
      ["tool.called", "agent", "propose_order"],
    ]);
  });

  test("what is left of the agent's budgets after this order comes back, by the rules of its passport", async () => {
    const view = pendingProposal();
    const named = { agentOrders: "7", agentNotional: "-120.5", agentOpenRisk: "800" };
    const [first] = view.verdict?.rules ?? [];
    if (first === undefined || view.verdict === null) throw new Error("the example is judged");
    const rules = Object.entries(named).map(([rule, headroom]) => ({ ...first, rule, headroom }));
    const { edge } = edgeUnderTest({
      "rpc.v1.risk.propose": () => ok({ ...view, verdict: { ...view.verdict, rules: [first, ...rules] } }),
    });
    const { value } = await call(appOf(edge), "propose_order", buyApple(), era);
    expect(value.remaining).toEqual({ orders: "7", notional: "-120.5", open_risk: "800", loss: null });
  });

  const bad: [string, Record<string, unknown>, string][] = [
    ["an extra argument", { approve: true }, "approve"],
    ["a prototype", JSON.parse('{"__proto__": {"quantity": "1"}, "constructor": 1}'), "constructor"],
    ["a prototype alone", JSON.parse('{"__proto__": {"quantity": "1"}}'), "__proto__ (own key)"],
    ["a number", { quantity: 10 }, "quantity"],
    ["NaN", { quantity: "NaN" }, "quantity"],
    ["a negative number", { quantity: "-1" }, "quantity"],
    ["zero", { quantity: "0.00" }, "quantity"],
    ["1e308", { limit_price: "1e308" }, "limit_price"],
    ["an endless number", { quantity: "9".repeat(400) }, "quantity"],
    ["a conid as text", { conid: "265598" }, "conid"],
    ["a huge conid", { conid: 1e308 }, "conid"],
    ["an unknown side", { side: "SHORT" }, "side"],
    ["a control character", { rationale: "a\u0000b" }, "rationale"],
    ["a direction override", { rationale: "a\u202eb" }, "rationale"],
    ["an over-long text", { rationale: "x".repeat(5_000) }, "rationale"],
    ["null", { quantity: null }, "quantity"],
    ["an object", { account: { id: "DU1234567" } }, "account"],
    ["a missing argument", { side: undefined }, "side"],
    ["text that nobody sees", { rationale: "a\u{e0042}\u{e0055}\u{e0059}" }, "rationale"],
    ["a day that there is not", { time_in_force: "GTD", good_till: "2027-02-30T00:00:00Z" }, "good_till"],
    ["an hour that there is not", { time_in_force: "GTD", good_till: "2026-12-01T24:00:00Z" }, "good_till"],
    ["a leap second", { time_in_force: "GTD", good_till: "2026-12-31T23:59:60Z" }, "good_till"],
    ["legs that are no list", { conid: undefined, legs: "1,2" }, "legs"],
    [
      "a leg with a word for a ratio",
      { conid: undefined, legs: [{ conid: 1, side: "BUY", ratio: "1" }] },
      "legs.0.ratio",
    ],
    [
      "a leg with an extra argument",
      { conid: undefined, legs: [{ conid: 1, side: "BUY", ratio: 1, price: "1" }] },
      "price",
    ],
  ];
  test.each(bad)("%s -> INVALID_ARGUMENT that names the argument, and nobody is asked", async (_, change, field) => {
    const { edge, backend } = edgeUnderTest();
    const { isError, value } = await call(appOf(edge), "propose_order", buyApple(change), era);
    expect(isError).toBe(true);
    expect(value.error).toMatchObject({ code: "INVALID_ARGUMENT", retryable: false });
    expect(value.error.fields.map((one: { field: string }) => one.field)).toContain(field);
    expect(value.error.audit_id).toMatch(/^call_/);
    expect(backend.asked).toEqual([]);
  });

  test("arguments that are no object -> an error, and nobody is asked", async () => {
    const { edge, backend } = edgeUnderTest();
    for (const args of [[], "x", 1]) {
      const answer = await post(appOf(edge), era, "tools/call", { name: "propose_order", arguments: args });
      expect(answer.body.error.code).toBe(-32602);
    }
    expect(backend.asked).toEqual([]);
  });

  test("an account of another agent and one that nobody has -> the same text", async () => {
    const { edge } = edgeUnderTest();
    const app = appOf(edge);
    const foreign = await call(app, "propose_order", buyApple({ account: "DU7654321" }), era);
    const absent = await call(app, "propose_order", buyApple({ account: "U99999999" }), era);
    expect(foreign.value.error.code).toBe("ACCOUNT_NOT_PERMITTED");
    expect({ ...foreign.value.error, audit_id: "" }).toEqual({ ...absent.value.error, audit_id: "" });
  });
});

test("a limit order without a limit, and a market order with one -> LIMIT_PRICE_REQUIRED", async () => {
  const app = appOf(edgeUnderTest().edge);
  for (const change of [{ limit_price: undefined }, { order_type: "MKT" }]) {
    const { value } = await call(app, "propose_order", buyApple(change));
    expect(value.error.code).toBe("LIMIT_PRICE_REQUIRED");
  }
});

test("a proposal that risk denied is an answer, not an error", async () => {
  const { edge } = edgeUnderTest({ "rpc.v1.risk.propose": () => ok(pendingProposal({ state: "RISK_DENIED" })) });
  const { isError, value } = await call(appOf(edge), "propose_order", buyApple());
  expect([isError, value.state, value.final]).toEqual([false, "RISK_DENIED", true]);
});

test("a denial keeps its code and its numbers, in snake case", async () => {
  const { edge } = edgeUnderTest({ "rpc.v1.risk.propose": () => denied("UNKNOWN_INSTRUMENT", "no 5", { conId: 5 }) });
  const { isError, value } = await call(appOf(edge), "propose_order", buyApple());
  expect(isError).toBe(true);
  expect(value.error).toMatchObject({ code: "UNKNOWN_INSTRUMENT", message: "no 5", con_id: 5, retryable: false });
});

test("a turn that comes later than the caller waits -> retryable, with the time to wait", async () => {
  const late = denied("PACING_WAIT", undefined, { estimatedWaitMs: 4_200 });
  const { edge } = edgeUnderTest({ "rpc.v1.risk.propose": () => late });
  const { value } = await call(appOf(edge), "propose_order", buyApple());
  expect(value.error).toMatchObject({ code: "PACING_WAIT", retryable: true, effect: "none", estimated_wait_ms: 4_200 });
});

describe("a fault", () => {
  test("shows the table's text, never its own", async () => {
    const leak = new Fault("UNAVAILABLE", "connect ECONNREFUSED 10.0.0.5:4001 token=abc");
    const { edge } = edgeUnderTest({ "rpc.v1.risk.propose": () => Promise.reject(leak) });
    const { value, answer } = await call(appOf(edge), "propose_order", buyApple());
    expect(value.error).toMatchObject({ code: "UNAVAILABLE", retryable: true, effect: "none" });
    expect(JSON.stringify(answer.body)).not.toContain("ECONNREFUSED");
  });
  test("an unknown outcome is not retryable", async () => {
    const { edge } = edgeUnderTest({ "rpc.v1.risk.propose": () => Promise.reject(new Fault("OUTCOME_UNKNOWN")) });
    const { value } = await call(appOf(edge), "propose_order", buyApple());
    expect(value.error).toMatchObject({ code: "OUTCOME_UNKNOWN", retryable: false, effect: "unknown" });
  });
  test("what nobody foresaw -> INTERNAL with the id of the record", async () => {
    const { edge } = edgeUnderTest({ "rpc.v1.risk.propose": () => Promise.reject(new Error("secret path /etc")) });
    const { value, answer } = await call(appOf(edge), "propose_order", buyApple());
    expect(value.error.code).toBe("INTERNAL");
    expect(JSON.stringify(answer.body)).not.toContain("secret");
  });
});

describe("the record of a call", () => {
  let stop: (() => void) | undefined;
  afterEach(() => stop?.());
  test("an audit that is away -> AUDIT_UNAVAILABLE with effect unknown, and the record follows when it is back", async () => {
    const { edge, backend } = edgeUnderTest();
    backend.auditFails = true;
    const { isError, value } = await call(appOf(edge), "propose_order", buyApple());
    expect(isError).toBe(true);
    expect(value.error).toMatchObject({ code: "AUDIT_UNAVAILABLE", effect: "unknown" });
    backend.auditFails = false;
    await expect.poll(() => backend.records.map((one) => one.body.tool)).toContain("propose_order");
  });
  test("an audit that is away does not stop a cancel", async () => {
    const cancelled = { proposalId: `prop_${"a".repeat(26)}`, state: "CANCEL_REQUESTED", orderRef: "cs1.x" };
    const { edge, backend } = edgeUnderTest({ "rpc.v1.approval.cancel": () => ok(cancelled) });
    backend.auditFails = true;
    const args = { proposal_id: cancelled.proposalId, reason: "enough", idempotency_key: "c1" };
    const { isError, value } = await call(appOf(edge), "propose_cancel", args);
    expect([isError, value.state]).toEqual([false, "CANCEL_REQUESTED"]);
    backend.auditFails = false;
    await expect.poll(() => backend.records.length).toBe(1);
  });
  test("a refused call is on the record too, with its code", async () => {
    const { edge, backend } = edgeUnderTest();
    await call(appOf(edge), "propose_order", buyApple({ quantity: "x" }), "2026-07-28", OTHER_TOKEN);
    await expect
      .poll(() => backend.records.map((one) => [one.actor.id, one.body.outcome]))
      .toEqual([["other", "INVALID_ARGUMENT"]]);
  });
});
