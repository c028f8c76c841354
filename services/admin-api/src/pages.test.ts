import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openApiDocument } from "./openapi.ts";
import { ROUTES } from "./routes/registry.ts";
import { apiUnderTest, ask } from "./testing/api-under-test.ts";

const PAGE = join(import.meta.dirname, "../page");

test("the page and its parts are served without a token, with a policy that allows nothing from elsewhere", async () => {
  const { app } = apiUnderTest();
  for (const path of ["/", `/proposals/prop_${"a".repeat(26)}`, "/assets/app.js", "/assets/style.css"]) {
    const answer = await ask(app, "GET", path, { token: null });
    expect(answer.status, path).toBe(200);
    const policy = answer.headers.get("content-security-policy") ?? "";
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test.each(["/assets/..%2fsrc%2fmain.ts", "/assets/nothing.js", "/proposals/x", "/assets/../package.json"])(
  "%s is not served",
  async (path) => {
    const answer = await ask(apiUnderTest().app, "GET", path, { token: null });
    expect([answer.status, answer.body.code]).toEqual([404, "NOT_FOUND"]);
  },
);

test("no file of the page has inline script or style, or makes HTML out of text", () => {
  for (const name of readdirSync(PAGE)) {
    const text = readFileSync(join(PAGE, name), "utf8");
    expect(text, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\sstyle=|\son[a-z]+="|<script>/,
    );
  }
});

test("the OpenAPI document has every route, and every reference in it leads somewhere", async () => {
  const { app } = apiUnderTest();
  const { body } = await ask(app, "GET", "/api/v1/openapi.json", { token: null });
  expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument(ROUTES))));
  expect(body.openapi).toBe("3.1.0");
  const operations = Object.entries(body.paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(operations.sort()).toEqual(ROUTES.map((route) => `${route.method} ${route.path}`).sort());
  for (const [, reference = ""] of JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = reference.split("/").reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], body);
    expect(found, reference).toBeDefined();
  }
});
