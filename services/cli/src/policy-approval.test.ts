import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { formatRoots } from "@countersign/roster/roots";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandError, EXIT } from "./exit-codes.ts";
import { policyOffline } from "./policy-approval.ts";

const folder = tempDir("countersign-policy-");
afterAll(() => folder.remove());
const file = (name: string) => join(folder.path, name);
const people = testRoster(["ada", "bob"]);
const page = readFileSync(join(import.meta.dirname, "../../../docs/auto-approval.md"), "utf8");
const EXAMPLE = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

beforeAll(() => {
  const nowMs = createSystemClock().nowMs();
  const text = EXAMPLE.replace(/^issuedAt: .*$/m, `issuedAt: "${utcText(nowMs)}"`);
  writeFileSync(file("policy.yaml"), text.replace(/^expiresAt: .*$/m, `expiresAt: "${utcText(nowMs + 86_400_000)}"`));
  for (const person of ["ada", "bob"]) {
    writeFileSync(file(`${person}.pem`), people.keyOf(person).privateKeyPem, { mode: 0o600 });
  }
  people.write(folder.path);
});

const sign = (from: string, person: string, to: string) =>
  policyOffline(["sign", file(from), `${person}-session`, file(`${person}.pem`), file(to)]);
const check = (name: string) => policyOffline(["check", file(name), file("roster.json"), formatRoots(people.roots)]);

describe("the policy of the documentation", () => {
  test("signed by one person it does not count; signed by two it does", () => {
    expect(policyOffline(["show", file("policy.yaml")])).toBe(EXIT.ok);
    expect(sign("policy.yaml", "ada", "one.json")).toBe(EXIT.ok);
    expect(check("one.json")).toBe(EXIT.verificationFailed);
    expect(sign("one.json", "bob", "two.json")).toBe(EXIT.ok);
    expect(check("two.json")).toBe(EXIT.ok);
  });
  test("changed by one byte after the signatures -> it does not count", () => {
    writeFileSync(file("changed.json"), readFileSync(file("two.json"), "utf8").replace('"1000"', '"1001"'));
    expect(check("changed.json")).toBe(EXIT.verificationFailed);
  });
  test("a field that no policy has -> refused before anything is signed", () => {
    writeFileSync(file("more.yaml"), `${EXAMPLE}extra: 1\n`);
    expect(() => sign("more.yaml", "ada", "never.json")).toThrow(/no policy/);
    expect(existsSync(file("never.json"))).toBe(false);
  });
  test("a word too few, and a word that needs the system", () => {
    expect(() => policyOffline(["sign", file("policy.yaml")])).toThrow(CommandError);
    expect(policyOffline(["status"])).toBeUndefined();
  });
});
