import { ManualClock } from "@countersign/clock/manual-clock";
import { describe, expect, test } from "vitest";
import { edgeUnderTest, OTHER_TOKEN, TOKEN } from "./testing/edge-under-test.ts";
import { appOf, buyApple, call, ERAS, post, send } from "./testing/wire.ts";

describe("who may call", () => {
  test.each([
    ["no token", undefined],
    ["an unknown token", "Bearer cs_op_whatever"],
    ["another scheme", `Basic ${TOKEN}`],
    ["a token with a tail", `Bearer ${TOKEN}x`],
    ["two tokens", `Bearer ${TOKEN}, Bearer ${OTHER_TOKEN}`],
  ])("%s -> 401 with WWW-Authenticate, and nothing of the body is looked at", async (_, authorization) => {
    const { edge } = edgeUnderTest();
    const headers = { authorization: authorization ?? "" };
    const answer = await send(appOf(edge), "no JSON at all", headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  });

  test("a token in the address is no token", async () => {
    const app = appOf(edgeUnderTest().edge);
    const response = await app.request(`http://127.0.0.1/mcp?access_token=${TOKEN}`, {
      method: "POST",
      headers: { host: "127.0.0.1" },
    });
    expect(response.status).toBe(401);
  });

  test("a hundred refusals are few records, and the last one counts the others", async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 20, 15));
    const { edge, backend } = edgeUnderTest({}, { clock, config: { refusals: { perSecond: 50, burst: 2 } } });
    const app = appOf(edge);
    for (let index = 0; index < 100; index += 1) await send(app, "{}", { authorization: "Bearer x" });
    await clock.advance(60);
    await send(app, "{}", { authorization: "Bearer x" });
    const last = async () => {
      await clock.advance(10);
      return backend.records.at(-1)?.body.uncounted;
    };
    await expect.poll(last).toBe(98);
    expect(backend.records).toHaveLength(3);
    expect(backend.records[0]).toMatchObject({
      kind: "security.refused",
      body: { door: "mcp", reason: "token not known" },
    });
  });
});

describe("from where", () => {
  test.each([
    ["host", "evil.example"],
    ["host", "localhost.evil.example"],
    ["origin", "http://evil.example"],
    ["origin", "http://localhost.evil.example"],
    ["origin", "null"],
  ])("a foreign %s %s -> 403", async (name, value) => {
    const answer = await send(appOf(edgeUnderTest().edge), "{}", { [name]: value });
    expect(answer.status).toBe(403);
  });
});

describe("what is no request", () => {
  test("GET and DELETE -> a clean 405", async () => {
    const app = appOf(edgeUnderTest().edge);
    for (const method of ["GET", "DELETE"]) {
      const headers = { host: "127.0.0.1", authorization: `Bearer ${TOKEN}` };
      const response = await app.request("http://127.0.0.1/mcp", { method, headers });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });
  test("malformed JSON -> 400 with -32700", async () => {
    const answer = await send(appOf(edgeUnderTest().edge), '{"jsonrpc":');
    expect([answer.status, answer.body.error.code]).toEqual([400, -32700]);
  });
  test("a key twice, also deep in the arguments of a call -> 400, and nobody is asked", async () => {
    const { edge, backend } = edgeUnderTest();
    const message = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "propose_order", arguments: buyApple() },
    };
    const twice = JSON.stringify(message).replace('"quantity":"10"', '"quantity":"10","quantity":"1000"');
    const answer = await send(appOf(edge), twice, { "mcp-protocol-version": "2025-06-18" });
    expect([answer.status, answer.body.error.code, backend.asked]).toEqual([400, -32_600, []]);
  });
  test("a batch -> 400", async () => {
    const answer = await send(appOf(edgeUnderTest().edge), "[]");
    expect([answer.status, answer.body.error.code]).toEqual([400, -32600]);
  });
  test("another content type -> 415", async () => {
    const answer = await send(appOf(edgeUnderTest().edge), "{}", { "content-type": "text/plain" });
    expect(answer.status).toBe(415);
  });
  test("a body over the limit -> 413", async () => {
    const answer = await send(appOf(edgeUnderTest().edge), JSON.stringify({ text: "x".repeat(70_000) }));
    expect(answer.status).toBe(413);
  });
  test("another path -> 404 in JSON", async () => {
    const response = await appOf(edgeUnderTest().edge).request(
      "http://127.0.0.1/.well-known/oauth-protected-resource",
      {
        headers: { host: "127.0.0.1" },
      },
    );
    expect([response.status, ((await response.json()) as { error: { code: number } }).error.code]).toEqual([
      404, -32000,
    ]);
  });
  test.each([{}, { protocolVersion: 5, capabilities: {}, clientInfo: { name: "x", version: "1" } }])(
    "a malformed handshake -> -32602: %j",
    async (params) => {
      const answer = await post(appOf(edgeUnderTest().edge), "2025-06-18", "initialize", params);
      expect(answer.body.error).toEqual({ code: -32602, message: "Invalid params for initialize" });
    },
  );
  test.each(ERAS)("%s: an unknown tool is a protocol error", async (era) => {
    const answer = await post(appOf(edgeUnderTest().edge), era, "tools/call", { name: "approve_order", arguments: {} });
    expect(answer.body.error.code).toBe(-32602);
  });
});

