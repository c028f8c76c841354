import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { armOnFirstStart } from "./first-arm.ts";

/** An admin API whose switch was never set, and that answers with these statuses when somebody sets it, one after the other. */
async function adminApi(...statuses: number[]) {
  const asked: { method: string | undefined; authorization: string | undefined; body: unknown }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    if (request.method === "GET") return void response.end(JSON.stringify({ settings: [] }));
    let text = "";
    for await (const part of request) text += part;
    asked.push({ method: request.method, authorization: request.headers.authorization, body: JSON.parse(text) });
    response.writeHead(statuses.shift() ?? 500).end("said why");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const admin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said: string[] = [];
  const arm = (firstStart: boolean) =>
    armOnFirstStart({ admin, operatorToken: "token", firstStart, log: (line) => said.push(line) });
  return { asked, said, arm, stop: () => server.close() };
}

test("a first start arms the switch as an operator, as soon as the audit takes it", async () => {
  const api = await adminApi(503, 200);
  await api.arm(true);
  const reason = "first start of an embedded simulator";
  const asked = { method: "PUT", authorization: "Bearer token", body: { scope: "global", level: "ACTIVE", reason } };
  expect(api.asked).toEqual([asked, asked]);
  expect(api.said).toEqual(["kill switch armed (first start of a simulator)"]);
  api.stop();
});

test("a later start leaves the switch as it is", async () => {
  const api = await adminApi();
  await api.arm(false);
  expect(api.asked).toEqual([]);
  api.stop();
});

test("a refusal ends the start with what the admin API said", async () => {
  const api = await adminApi(403);
  await expect(api.arm(true)).rejects.toThrow("the kill switch could not be armed: 403 said why");
  api.stop();
});
