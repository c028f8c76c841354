import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/load";
import { listen } from "@countersign/testing/listen";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, expect, test } from "vitest";
import { armOnFirstStart } from "./first-arm.ts";
import { firstStartIsOver, prepareKeys } from "./first-start.ts";

const folder = tempDir("countersign-first-");
afterAll(() => folder.remove());

test("a start that was ended before it came through -> the next one is the first still, with the same tokens", () => {
  const first = prepareKeys(folder.path, "DU1234567");
  const second = prepareKeys(folder.path, "DU1234567");
  expect([first.firstStart, second.firstStart]).toEqual([true, true]);
  expect(second.tokens).toEqual(first.tokens);
  firstStartIsOver(folder.path);
  expect(prepareKeys(folder.path, "DU1234567")).toEqual({ tokens: first.tokens, firstStart: false });
});

test.each([
  ["cut off", (text: string) => text.slice(0, 40)],
  ["with one token", (text: string) => text.replace("agentToken", "agent")],
  ["with half a quote", (text: string) => text.replace('"cs_op', "cs_op")],
])("a file of tokens %s -> one sentence with its name, and nothing of what it holds", (_, spoil) => {
  using damaged = tempDir("countersign-damaged-");
  prepareKeys(damaged.path, "DU1234567");
  const file = join(damaged.path, "tokens.json");
  writeFileSync(file, spoil(readFileSync(file, "utf8")));
  const sentence = `${file} does not hold the tokens of a start; restore it, or take another --data-dir`;
  expect(() => prepareKeys(damaged.path, "DU1234567")).toThrow(new ConfigError(sentence));
});

test.each([
  ["was never set -> it is armed", [{ scope: "account.DU1" }], ["GET", "PUT"]],
  ["was set by a person before -> it stays as that person set it", [{ scope: "global" }], ["GET"]],
])("a first start whose kill switch %s", async (_, settings, methods) => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.method);
    response.end(JSON.stringify({ settings }));
  });
  const admin = `http://127.0.0.1:${await listen(server)}`;
  await armOnFirstStart({ admin, operatorToken: "cs_op_x", firstStart: true, log: () => undefined });
  server.close();
  expect(asked).toEqual(methods);
});
