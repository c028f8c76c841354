import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireAccepted } from "./accepted.ts";

const refusal = (name: string, words: string[], values: Record<string, unknown>) => {
  try {
    requireAccepted(name, words, values);
    return undefined;
  } catch (error) {
    return error as { exitCode: number; message: string };
  }
};

test.each([
  ["a scope without --scope, which would loosen everything", "kill", ["ACTIVE", "account.DU1234567"], {}],
  ["a size that an approval has no place for", "approve", ["prop_a"], { quantity: "1" }],
  ["a second proposal", "reject", ["prop_a", "prop_b"], { reason: "r" }],
  ["a state without --state", "proposals", ["FILLED"], {}],
  ["a word after a verb", "kill", ["status", "global"], {}],
  ["a scope for a reset", "kill", ["reset", "a.b.c"], { scope: "global" }],
  ["a word after on", "policy-approval", ["on", "shadow"], { reason: "r" }],
  ["a file for a verification offline", "decision", ["verify", "file"], { out: "f" }],
  ["an empty scope", "kill", ["ACTIVE"], { scope: "", reason: "r" }],
  ["an empty address, which would ask the system of this folder", "proposals", [], { admin: "" }],
  ["an empty confirmation", "approve", ["prop_a"], { confirm: ["priceCollar", ""] }],
] as const)("%s is refused: exit code 2", (_, name, words, values) => {
  expect(refusal(name, [...words], values)).toMatchObject({ exitCode: 2 });
});

test.each([
  ["proposals", [], { state: "FILLED", cursor: "c", json: true }],
  ["approve", ["prop_a"], { yes: true, confirm: ["priceCollar"], reason: "r", token: "t" }],
  ["kill", ["HALTED"], { local: true, cancel: "own", reason: "r", "data-dir": "d" }],
  ["kill", ["reset", "a.b.c"], { reason: "r" }],
  ["kill", ["drill"], { rounds: "3" }],
  ["policy", ["sign", "paper", "file", "key", "pem", "out"], {}],
  ["decision", ["export", "prop_a"], { out: "f", inputs: "h" }],
  ["session", ["reopen", "agent"], { reason: "r" }],
] as const)("%s takes what it is documented to take", (name, words, values) => {
  expect(refusal(name, [...words], values)).toBeUndefined();
});

test.each([
  ["a word too many", ["account.DU1234567"]],
  ["a flag given twice, of which the last would count", ["--scope", "account.DU1234567", "--scope", "global"]],
])("a command line with %s asks the admin API for nothing", async (_, more) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const where = ["--admin", `http://127.0.0.1:${(server.address() as AddressInfo).port}`, "--token", "t"];
  const args = ["kill", "ACTIVE", ...more, "--reason", "r", ...where];
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], { stdio: "ignore" });
  const code = await new Promise((done) => child.once("exit", done));
  server.close();
  expect([code, asked]).toEqual([2, []]);
});
