import { denied, Fault, ok } from "@countersign/contracts/denial";
import { describe, expect, test } from "vitest";
import { ROUTES } from "./routes/registry.ts";
import { apiUnderTest, ask, TOKENS } from "./testing/api-under-test.ts";
import { pendingProposal } from "./testing/examples.ts";

const ID = `prop_${"a".repeat(26)}`;

describe("who may call", () => {
  test.each([
    ["no token", null],
    ["an agent's token", "cs_agent_x"],
  ])("%s -> 401 UNAUTHENTICATED as problem+json, on the record", async (_, token) => {
    const { app, records } = apiUnderTest();
    for (const path of ["/api/v1/proposals", "/api/v1/nothing"]) {
      const answer = await ask(app, "GET", path, { token });
      expect([answer.status, answer.body.code]).toEqual([401, "UNAUTHENTICATED"]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
    expect(records[0]).toMatchObject({ kind: "security.refused", body: { door: "admin" } });
  });

  test("a flood of refusals is few records", async () => {
    const { app, records } = apiUnderTest();
    for (let index = 0; index < 40; index += 1) await ask(app, "GET", "/api/v1/health", { token: "x" });
    expect(records).toHaveLength(3);
  });

  const writes: [string, string, object][] = [
    ["POST", `/api/v1/proposals/${ID}/approve`, { ticketHash: "a".repeat(64) }],
    ["POST", `/api/v1/proposals/${ID}/reject`, { reason: "r" }],
    ["POST", `/api/v1/orders/${ID}/cancel`, { reason: "r" }],
    ["PUT", "/api/v1/kill-switch", { scope: "global", level: "HALTED", reason: "r" }],
  ];
  test.each(writes)(
    "%s %s with the scope read only -> 403 FORBIDDEN, and nobody is asked",
    async (method, path, body) => {
      const { app, asked, killed } = apiUnderTest();
      const answer = await ask(app, method, path, { body, token: TOKENS.reader });
      expect([answer.status, answer.body.code]).toEqual([403, "FORBIDDEN"]);
      expect([asked, killed]).toEqual([[], []]);
    },
  );

  test.each(ROUTES.map((route) => [route.method.toUpperCase(), route.path, route.scope] as const))(
    "%s %s without the scope %s -> 403 FORBIDDEN, whatever else is wrong, and nobody is asked",
    async (method, path, scope) => {
      const { app, asked, killed } = apiUnderTest();
      const token = scope === "read" ? TOKENS.blind : TOKENS.reader;
      const answer = await ask(app, method, path.replace("{id}", "x"), { token });
      expect([answer.status, answer.body.code]).toEqual([403, "FORBIDDEN"]);
      expect(answer.body.detail).toContain(scope);
      expect([asked, killed]).toEqual([[], []]);
    },
  );

  test("who may tighten may not loosen", async () => {
    const { app, asked, killed } = apiUnderTest();
    const set = (level: string) =>
      ask(app, "PUT", "/api/v1/kill-switch", {
        body: { scope: "global", level, reason: "r" },
        token: TOKENS.tightener,
      });
    expect((await set("HALTED")).status).toBe(200);
    expect((await set("ACTIVE")).body.code).toBe("FORBIDDEN");
    expect(killed.map((change) => change.level)).toEqual(["HALTED"]);
    const reopen = { body: { reason: "r" }, token: TOKENS.tightener };
    expect((await ask(app, "POST", "/api/v1/agents/agent/session/reopen", reopen)).body.code).toBe("FORBIDDEN");
    expect(asked).toEqual([]);
  });

  test("more calls than the rate -> 429 with the time to wait", async () => {
    const { app } = apiUnderTest();
    const answers = [];
    for (let index = 0; index < 51; index += 1) answers.push(await ask(app, "GET", "/api/v1/kill-switch"));
    expect(answers[49]?.status).toBe(200);
    expect(answers[50]?.body).toMatchObject({ code: "RATE_LIMITED", retryable: true, facts: { retryAfterMs: 10 } });
  });

  test("a stop has a rate of its own: calls without end hold it up neither before nor after", async () => {
    const { app, killed } = apiUnderTest();
    const stop = () =>
      ask(app, "PUT", "/api/v1/kill-switch", { body: { scope: "global", level: "HALTED", reason: "r" } });
    for (let index = 0; index < 51; index += 1) await ask(app, "GET", "/api/v1/kill-switch");
    expect((await ask(app, "GET", "/api/v1/kill-switch")).status).toBe(429);
    expect([(await stop()).status, killed.length]).toEqual([200, 1]);
    for (let index = 0; index < 49; index += 1) await stop();
    expect((await stop()).body.code).toBe("RATE_LIMITED");
  });
});

describe("from where", () => {
  test.each([
    { host: "evil.example" },
    { origin: "http://evil.example" },
    { origin: "null" },
    { host: "localhost.evil.example:80" },
  ])("%o -> 403", async (headers) => {
    const { app, asked } = apiUnderTest();
    const answer = await ask(app, "GET", "/api/v1/proposals", { headers: headers as Record<string, string> });
    expect([answer.status, asked.length]).toEqual([403, 0]);
  });
});

describe("bad input", () => {
  const good = { scope: "global", level: "HALTED", reason: "x" };
  const bodies: [string, unknown][] = [
    ["malformed JSON", '{"scope":'],
    ["no object", "[]"],
    ["an unknown key", { ...good, force: true }],
    ["an unknown level", { ...good, level: "OFF" }],
    ["an unknown scope", { ...good, scope: "everything" }],
    ["a scope with a colon", { ...good, scope: "account:DU1234567" }],
    ["a scope with a wildcard", { ...good, scope: "account.>" }],
    ["an empty reason", { ...good, reason: "" }],
    ["a reason with a control character", { ...good, reason: "a\u0007" }],
    ["a reason too long", { ...good, reason: "x".repeat(600) }],
  ];
  test.each(bodies)("%s -> 400 INVALID_ARGUMENT, and the switch has not moved", async (_, body) => {
    const { app, killed } = apiUnderTest();
    const answer = await ask(app, "PUT", "/api/v1/kill-switch", { body });
    expect([answer.status, answer.body.code]).toEqual([400, "INVALID_ARGUMENT"]);
    expect(killed).toEqual([]);
  });
  const deep = `${"[".repeat(200)}${"]".repeat(200)}`;
  test.each([
    ["nested too deeply", `{"policy":{"a":${deep}},"reason":"r"}`],
    ["half a character as a value", '{"policy":{"a":"\\ud800"},"reason":"r"}'],
    ["half a character as a name", '{"policy":{"\\udc00":1},"reason":"r"}'],
    ["a number without end", '{"policy":{"a":1e999},"reason":"r"}'],
  ])("a policy with %s -> 400 INVALID_ARGUMENT, and nobody is asked", async (_, body) => {
    const { app, asked } = apiUnderTest();
    const answer = await ask(app, "POST", "/api/v1/risk-policy", { body });
    expect([answer.status, answer.body.code, asked]).toEqual([400, "INVALID_ARGUMENT", []]);
  });
  test.each([
    ["a checkpoint to compare with", { against: { size: 1 } }],
    ["no JSON", "verify"],
  ])("a body where none is taken, %s -> 400, and nothing is said to be verified", async (_, body) => {
    const { app, asked } = apiUnderTest();
    const answer = await ask(app, "POST", "/api/v1/audit/verify", { body });
    expect([answer.status, answer.body.code, asked]).toEqual([400, "INVALID_ARGUMENT", []]);
  });
  test("a body that is cut off -> 400, and the switch has not moved", async () => {
    const { app, killed } = apiUnderTest();
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const headers = {
      ...{ host: "127.0.0.1", authorization: `Bearer ${TOKENS.all}` },
      ...{ "content-type": "application/json", "content-length": "50" },
    };
    const init = { method: "PUT", headers, body, duplex: "half" };
    const answer = await app.request("http://127.0.0.1/api/v1/kill-switch", init as RequestInit);
    expect([answer.status, killed]).toEqual([400, []]);
    expect(await answer.json()).toMatchObject({ code: "INVALID_ARGUMENT" });
  });
  test("another content type -> 400", async () => {
    const { app } = apiUnderTest();
    const answer = await ask(app, "PUT", "/api/v1/kill-switch", {
      body: good,
      headers: { "content-type": "text/plain" },
    });
    expect(answer.status).toBe(400);
  });
  test("a body over the limit -> 413", async () => {
    const { app } = apiUnderTest();
    const answer = await ask(app, "PUT", "/api/v1/kill-switch", { body: { ...good, reason: "x".repeat(5_000) } });
    expect([answer.status, answer.body.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });
  const noNumbers = ["?limit=", "?limit=1e1", "?limit=0x10", "?limit=%2010", "?limit=+1", "?limit=01", "?limit=1.5"];
  test.each(["?state=NOPE", "?limit=0", "?limit=x", "?limit=1e3", ...noNumbers, "?what=1", "?limit=1&limit=2"])(
    "the query %s -> 400",
    async (query) => {
      const { app, asked } = apiUnderTest();
      const answer = await ask(app, "GET", `/api/v1/proposals${query}`);
      expect([answer.status, asked.length]).toEqual([400, 0]);
    },
  );
  test("a query where none is taken -> 400 that names it", async () => {
    const { app } = apiUnderTest();
    const answer = await ask(app, "GET", "/api/v1/kill-switch?scope=global");
    expect([answer.status, answer.body.code, answer.body.facts.fields[0].field]).toEqual([
      400,
      "INVALID_ARGUMENT",
      "scope",
    ]);
  });
  test("an id that is none -> 400; another method -> 405; another path -> 404", async () => {
    const { app } = apiUnderTest();
    const codes = [];
    for (const [method, path] of [
      ["GET", "/api/v1/proposals/prop_x"],
      ["DELETE", "/api/v1/kill-switch"],
      ["GET", "/api/v2/x"],
    ] as const)
      codes.push((await ask(app, method, path)).body.code);
    expect(codes).toEqual(["INVALID_ARGUMENT", "METHOD_NOT_ALLOWED", "NOT_FOUND"]);
  });
  test.each([
    ["DELETE", "/api/v1/kill-switch", "GET, HEAD, PUT"],
    ["GET", "/api/v1/audit/verify", "POST"],
    ["OPTIONS", `/api/v1/proposals/${ID}`, "GET, HEAD"],
    ["GET", `/api/v1/proposals/${ID}/approve`, "POST"],
    ["POST", "/api/v1/openapi.json", "GET, HEAD"],
  ])("%s %s -> 405 with the methods that there are: %s", async (method, path, allow) => {
    const answer = await ask(apiUnderTest().app, method, path);
    expect([answer.status, answer.body.code, answer.headers.get("allow")]).toEqual([405, "METHOD_NOT_ALLOWED", allow]);
  });
});

const signedBy = (id: string, until: string) => ({
  ...{ event: "countersigned", at: "2026-11-20T10:00:00.000Z", actor: { kind: "operator", id }, reason: null },
  until: `2026-11-20T${until}.000Z`,
});

describe("answers of others", () => {
  test("several states become a list, and the page of the answer is kept", async () => {
    const { app, asked } = apiUnderTest({
      "rpc.v1.proposal.list": () => ok({ items: [pendingProposal()], nextCursor: "c" }),
    });
    const answer = await ask(app, "GET", "/api/v1/proposals?state=FILLED,WORKING&limit=5");
    expect([answer.status, answer.body.items.length, answer.body.nextCursor]).toEqual([200, 1, "c"]);
    expect(asked[0]?.body).toMatchObject({ states: ["FILLED", "WORKING"], limit: 5, agent: null, accounts: null });
    expect(answer.headers.get("countersign-mode")).toBe("simulator");
  });
  test("a proposal comes with what stands in the way of its approval", async () => {
    const { app, clock } = apiUnderTest({ "rpc.v1.proposal.get": () => ok(pendingProposal()) });
    const before = await ask(app, "GET", `/api/v1/proposals/${ID}`);
    expect(before.body.approval).toMatchObject({ approvable: true, obstacle: null, expiresInMs: 570_000, page: null });
    await clock.advance(600_000);
    expect((await ask(app, "GET", `/api/v1/proposals/${ID}`)).body.approval.approvable).toBe(false);
  });
  test.each([
    ["who may not approve", TOKENS.reader, {}, "This needs the scope approve."],
    ["who has no key on the roster", TOKENS.keyless, {}, "no session key that stands on the roster"],
    ["who proposed it", TOKENS.all, { agent: "all" }, "The proposer may never approve."],
    ["who has signed already", TOKENS.all, { decision: signedBy("all", "10:02:00") }, "another person must sign"],
    ["the second of two people", TOKENS.all, { decision: signedBy("ada", "10:02:00") }, null],
    ["who signed what has ended since", TOKENS.all, { decision: signedBy("all", "10:00:10") }, null],
  ])("the obstacle for %s", async (_, token, change, obstacle) => {
    const { app } = apiUnderTest({ "rpc.v1.proposal.get": () => ok({ ...pendingProposal(), ...change }) });
    const { approval } = (await ask(app, "GET", `/api/v1/proposals/${ID}`, { token })).body;
    expect(approval.approvable).toBe(obstacle === null);
    expect(approval.obstacle ?? "").toContain(obstacle ?? "");
  });
  test("a denial keeps its code and status; a fault says whether to repeat", async () => {
    const { app } = apiUnderTest({
      "rpc.v1.proposal.get": () => denied("PROPOSAL_NOT_FOUND"),
      "ops.v1.audit.verify": () => Promise.reject(new Fault("TIMEOUT")),
    });
    expect((await ask(app, "GET", `/api/v1/proposals/${ID}`)).body).toMatchObject({
      status: 404,
      code: "PROPOSAL_NOT_FOUND",
    });
    expect((await ask(app, "POST", "/api/v1/audit/verify")).body).toMatchObject({
      status: 504,
      code: "TIMEOUT",
      retryable: true,
    });
    expect((await ask(app, "GET", "/api/v1/audit")).body).toMatchObject({ status: 503, code: "UNAVAILABLE" });
  });
  test("a broker that is away: our own orders are listed, and its open orders are not an empty list", async () => {
    const { app } = apiUnderTest({ "rpc.v1.proposal.list": () => ok({ items: [], nextCursor: null }) });
    const answer = await ask(app, "GET", "/api/v1/orders");
    expect(answer.status).toBe(200);
    expect(answer.body.openAtBroker).toMatchObject([{ account: null, orders: null, failure: { code: "UNAVAILABLE" } }]);
  });
});
