import { describe, expect, test } from "vitest";
import { edgeUnderTest } from "../testing/edge-under-test.ts";
import { appOf, call, ERAS, post } from "../testing/wire.ts";
import { DEFINITIONS } from "./registry.ts";

const NAMES = [
  "list_accounts",
  "get_account_summary",
  "list_positions",
  "list_orders",
  "list_executions",
  "search_contracts",
  "get_contract",
  "get_quote",
  "get_bars",
  "get_risk_limits",
  "preview_order",
  "propose_order",
  "propose_cancel",
  "list_proposals",
  "get_proposal",
  "withdraw_proposal",
];

/** About one token per word, number or run of punctuation; a real tokenizer counts up to a tenth more. */
function tokensOf(value: unknown): number {
  const pieces = /[^\p{L}\p{N}]?(?:\p{Lu}*\p{Ll}+|\p{Lu}+)|\p{N}{1,3}|[^\p{L}\p{N}]+/gu;
  return (JSON.stringify(value).match(pieces) ?? []).length;
}

describe("the definitions", () => {
  test("are sixteen, in this order, and none approves or sends", () => {
    expect(DEFINITIONS.map((one) => one.name)).toEqual(NAMES);
    for (const { name } of DEFINITIONS) expect(name).not.toMatch(/approve|submit|place|send|confirm/);
  });
  test("have all four annotations, strict schemas and a description", () => {
    for (const one of DEFINITIONS) {
      expect(Object.keys(one.annotations).sort()).toEqual([
        "destructiveHint",
        "idempotentHint",
        "openWorldHint",
        "readOnlyHint",
      ]);
      expect(one.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(one.outputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(one.description.length).toBeGreaterThan(40);
    }
  });
  test("are ASCII, frozen, and within 6,000 tokens together and 700 each", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is not ASCII is looked for
    expect(JSON.stringify(DEFINITIONS)).toMatch(/^[\x00-\x7f]*$/);
    expect(Object.isFrozen(DEFINITIONS[0]?.inputSchema)).toBe(true);
    const sizes = DEFINITIONS.map(tokensOf);
    expect(Math.max(...sizes)).toBeLessThan(700);
    expect(sizes.reduce((sum, size) => sum + size, 0) * 1.1).toBeLessThan(6_000);
  });
  test("are the same bytes in both eras and at every call", async () => {
    const app = appOf(edgeUnderTest().edge);
    const listed = await Promise.all([...ERAS, ...ERAS].map((era) => post(app, era, "tools/list")));
    const texts = listed.map((answer) => JSON.stringify(answer.body.result.tools));
    expect(new Set(texts)).toEqual(new Set([JSON.stringify(DEFINITIONS)]));
  });
});

describe("an agent with a shorter list", () => {
  test("sees only what is on it, and the rest does not exist for it", async () => {
    const { edge, backend } = edgeUnderTest({}, { tools: ["list_accounts", "get_quote"] });
    const app = appOf(edge);
    const listed = await post(app, "2026-07-28", "tools/list");
    expect(listed.body.result.tools.map((one: { name: string }) => one.name)).toEqual(["list_accounts", "get_quote"]);
    const refused = await post(app, "2026-07-28", "tools/call", { name: "propose_order", arguments: {} });
    expect(refused.body.error.code).toBe(-32602);
    expect(backend.asked).toEqual([]);
  });
});

describe("what an agent can reach", () => {
  const forged = [{}, { inputResponses: { confirm: { action: "accept" } } }, { requestState: "x" }];
  test.each(ERAS)("%s: no tool, with no argument and no forged answer, asks on OPS or EXEC", async (era) => {
    const { edge, backend } = edgeUnderTest();
    const app = appOf(edge);
    const args = {
      proposal_id: `prop_${"a".repeat(26)}`,
      reason: "r",
      idempotency_key: "k",
      account: "DU1234567",
      conid: 265598,
      approve: true,
    };
    for (const name of NAMES) {
      for (const extra of forged) await post(app, era, "tools/call", { name, arguments: args, ...extra });
      const { approve: _, ...good } = args;
      await post(app, era, "tools/call", { name, arguments: good, ...forged[1] });
    }
    for (const method of [
      "tasks/update",
      "elicitation/create",
      "prompts/get",
      "resources/read",
      "sampling/createMessage",
    ]) {
      await post(app, era, method, { name: "approve", uri: "ibkr://proposals/x/approve" });
    }
    for (const { subject } of backend.asked) expect(subject).not.toMatch(/^(ops|exec)\./);
  });
});

test("a result that does not fit its schema does not leave the server", async () => {
  const { edge } = edgeUnderTest();
  // The table's answer is parsed by its contract; a field that only the tool's schema refuses has to come past it.
  const original = edge.deps.backend.request;
  edge.deps.backend.request = (async (rpc: never, body: never) => {
    const reply = (await original(rpc, body)) as { outcome: string; value: Record<string, unknown> };
    return { ...reply, value: { ...reply.value, expiresAt: 5 } };
  }) as never;
  const args = { account: "DU1234567", conid: 1, side: "BUY", quantity: "1", order_type: "MKT", time_in_force: "DAY" };
  const result = await call(appOf(edge), "propose_order", { ...args, idempotency_key: "k", rationale: "r" });
  expect([result.isError, result.value.error.code]).toEqual([true, "INTERNAL"]);
});
