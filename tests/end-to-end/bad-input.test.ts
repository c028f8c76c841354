import { randomUUID } from "node:crypto";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configWith } from "./config-with.ts";
import { buyApple, type Era, rpc, tool } from "./mcp-client.ts";
import { admin, frames, type System, startSystem } from "./system.ts";

const folder = tempDir("countersign-input-");
let system: System;
beforeAll(async () => {
  // Rates that do not stop sixty-four calls at once.
  const rate = "{ perSecond: 1000, burst: 1000 }";
  const config = configWith(folder.path, { "mcp-edge.yaml": { reads: rate, proposes: rate } });
  system = await startSystem({ args: ["--config-dir", config] });
});
afterAll(async () => {
  await system?.stop();
  folder.remove();
});

const code = (result: { value: { code?: string; error?: { code?: string } } }) =>
  result.value?.error?.code ?? result.value?.code;

/** What preview_order takes: no key and no reason. */
function terms(change: Record<string, unknown>): Record<string, unknown> {
  const { idempotency_key: _, rationale: __, ...rest } = buyApple(change);
  return rest;
}

describe("an agent that sends nonsense", () => {
  const bad: [string, Record<string, unknown>][] = [
    ["an extra argument", { approve: true }],
    ["a number as quantity", { quantity: 10 }],
    ["NaN as text", { quantity: "NaN" }],
    ["a negative quantity", { quantity: "-10" }],
    ["zero", { quantity: "0" }],
    ["1e308", { quantity: "1e308" }],
    ["an endless number", { quantity: "9".repeat(400) }],
    ["a conid that is text", { conid: "265598" }],
    ["a conid with a fraction", { conid: 1.5 }],
    ["an unknown side", { side: "SHORT" }],
    ["control characters", { rationale: "a\u0000b" }],
    ["a direction override", { rationale: "a\u202eb" }],
    ["an over-long rationale", { rationale: "x".repeat(5_000) }],
    ["an empty idempotency key", { idempotency_key: "" }],
    ["an idempotency key with a space", { idempotency_key: "a b" }],
    ["an account with a wildcard", { account: "DU*" }],
    ["null for a required argument", { quantity: null }],
  ];
  const eras: Era[] = ["2026-07-28", "2025-06-18"];
  test.each(eras.flatMap((era) => bad.map(([name, change]) => ({ era, name, change }))))(
    "$era: $name -> INVALID_ARGUMENT, nothing recorded",
    async ({ era, change }) => {
      const result = await tool(system, "propose_order", buyApple(change), era);
      expect(result.isError, JSON.stringify(result.raw.body)).toBe(true);
      expect(JSON.stringify(result.raw.body)).toContain("INVALID_ARGUMENT");
      const list = await admin(system, "GET", "/api/v1/proposals");
      expect(list.body.items).toEqual([]);
    },
  );

  test.each(["0.00000001", "9999999999999.99999999"])(
    "a quantity of %s, which TWS cannot be told exactly, is denied for that; all else about the account stays known",
    async (quantity) => {
      const { value } = await tool(system, "preview_order", terms({ quantity }));
      const denied = value.verdict.rules.filter(({ outcome }: { outcome: string }) => outcome === "deny");
      const codes = denied.map(({ code }: { code: string }) => code);
      expect(codes).toEqual(expect.arrayContaining(["QUANTITY_OFF_STEP", "WHAT_IF_MISSING"]));
      expect(codes).not.toContain("ACCOUNT_NOT_PERMITTED");
      expect(JSON.stringify(denied)).toContain(`INVALID_ARGUMENT: TWS cannot be told ${quantity} exactly`);
      expect(JSON.stringify(denied)).not.toContain("INTERNAL");
    },
  );

  test("a missing argument -> INVALID_ARGUMENT that names it", async () => {
    const { quantity: _, ...rest } = buyApple();
    const result = await tool(system, "propose_order", rest);
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result.raw.body)).toContain("quantity");
  });

  test("an account that is not the agent's -> ACCOUNT_NOT_PERMITTED, whether it exists or not", async () => {
    for (const account of ["DU7654321", "U1234567"]) {
      expect(code(await tool(system, "propose_order", buyApple({ account })))).toBe("ACCOUNT_NOT_PERMITTED");
    }
  });

  test("an unknown conid -> UNKNOWN_INSTRUMENT", async () => {
    expect(code(await tool(system, "propose_order", buyApple({ conid: 999_999_999 })))).toBe("UNKNOWN_INSTRUMENT");
  });

  test("a limit order without a limit price -> LIMIT_PRICE_REQUIRED or a refused argument", async () => {
    const { limit_price: _, ...rest } = buyApple();
    const result = await tool(system, "propose_order", rest);
    expect(["LIMIT_PRICE_REQUIRED", "INVALID_ARGUMENT"]).toContain(code(result));
  });

  test("an unknown tool -> a protocol error", async () => {
    const answer = await rpc(system, "2026-07-28", "tools/call", { name: "approve_order", arguments: {} });
    expect(answer.body.error.code).toBe(-32602);
  });

  test("a type of instrument that there is not -> INVALID_ARGUMENT that names those there are, never an empty list", async () => {
    const found = await tool(system, "search_contracts", { query: "AAPL", sec_type: "STOCK" });
    expect(code(found)).toBe("INVALID_ARGUMENT");
    expect(found.value.error.message).toMatch(/sec_type.*STK/);
  });

  test("an ambiguous symbol is answered with candidates, never with a guess", async () => {
    const found = await tool(system, "search_contracts", { query: "SAP" });
    expect(found.isError, JSON.stringify(found.value)).toBe(false);
    expect(found.value.items.length).toBeGreaterThan(1);
  });
});

