import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { USERS } from "@countersign/contracts/accounts";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureKeys, nkEnvironment } from "./nkeys-file.ts";

let folder: ReturnType<typeof tempDir>;
let keysDir: string;
beforeEach(() => {
  folder = tempDir();
  keysDir = join(folder.path, "keys");
});
afterEach(() => folder.remove());

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("one seed for each user and nothing else, readable by its owner only", async () => {
  await ensureKeys(keysDir);
  expect(readdirSync(keysDir).sort()).toEqual(
    Object.keys(USERS)
      .map((user) => `${user}.nk`)
      .sort(),
  );
  expect(modeOf(keysDir)).toBe(0o700);
  for (const file of readdirSync(keysDir)) expect(modeOf(join(keysDir, file)), file).toBe(0o600);
});

test("a second time -> the keys stay; one that is gone -> only that one is new", async () => {
  await ensureKeys(keysDir);
  const before = nkEnvironment(keysDir);
  await ensureKeys(keysDir);
  expect(nkEnvironment(keysDir)).toEqual(before);
  rmSync(join(keysDir, "sys.nk"));
  await ensureKeys(keysDir);
  const { NK_SYS: renewed, ...others } = nkEnvironment(keysDir);
  expect(renewed).not.toBe(before.NK_SYS);
  expect({ ...others, NK_SYS: before.NK_SYS }).toEqual(before);
});

test("the environment has a public key, all different, for every variable of the server's configuration", async () => {
  await ensureKeys(keysDir);
  const environment = nkEnvironment(keysDir);
  const conf = readFileSync(join(import.meta.dirname, "../../../deploy/nats/nats.conf"), "utf8");
  const wanted = [...conf.matchAll(/nkey: \$(NK_[A-Z_]+)/g)].map((match) => match[1] ?? "");
  expect(Object.keys(environment).sort()).toEqual(wanted.sort());
  expect(new Set(Object.values(environment)).size).toBe(wanted.length);
  for (const key of Object.values(environment)) expect(key).toMatch(/^U[A-Z2-7]{55}$/);
});

test("a seed is missing -> no environment, instead of a server with a hole", async () => {
  await ensureKeys(keysDir);
  rmSync(join(keysDir, "mcp-edge.nk"));
  expect(() => nkEnvironment(keysDir)).toThrow("mcp-edge.nk");
});
