import type { SignedPolicy } from "@countersign/contracts/auto-approval";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { describe, expect, test } from "vitest";
import { testPolicy } from "../testing/test-policy.ts";
import { testRoster } from "../testing/test-roster.ts";
import { checkPolicy } from "./check-policy.ts";
import { formatPolicy, signPolicy } from "./sign-policy.ts";

const POLICY = testPolicy();

const robot = generateKeyPair();
const people = testRoster(
  ["ada", "bob"],
  [{ person: "robot", keys: [{ keyId: "robot-policy", kind: "policy", publicKey: robot.publicKey }] }],
);
const keys = [people.keyOf("ada"), people.keyOf("bob"), { keyId: "robot-policy", ...robot }];
const [ada, bob, policyKey] = keys as [(typeof keys)[0], (typeof keys)[0], (typeof keys)[0]];
const NOW_MS = Date.parse("2026-11-23T15:00:00.000Z");
const unsigned = (policy = POLICY): SignedPolicy => ({ policy, signatures: [] });
const both = formatPolicy([ada, bob].reduce(signPolicy, unsigned()));

function look(text: string, change: { nowMs?: number; daysMax?: number; roster?: typeof people.roster } = {}) {
  const found = checkPolicy(text, { roster: people.roster, nowMs: NOW_MS, daysMax: 7, ...change });
  return found.state === "valid" ? "valid" : found.reasons.join("; ");
}

test("signed by two persons, within its time -> valid, with their names", () => {
  const found = checkPolicy(both, { roster: people.roster, nowMs: NOW_MS, daysMax: 7 });
  expect(found).toMatchObject({ state: "valid", signers: [{ person: "ada" }, { person: "bob" }] });
});

test("written in another order of its fields it is the same policy", () => {
  const { policy, signatures } = JSON.parse(both) as SignedPolicy;
  const turned = Object.fromEntries(Object.entries(policy).reverse());
  expect(look(JSON.stringify({ signatures, policy: turned }))).toBe("valid");
});

describe("refused", () => {
  test("nobody, one person, or one person twice -> not enough persons", () => {
    expect(look(formatPolicy(unsigned()))).toContain("0 of 2");
    expect(look(formatPolicy(signPolicy(unsigned(), ada)))).toContain("1 of 2");
    const [first] = signPolicy(unsigned(), ada).signatures;
    expect(look(formatPolicy({ policy: POLICY, signatures: [first, first] as SignedPolicy["signatures"] }))).toContain(
      "1 of 2",
    );
  });
  test("a person and the policy's own key -> refused", () => {
    expect(look(formatPolicy([ada, policyKey].reduce(signPolicy, unsigned())))).toContain(
      "robot-policy is a policy key",
    );
  });
  test("two signatures and one of a stranger -> refused: nobody knows what was meant", () => {
    const stranger = { keyId: "stranger", ...generateKeyPair() };
    expect(look(formatPolicy([ada, bob, stranger].reduce(signPolicy, unsigned())))).toContain("not on the roster");
  });
  test("any one character changed -> refused", () => {
    const places = [...both.matchAll(/[0-9a-zA-Z]/g)].map(({ index }) => index);
    const good = places.filter((index) => {
      const other = both[index] === "1" ? "2" : "1";
      return look(`${both.slice(0, index)}${other}${both.slice(index + 1)}`) === "valid";
    });
    expect(good).toEqual([]);
  });
  test("before it is issued, and from its expiry on -> refused", () => {
    const at = (text: string) => look(both, { nowMs: Date.parse(text) });
    expect(at("2026-11-21T23:59:59.999Z")).toContain("issued in the future");
    expect([at("2026-11-22T00:00:00.000Z"), at("2026-11-28T23:59:59.999Z")]).toEqual(["valid", "valid"]);
    expect(at("2026-11-29T00:00:00.000Z")).toContain("expired");
  });
  test("good for longer than the configuration allows -> refused", () => {
    expect(look(both, { daysMax: 6 })).toContain("more than 6 days");
  });
  test("a signer who left the roster -> refused at once", () => {
    expect(look(both, { roster: testRoster(["ada"]).roster })).toContain("not on the roster");
  });
  test("an unknown field, no JSON, an empty list -> refused", () => {
    const { policy, signatures } = JSON.parse(both) as SignedPolicy;
    expect(look(JSON.stringify({ policy: { ...policy, note: "" }, signatures }))).toContain("policy");
    expect(look("{")).toContain("no JSON");
    expect(look(JSON.stringify({ policy: { ...policy, accounts: [] }, signatures }))).toContain("policy.accounts");
  });
});