describe("idempotency", () => {
  test("the same key and content is the same proposal, also sixty-four times at once", async () => {
    const args = buyApple({ limit_price: "5", idempotency_key: "once" });
    const results = await Promise.all(Array.from({ length: 64 }, () => tool(system, "propose_order", args)));
    const ids = new Set(results.map((result) => result.value.proposal_id));
    expect(ids.size, JSON.stringify(results[0]?.value)).toBe(1);
    expect(ids.has(undefined)).toBe(false);
  });
  test("the same key and other content -> IDEMPOTENCY_KEY_REUSED", async () => {
    const result = await tool(system, "propose_order", buyApple({ idempotency_key: "once", quantity: "11" }));
    expect(code(result)).toBe("IDEMPOTENCY_KEY_REUSED");
  });
  test("a withdrawal repeated with its key has its answer; its key for something else -> IDEMPOTENCY_KEY_REUSED", async () => {
    const ids = [];
    for (const key of ["taken-back", "kept"]) {
      ids.push((await tool(system, "propose_order", buyApple({ idempotency_key: key }))).value.proposal_id);
    }
    const [proposal_id, kept] = ids;
    const args = { proposal_id, reason: "no longer wanted", idempotency_key: "w" };
    for (const era of ["2026-07-28", "2025-06-18"] as const) {
      expect((await tool(system, "withdraw_proposal", args, era)).value).toMatchObject({
        proposal_id,
        state: "WITHDRAWN",
      });
      expect(code(await tool(system, "withdraw_proposal", { ...args, proposal_id: kept }, era))).toBe(
        "IDEMPOTENCY_KEY_REUSED",
      );
    }
    expect((await tool(system, "get_proposal", { proposal_id: kept })).value.state).toBe("PENDING_APPROVAL");
  });
});

describe("the wrong token at the wrong door", () => {
  test("an agent's token at the admin API -> 401 UNAUTHENTICATED", async () => {
    const answer = await admin(system, "GET", "/api/v1/proposals", undefined, system.ready.agentToken);
    expect([answer.status, answer.body.code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(answer.type).toContain("application/problem+json");
  });
  test("an operator's token at the MCP endpoint, or none -> 401", async () => {
    for (const token of [system.ready.operatorToken, "", "x"]) {
      expect((await rpc(system, "2026-07-28", "tools/list", {}, token)).status).toBe(401);
    }
  });
});

describe("the admin API", () => {
  test("malformed JSON -> 400 INVALID_ARGUMENT", async () => {
    const answer = await admin(system, "PUT", "/api/v1/kill-switch", '{"scope":');
    expect([answer.status, answer.body.code]).toEqual([400, "INVALID_ARGUMENT"]);
  });
  test("a body over the limit -> 413 PAYLOAD_TOO_LARGE", async () => {
    const body = { scope: "global", level: "HALTED", reason: "x".repeat(200_000) };
    const answer = await admin(system, "PUT", "/api/v1/kill-switch", body);
    expect([answer.status, answer.body.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });
  test("an unknown key, level or scope -> 400, and the switch has not moved", async () => {
    const good = { scope: "global", level: "HALTED", reason: "x" };
    for (const change of [{ force: true }, { level: "OFF" }, { scope: "everything" }, { reason: "" }]) {
      const answer = await admin(system, "PUT", "/api/v1/kill-switch", { ...good, ...change });
      expect(answer.status).toBe(400);
    }
    expect((await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("ACTIVE");
  });
  test("a wrong ticket hash -> TICKET_HASH_MISMATCH, and no frame reaches the broker", async () => {
    const proposed = await tool(system, "propose_order", buyApple());
    const answer = await admin(system, "POST", `/api/v1/proposals/${proposed.value.proposal_id}/approve`, {
      ticketHash: "0".repeat(64),
    });
    expect([answer.status, answer.body.code]).toEqual([409, "TICKET_HASH_MISMATCH"]);
    expect((await frames(system)).placeOrder ?? 0).toBe(0);
  });
  test("a proposal that does not exist -> 404 PROPOSAL_NOT_FOUND", async () => {
    const answer = await admin(system, "GET", `/api/v1/proposals/prop_${"a".repeat(26)}`);
    expect([answer.status, answer.body.code]).toEqual([404, "PROPOSAL_NOT_FOUND"]);
  });
  test("a rejected proposal cannot be approved", async () => {
    const proposed = await tool(system, "propose_order", buyApple({ idempotency_key: randomUUID() }));
    const path = `/api/v1/proposals/${proposed.value.proposal_id}`;
    expect((await admin(system, "POST", `${path}/reject`, { reason: "not now" })).status).toBe(200);
    const answer = await admin(system, "POST", `${path}/approve`, { ticketHash: proposed.value.ticket_hash });
    expect(answer.body.code).toBe("PROPOSAL_NOT_PENDING");
  });
});
