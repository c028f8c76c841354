import { tempDir } from "@countersign/testing/temp-dir";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configWith } from "./config-with.ts";
import { anything, jsonOf, type RawRequest, send, spoiled, withHeaders } from "./hostile-input.ts";
import { READS } from "./market-questions.ts";
import { buyApple, rpc, tool } from "./mcp-client.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

/** More of them by hand: COUNTERSIGN_HOSTILE_RUNS=20000, and another seed each time with COUNTERSIGN_HOSTILE_SEED=0. */
const RUNS = Number(process.env.COUNTERSIGN_HOSTILE_RUNS ?? 250);
const SEED = Number(process.env.COUNTERSIGN_HOSTILE_SEED ?? 20_261_121);
const parameters = { numRuns: RUNS, ...(SEED === 0 ? {} : { seed: SEED }) };
const TIME_MS = 20_000 + RUNS * 40;

const folder = tempDir("countersign-hostile-");
let system: System;
beforeAll(async () => {
  // Rates that do not stop this test.
  const rate = "{ perSecond: 10000, burst: 10000 }";
  const changes = { "mcp-edge.yaml": { reads: rate, proposes: rate }, "admin-api.yaml": { calls: rate } };
  system = await startSystem({ args: ["--config-dir", configWith(folder.path, changes)] });
});
afterAll(async () => {
  await system?.stop();
  folder.remove();
});

const PROPOSAL = `prop_${"a".repeat(26)}`;
const CALLS: [string, Record<string, unknown>][] = [
  ["list_accounts", {}],
  ["get_account_summary", { account: "DU1234567" }],
  ["list_positions", { account: "DU1234567", limit: 2, cursor: "o1" }],
  ["list_orders", { account: "DU1234567" }],
  ["list_executions", { account: "DU1234567", limit: 1 }],
  ["search_contracts", { query: "AAPL", sec_type: "STK", currency: "USD", exchange: "NASDAQ", limit: 3 }],
  ["get_contract", { conid: 265598 }],
  ["get_quote", { conid: 265598 }],
  ["get_bars", { conid: 265598, bar_size: "1 day", duration: "1 W" }],
  ["get_risk_limits", { account: "DU1234567" }],
  ["preview_order", buyApple()],
  ["propose_order", buyApple({ limit_price: "1" })],
  ["propose_cancel", { proposal_id: PROPOSAL, reason: "x", idempotency_key: "k" }],
  ["list_proposals", { states: ["FILLED"], limit: 2 }],
  ["get_proposal", { proposal_id: PROPOSAL }],
  ["withdraw_proposal", { proposal_id: PROPOSAL, reason: "x", idempotency_key: "k" }],
];
const OTHERS: [unknown, Record<string, unknown>][] = [
  ["resources/read", { uri: `ibkr://proposals/${PROPOSAL}` }],
  ["resources/read", { uri: "ibkr://accounts/DU1234567/positions" }],
  ["prompts/get", { name: "prepare_order", arguments: { account: "DU1234567", intent: "x" } }],
  [
    "completion/complete",
    {
      ref: { type: "ref/resource", uri: "ibkr://proposals/{proposal_id}" },
      argument: { name: "proposal_id", value: "prop" },
    },
  ],
];
const METHODS = ["initialize", "ping", "tools/list", "server/discover", "prompts/list", "resources/read", "", "rpc.x"];
const MCP_HEADERS = [
  "accept",
  "content-type",
  "mcp-protocol-version",
  "mcp-method",
  "mcp-name",
  "mcp-session-id",
  "origin",
];

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "hostile", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

const toolParams = fc
  .constantFrom(...CALLS)
  .chain(([name, good]) =>
    fc.oneof(
      { weight: 5, arbitrary: spoiled(good).map((args) => ({ name, arguments: args as unknown })) },
      { weight: 1, arbitrary: anything.map((args) => ({ name, arguments: args })) },
    ),
  );
