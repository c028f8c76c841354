import { type Denial, denied, ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { questionRoute } from "./question-route.ts";
import { apiUnderTest, ask } from "./testing/api-under-test.ts";

const AT = { source: "TWS", asOf: "2026-11-20T10:00:00.000Z" };
const PNL = { account: "DU1234567", modelCode: null, daily: "1.5", unrealized: null, realized: null, ...AT };

test("what is asked stands in the path and the query; what may be null and is not given is null", async () => {
  const { app, asked } = apiUnderTest({
    [RPCS.pnl.subject]: ({ modelCode }: { modelCode: string | null }) => ok({ ...PNL, modelCode }),
  });
  const path = "/api/v1/accounts/DU1234567/pnl";
  expect((await ask(app, "GET", path)).body).toEqual(PNL);
  expect((await ask(app, "GET", `${path}?modelCode=Growth`)).body).toEqual({ ...PNL, modelCode: "Growth" });
  expect(asked.map(({ body }) => body)).toEqual([
    { account: "DU1234567", modelCode: null },
    { account: "DU1234567", modelCode: "Growth" },
  ]);
});

test.each([
  ["an account that is none", "/api/v1/accounts/DU*/pnl", "account"],
  ["a conid that is no number", "/api/v1/accounts/DU1234567/positions/1e3/pnl", "conid"],
  ["a conid of zero", "/api/v1/accounts/DU1234567/positions/0/pnl", "conid"],
  ["a conid that is too large", "/api/v1/accounts/DU1234567/positions/2147483648/pnl", "conid"],
  ["a model that is empty", "/api/v1/accounts/DU1234567/pnl?modelCode=", "modelCode"],
  ["a word that is not asked for", "/api/v1/accounts/DU1234567/summary?modelCode=x", "modelCode"],
])("%s -> 400 INVALID_ARGUMENT that names it, and nobody is asked", async (_, path, name) => {
  const { app, asked } = apiUnderTest();
  const { status, body } = await ask(app, "GET", path);
  expect([status, body.code, asked]).toEqual([400, "INVALID_ARGUMENT", []]);
  expect(JSON.stringify(body)).toContain(name);
});

test("a question about the market is asked for the people, and nobody can be asked for another", async () => {
  const denial: Denial = { code: "UNKNOWN_INSTRUMENT", message: "no such conid" };
  const { app, asked } = apiUnderTest({ [RPCS.session.subject]: () => denied(denial.code, denial.message) });
  const path = "/api/v1/market/session";
  const forged = await ask(app, "POST", path, { body: { conid: 7, asker: "agent" } });
  expect([forged.status, forged.body.code, asked]).toEqual([400, "INVALID_ARGUMENT", []]);
  const answer = await ask(app, "POST", path, { body: { conid: 7 } });
  expect([answer.status, answer.body.code, answer.body.detail]).toEqual([404, denial.code, denial.message]);
  expect(asked).toEqual([{ subject: RPCS.session.subject, body: { conid: 7, asker: "operator" } }]);
});

test("a field that may not be null and stands in no path is no route", () => {
  const given = { id: "x", path: "/api/v1/x", method: "get" } as const;
  expect(() => questionRoute(RPCS.summary, given)).toThrow("account of a question must stand in /api/v1/x");
});
