import { describe, expect, test } from "vitest";
import { getHealth } from "./routes/health.ts";
import { apiUnderTest, ask, TOKENS } from "./testing/api-under-test.ts";

const ID = `prop_${"a".repeat(26)}`;
const KILL = "/api/v1/kill-switch";
const INVALID = [400, "INVALID_ARGUMENT"];

test("the OpenAPI document is made once, however often somebody without a token asks for it", async () => {
  const { app } = apiUnderTest();
  const answers = [];
  const { summary } = getHealth;
  let made = 0;
  const get = () => {
    made += 1;
    return summary;
  };
  Object.defineProperty(getHealth, "summary", { configurable: true, get });
  for (let count = 0; count < 3; count += 1)
    answers.push(await ask(app, "GET", "/api/v1/openapi.json", { token: null }));
  Object.defineProperty(getHealth, "summary", { configurable: true, enumerable: true, writable: true, value: summary });
  expect(answers.map(({ status, body }) => [status, body.openapi])).toEqual(Array(3).fill([200, "3.1.0"]));
  expect(answers[0]?.headers.get("content-type")).toBe("application/json");
  expect(made).toBe(1);
});

describe("a reason of blanks", () => {
  test.each([
    ["POST", `/api/v1/proposals/${ID}/reject`, {}],
    ["POST", `/api/v1/proposals/${ID}/reduce`, { ticketHash: "a".repeat(64), quantity: "1" }],
    ["POST", `/api/v1/proposals/${ID}/approve`, { ticketHash: "a".repeat(64) }],
    ["POST", `/api/v1/orders/${ID}/close`, {}],
    ["POST", `${KILL}/trips/reset`, { key: "a.b.c" }],
    ["POST", "/api/v1/agents/agent/session/reopen", {}],
    ["POST", "/api/v1/risk-policy", { policy: {} }],
    ["PUT", "/api/v1/auto-approval", { mode: "on", policyHash: "a".repeat(64) }],
    ["PUT", KILL, { scope: "global", level: "ACTIVE" }],
  ])("%s %s -> 400 that says why, and nobody is asked", async (method, path, body) => {
    const { app, asked, killed } = apiUnderTest();
    const answer = await ask(app, method, path, { body: { ...body, reason: " \u00a0" } });
    expect([answer.status, answer.body.code]).toEqual(INVALID);
    expect(answer.body.detail).toBe("reason: must match text that is not only blanks");
    expect([asked, killed]).toEqual([[], []]);
  });

  test("stops nobody from stopping: HALTED is set, and the cancel of an order and the end of auto-approval are asked for", async () => {
    const { app, asked, killed } = apiUnderTest();
    const body = { reason: " " };
    await ask(app, "PUT", KILL, { body: { ...body, scope: "global", level: "HALTED" } });
    await ask(app, "POST", `/api/v1/orders/${ID}/cancel`, { body });
    await ask(app, "PUT", "/api/v1/auto-approval", { body: { ...body, mode: "off", policyHash: null } });
    expect([killed.length, asked.length]).toEqual([1, 2]);
  });
});

describe("bytes that are no UTF-8", () => {
  const latin = Buffer.from('{"scope":"global","level":"HALTED","reason":"caf\u00e9"}', "latin1");
  const sent = async (body: string | Uint8Array | ReadableStream, more: Record<string, string> = {}) => {
    const { app, killed } = apiUnderTest();
    const headers = { host: "127.0.0.1", authorization: `Bearer ${TOKENS.all}`, "content-type": "application/json" };
    const answer = await app.request(`http://127.0.0.1${KILL}`, {
      ...{ method: "PUT", headers: { ...headers, ...more }, body, duplex: "half" },
    } as RequestInit);
    return { status: answer.status, body: (await answer.json()) as { code: string; detail: string }, killed };
  };

  test("-> 400; no character of a reason is replaced by another", async () => {
    const { status, body, killed } = await sent(latin, { "content-length": String(latin.length) });
    expect([status, body.code, killed]).toEqual([...INVALID, []]);
    expect(body.detail).toBe("The body is not UTF-8.");
  });

  test("of unknown length -> 400 as well", async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(latin);
        controller.close();
      },
    });
    const { status, body, killed } = await sent(stream);
    expect([status, body.detail, killed]).toEqual([400, "The body is not UTF-8.", []]);
  });
});

describe("a body that has a key twice", () => {
  test.each([
    '{"scope":"global","level":"HALTED","reason":"r","level":"ACTIVE"}',
    '{"scope":"global","level":"ACTIVE","reason":"r","le\\u0076el":"HALTED"}',
    '{"scope":"agent.a","level":"HALTED","reason":"r","scope":"global"}',
  ])("%s -> 400, and nothing is set: which one counts would be a guess", async (json) => {
    const { app, killed } = apiUnderTest();
    const headers = { host: "127.0.0.1", authorization: `Bearer ${TOKENS.all}`, "content-type": "application/json" };
    const answer = await app.request(`http://127.0.0.1${KILL}`, { method: "PUT", headers, body: json });
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    expect([answer.status, code, killed]).toEqual([...INVALID, []]);
    expect(detail).toBe("The body has a key twice.");
  });
});

test.each([
  [
    "PUT",
    KILL,
    { scope: "account.du1", level: "HALTED", reason: "r" },
    "scope: must be global, account.<id>, agent.<id> or instrument.<conid>",
  ],
  ["GET", "/api/v1/audit?after=-1", undefined, "after: must be digits and nothing else"],
])("%s %s names what would be right", async (method, path, body, detail) => {
  const answer = await ask(apiUnderTest().app, method, path, { body });
  expect([answer.status, answer.body.detail]).toEqual([400, detail]);
});
