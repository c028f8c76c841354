import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { readEnvironment, required, requiredMode, requiredPort } from "./environment.ts";
import { ConfigError, loadConfig } from "./load.ts";
import { readSecretFile } from "./secrets.ts";

const folder = tempDir();
afterAll(() => folder.remove());
const schema = z.strictObject({ quoteAgeMsMax: z.int().positive(), accounts: z.array(z.string()) });

function file(text: string, mode = 0o600): string {
  const path = join(folder.path, "config.yaml");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe("loadConfig", () => {
  test("a valid file is read, and its hash does not depend on the order of keys", () => {
    const one = loadConfig({ schema, file: file("quoteAgeMsMax: 5000\naccounts: [DU1]\n") });
    const two = loadConfig({ schema, file: file("accounts: [DU1]\nquoteAgeMsMax: 5000\n") });
    expect(one.config.quoteAgeMsMax).toBe(5000);
    expect(one.hash).toBe(two.hash);
  });
  test("all errors are listed at once, with their places", () => {
    const load = () => loadConfig({ schema, file: file("quoteAgeMsMax: -1\naccounts: 5\nextra: 1\n") });
    expect(load).toThrow(/quoteAgeMsMax[\s\S]*accounts[\s\S]*extra/);
  });
  test.each([
    ["an unknown key", "quoteAgeMsMax: 1\naccounts: []\nbypass: true\n"],
    ["a key given twice", "quoteAgeMsMax: 1\nquoteAgeMsMax: 2\naccounts: []\n"],
    ["an empty file", ""],
    ["an alias", "quoteAgeMsMax: &a 1\naccounts: [*a]\n"],
  ])("%s -> ConfigError", (_name, text) => expect(() => loadConfig({ schema, file: file(text) })).toThrow(ConfigError));
  test("a name that a record would leave out without a word -> ConfigError that names it", () => {
    const agents = z.strictObject({ agents: z.record(z.string(), z.string()) });
    const load = () => loadConfig({ schema: agents, file: file("agents: { __proto__: may }\n") });
    expect(load).toThrow(/__proto__/);
  });
  test("a missing file -> ConfigError", () => {
    expect(() => loadConfig({ schema, file: join(folder.path, "none.yaml") })).toThrow(ConfigError);
  });
});

describe("environment", () => {
  test("an unknown COUNTERSIGN_ variable -> ConfigError that names it", () => {
    expect(() => readEnvironment({ COUNTERSIGN_BYPASS: "1" })).toThrow(/COUNTERSIGN_BYPASS/);
  });
  test("a missing variable -> ConfigError that names it", () => {
    expect(() => required(readEnvironment({}), "natsUrl")).toThrow(/COUNTERSIGN_NATS_URL/);
  });
  test("there is no default mode, and no other than the three", () => {
    expect(() => requiredMode(readEnvironment({}))).toThrow(ConfigError);
    expect(() => requiredMode(readEnvironment({ COUNTERSIGN_MODE: "demo" }))).toThrow(ConfigError);
  });
  test.each(["-1", "65536", "4002x", ""])("%j is no port -> ConfigError", (text) => {
    expect(() => requiredPort(readEnvironment({ COUNTERSIGN_TWS_PORT: text }), "twsPort")).toThrow(ConfigError);
  });
});

describe("readSecretFile", () => {
  test("a file that others can read -> ConfigError", () => {
    expect(() => readSecretFile(file("seed", 0o640))).toThrow(/mode 0600/);
    expect(readSecretFile(file("seed\n", 0o600))).toBe("seed");
  });
});