const params = fc.oneof(
  { weight: 6, arbitrary: toolParams.map((value) => ({ method: "tools/call" as unknown, params: value as unknown })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...OTHERS)
      .chain(([method, good]) => spoiled(good).map((value) => ({ method, params: value as unknown }))),
  },
  { weight: 1, arbitrary: fc.record({ method: fc.constantFrom<unknown>(...METHODS), params: anything }) },
  { weight: 1, arbitrary: fc.record({ method: anything, params: anything }) },
);
const mcpRequest = fc
  .record({
    call: params,
    modern: fc.boolean(),
    meta: fc.option(spoiled(meta)),
    id: fc.oneof(fc.constant(1), anything),
  })
  .chain(({ call, modern, meta: spoiledMeta, id }) => {
    const inner = modern && isObject(call.params) ? { ...call.params, _meta: spoiledMeta ?? meta } : call.params;
    const named = isObject(call.params) ? (call.params.name ?? call.params.uri) : undefined;
    const name = typeof named === "string" && isHeaderText(named) ? { "mcp-name": named } : {};
    const good = {
      authorization: `Bearer ${system.ready.agentToken}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": modern ? "2026-07-28" : "2025-06-18",
      ...(modern && typeof call.method === "string" && isHeaderText(call.method) ? { "mcp-method": call.method } : {}),
      ...(modern ? name : {}),
    };
    const body = jsonOf({ jsonrpc: "2.0", id, method: call.method, params: inner });
    return fc.oneof(
      { weight: 6, arbitrary: fc.constant({ headers: good, body }) },
      { weight: 1, arbitrary: withHeaders(good, MCP_HEADERS).map((headers) => ({ headers, body })) },
      { weight: 1, arbitrary: anything.map((value) => ({ headers: good, body: jsonOf(value) })) },
    );
  });

const isHeaderText = (value: string) => /^[!-~]+$/.test(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

test(
  "MCP: no request of an agent, however broken, is answered with an internal error",
  async () => {
    const property = fc.asyncProperty(mcpRequest, async (request) => {
      const answer = await send(system.ready.mcp, { method: "POST", path: "/mcp", ...request });
      expect(answer.status, answer.text).toBeLessThan(500);
      expect(answer.text).not.toMatch(/-32603|INTERNAL|SCHEMA_UNSUPPORTED/);
    });
    await fc.assert(property, parameters);
  },
  TIME_MS,
);

const KILL = { scope: "instrument.1", level: "REDUCE_ONLY", reason: "x" };
const ROUTES: [string, string, Record<string, unknown> | undefined][] = [
  ["GET", "/api/v1/health", undefined],
  ["GET", "/api/v1/proposals?state=FILLED&limit=2&account=DU1234567&agent=agent&cursor=x", undefined],
  ["GET", `/api/v1/proposals/${PROPOSAL}`, undefined],
  ["POST", `/api/v1/proposals/${PROPOSAL}/approve`, { ticketHash: "0".repeat(64), reason: "x" }],
  ["POST", `/api/v1/proposals/${PROPOSAL}/reject`, { reason: "x" }],
  ["GET", "/api/v1/orders?limit=3&cursor=a", undefined],
  ["POST", `/api/v1/orders/${PROPOSAL}/cancel`, { reason: "x" }],
  ["GET", "/api/v1/kill-switch", undefined],
  ["PUT", "/api/v1/kill-switch", KILL],
  ["GET", "/api/v1/audit?after=0&limit=5&kind=tool.called&correlationId=x", undefined],
  ["GET", "/api/v1/openapi.json", undefined],
  ["GET", "/assets/app.js", undefined],
];
const HTTP_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
const ADMIN_HEADERS = ["accept", "content-type", "origin", "host", "authorization", "if-none-match", "x-forwarded-for"];
const PATH_PARTS = [
  "%",
  "%ff",
  "%00",
  "%2e%2e",
  "/",
  "//",
  "?",
  "&a=1&a=2",
  "=",
  "%ed%a0%80",
  "prop_",
  "%F0%9F%98%80",
  "1e999",
];

/** A path in which some characters are replaced by what servers stumble over. */
const spoiledPath = (path: string) =>
  fc
    .array(fc.tuple(fc.nat(path.length), fc.nat(3), fc.constantFrom(...PATH_PARTS)), { maxLength: 2 })
    .map((changes) => {
      let text = path;
      for (const [at, length, part] of changes) text = text.slice(0, at) + part + text.slice(at + length);
      return text.startsWith("/") ? text : `/${text}`;
    });
const requestOf = (routes: typeof ROUTES): fc.Arbitrary<RawRequest> =>
  fc.constantFrom(...routes).chain(([method, path, body]) => {
    const headers = fc.constant(0).chain(() => {
      const good = { authorization: `Bearer ${system.ready.operatorToken}`, "content-type": "application/json" };
      return fc.oneof(
        { weight: 3, arbitrary: fc.constant(good) },
        { weight: 1, arbitrary: withHeaders(good, ADMIN_HEADERS) },
      );
    });
    const bodies = body === undefined ? fc.constant(undefined) : fc.oneof(spoiled(body), anything).map(jsonOf);
    const methods = fc.oneof(
      { weight: 4, arbitrary: fc.constant(method) },
      { weight: 1, arbitrary: fc.constantFrom(...HTTP_METHODS) },
    );
    return fc.record({ method: methods, path: fc.oneof(fc.constant(path), spoiledPath(path)), headers, body: bodies });
  });

test(
  "admin API: no request of an operator, however broken, is answered with an internal error",
  async () => {
    const property = fc.asyncProperty(requestOf(ROUTES), async (request) => {
      const answer = await send(system.ready.admin, request);
      expect(answer.status, answer.text).toBeLessThan(500);
      expect(answer.text).not.toMatch(/INTERNAL|SCHEMA_UNSUPPORTED/);
    });
    await fc.assert(property, parameters);
  },
  TIME_MS,
);

test(
  "admin API: no question about accounts and markets, however broken, is answered with an internal error",
  async () => {
    const property = fc.asyncProperty(requestOf(READS), async (request) => {
      const answer = await send(system.ready.admin, request);
      expect(answer.text).not.toMatch(/INTERNAL|SCHEMA_UNSUPPORTED/);
    });
    await fc.assert(property, parameters);
  },
  TIME_MS,
);

test.each(["2026-07-28", "2025-06-18"] as const)("%s: bad text or depth -> refused, and on the record", async (era) => {
  const half = "x\ud800";
  const deep: unknown = JSON.parse(`${"[".repeat(2_000)}${"]".repeat(2_000)}`);
  const changes = [
    { rationale: half },
    { idempotency_key: half },
    { [half]: 1 },
    { account: half },
    { rationale: deep },
  ];
  for (const change of changes) {
    const result = await tool(system, "propose_order", buyApple(change), era);
    expect(result.value?.error?.code, JSON.stringify(result.raw.body)).toBe("INVALID_ARGUMENT");
    await recorded(({ callId }) => callId === result.value.error.audit_id, "INVALID_ARGUMENT");
  }
  // The newer protocol repeats the name in a header, which cannot hold such text; over stdio it can come.
  const name = era === "2025-06-18" ? `unheard_of_${half}` : "unheard_of";
  const unknown = await tool(system, name, { [half]: deep }, era);
  expect(unknown.raw.body.error.code).toBe(-32602);
  await recorded((record) => record.tool === name.toWellFormed(), "UNKNOWN_TOOL");
});

test("half a surrogate pair as the client's name, or as a reason for the kill switch", async () => {
  const half = "x\ud800";
  const clientInfo = { name: half, version: half };
  const named = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": clientInfo,
  };
  const call = {
    name: "propose_order",
    arguments: {},
    _meta: { ...named, "io.modelcontextprotocol/clientCapabilities": {} },
  };
  expect((await rpc(system, "2026-07-28", "tools/call", call)).status).toBe(200);
  const answer = await admin(system, "PUT", "/api/v1/kill-switch", { ...KILL, reason: half });
  expect([answer.status, answer.body.code]).toEqual([400, "INVALID_ARGUMENT"]);
});

test("after all of it nothing was sent, the audit has every call and verifies, and the system is well", async () => {
  const edge = async () => (await admin(system, "GET", "/api/v1/health")).body;
  const health = await until(
    edge,
    (body) => body.ok === true && JSON.stringify(body.services).includes("0 records waiting, 0 lost"),
  );
  expect(health.failing).toBeNull();
  expect((await frames(system)).placeOrder ?? 0).toBe(0);
  expect((await admin(system, "POST", "/api/v1/audit/verify")).body.ok).toBe(true);
});

interface CallRecord {
  readonly callId: string;
  readonly tool: string;
  readonly outcome?: string;
}

/** Waits until the audit has such a call with this outcome. */
async function recorded(fits: (record: CallRecord) => boolean, outcome: string): Promise<void> {
  let after = recordedUpTo;
  await until(
    async () => {
      const page = (await admin(system, "GET", `/api/v1/audit?after=${after}&limit=200&kind=tool.called`)).body;
      const found: CallRecord | undefined = page.records.map(bodyOf).find(fits);
      after = page.nextAfter ?? after;
      return found;
    },
    (found) => found?.outcome === outcome,
  );
  recordedUpTo = Math.max(recordedUpTo, after);
}
let recordedUpTo = 0;

const bodyOf = ({ record }: { record: { entry: { body: CallRecord } } }): CallRecord => record.entry.body;