describe("rates", () => {
  test("reads beyond the burst -> RATE_LIMITED with the time to wait; another agent is not held up", async () => {
    const { edge } = edgeUnderTest({}, { config: { reads: { perSecond: 0.1, burst: 3 } } });
    const app = appOf(edge);
    const results = [];
    for (let index = 0; index < 5; index += 1) results.push(await call(app, "list_accounts", {}));
    expect(results.map((result) => result.value.error.code)).toEqual([
      "UNAVAILABLE",
      "UNAVAILABLE",
      "UNAVAILABLE",
      "RATE_LIMITED",
      "RATE_LIMITED",
    ]);
    expect(results[4]?.value.error.retry_after_ms).toBeGreaterThan(1_000);
    const other = await call(app, "list_accounts", {}, "2026-07-28", OTHER_TOKEN);
    expect(other.value.error.code).toBe("UNAVAILABLE");
  });
  test("no rate stops a cancel", async () => {
    const { edge } = edgeUnderTest(
      {},
      { config: { reads: { perSecond: 0.1, burst: 1 }, proposes: { perSecond: 0.1, burst: 1 } } },
    );
    const app = appOf(edge);
    const args = { proposal_id: `prop_${"a".repeat(26)}`, reason: "r", idempotency_key: "k" };
    for (let index = 0; index < 5; index += 1) {
      expect((await call(app, "propose_cancel", args)).value.error.code).toBe("UNAVAILABLE");
    }
  });
});

describe("the words of an agent", () => {
  const latin = Buffer.from(
    JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
      params: { name: "propose_order", arguments: buyApple({ rationale: "caf\u00e9" }) },
    }),
    "latin1",
  );

  test.each([
    ["of a known length", latin, { "content-length": String(latin.length) }],
    ["of an unknown length", new Blob([latin]).stream(), {}],
  ])("bytes that are no UTF-8, %s -> 400, and nothing is proposed in other characters", async (_, body, more) => {
    const { edge, backend } = edgeUnderTest();
    const answer = await send(appOf(edge), body, { "mcp-protocol-version": "2025-06-18", ...more });
    expect([answer.status, answer.body.error.code]).toEqual([400, -32_700]);
    expect(backend.asked).toEqual([]);
  });

  test.each(ERAS)(
    "%s: a rationale of blanks -> INVALID_ARGUMENT; a cancel is not refused for its words",
    async (era) => {
      const { edge, backend } = edgeUnderTest();
      const blank = await call(appOf(edge), "propose_order", buyApple({ rationale: "  " }), era);
      expect(blank.value.error).toMatchObject({
        code: "INVALID_ARGUMENT",
        message: "rationale: must match text that is not only blanks",
      });
      expect(backend.asked).toEqual([]);
      const cancel = { proposal_id: `prop_${"a".repeat(26)}`, reason: " ", idempotency_key: "c1" };
      await call(appOf(edge), "propose_cancel", cancel, era);
      expect(backend.asked).toHaveLength(1);
    },
  );
});
