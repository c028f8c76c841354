import { ManualClock } from "@countersign/clock/manual-clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { Mode } from "@countersign/contracts/mode";
import type { RiskPolicyEntry, SignedRiskPolicy } from "@countersign/contracts/risk-policy";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { riskPolicyDocument, signRiskPolicy } from "@countersign/roster/risk-policy-file";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { describe, expect, test } from "vitest";
import { policyWith } from "../test-policy.ts";
import { LivePolicy } from "./live-policy.ts";
import { openPolicyLog } from "./policy-log.ts";

const robot = { keyId: "robot-policy", ...generateKeyPair() };
const PEOPLE = testRoster(
  ["ada", "bob"],
  [{ person: "robot", keys: [{ keyId: robot.keyId, kind: "policy", publicKey: robot.publicKey }] }],
);
const policyOf = (version: number, max = "100") => ({ ...policyWith({ maxOrderQuantity: { max } }), version });

/** The log of one subject, with the server's compare-and-swap. */
class MemoryLog {
  readonly entries: RiskPolicyEntry[] = [];
  readonly bus = {
    append: async (
      _: unknown,
      __: unknown,
      body: RiskPolicyEntry,
      { expectedSequence }: { expectedSequence?: number },
    ) => {
      if (expectedSequence !== this.entries.length) return { outcome: "conflict" };
      this.entries.push(structuredClone(body));
      return { outcome: "appended", sequence: this.entries.length, duplicate: false };
    },
    readLast: async () => this.entries.at(-1) && { sequence: this.entries.length, body: this.entries.at(-1) },
    readSubject: async () => this.entries.map((body, index) => ({ sequence: index + 1, body: structuredClone(body) })),
  } as unknown as Parameters<typeof openPolicyLog>[0];
}

async function gateOn(memory: MemoryLog, options: { mode?: Mode; roster?: typeof PEOPLE.roster; at?: string } = {}) {
  const { mode = "simulator", roster = PEOPLE.roster, at = "2026-11-20T10:00:00.000Z" } = options;
  const clock = new ManualClock(Date.parse(at));
  const records: AuditEntry[] = [];
  const log = await openPolicyLog(memory.bus, mode);
  let auditUp = true;
  const audit = async (entry: AuditEntry) => {
    if (!auditUp) throw new Error("the audit is away");
    records.push(entry);
  };
  const live = new LivePolicy({ log, clock, mode, roster, audit, onFailed: () => undefined });
  const hand = async (policy: object, ...persons: string[]) => {
    const document = riskPolicyDocument(mode, policy as never);
    const unsigned: SignedRiskPolicy = { document, signatures: [] };
    const keys = persons.map((person) => (person === "robot" ? robot : PEOPLE.keyOf(person)));
    return handSigned(keys.reduce(signRiskPolicy, unsigned));
  };
  const handSigned = async (signed: SignedRiskPolicy) => {
    const answer = await live.handIn({ signed, operator: "ada", reason: "test" });
    return answer.outcome === "ok" ? answer.value.outcome : answer.denial.code;
  };
  return { live, log, clock, records, hand, handSigned, auditAway: () => (auditUp = false) };
}

/** A gate of a simulator in which version 1 is in force. */
async function installed() {
  const memory = new MemoryLog();
  const gate = await gateOn(memory);
  expect(await gate.hand(policyOf(1), "ada")).toBe("activated");
  return { memory, ...gate };
}

describe("the first policy", () => {
  test("none yet -> nothing is in force, and it says so", async () => {
    const { live } = await gateOn(new MemoryLog());
    expect(live.faults()).toEqual(["no risk policy was ever put in force"]);
    expect(() => live.policy).toThrow("no risk policy is in force");
    expect(() => live.status()).toThrow("no risk policy is in force");
  });
  test("of a simulator one person signs; elsewhere two", async () => {
    expect(await (await gateOn(new MemoryLog())).hand(policyOf(1), "ada")).toBe("activated");
    const paper = await gateOn(new MemoryLog(), { mode: "paper" });
    expect(await paper.hand(policyOf(1), "ada")).toBe("awaitsAnother");
    expect(paper.live.faults()).not.toEqual([]);
    expect(await paper.hand(policyOf(1), "bob")).toBe("activated");
    expect(paper.live.faults()).toEqual([]);
  });
  test("in force -> policy, hash and status are its own, and the audit had it first", async () => {
    const { live, records, memory } = await installed();
    expect(live.policy.version).toBe(1);
    expect(live.hash).toBe(memory.entries[0]?.hash);
    expect(live.status()).toMatchObject({ inForce: { version: 1, signers: ["ada"], reason: "test" }, waiting: null });
    expect(records).toMatchObject([{ kind: "riskPolicy.changed", body: { event: "activated/1", version: 1 } }]);
  });
});

describe("the next policy", () => {
  test("signed ten times over by one -> the other's signature still has its place, and the log holds", async () => {
    const { memory, live, hand, handSigned } = await installed();
    const document = riskPolicyDocument("simulator", policyOf(2, "101") as never);
    const once = signRiskPolicy({ document, signatures: [] }, PEOPLE.keyOf("ada"));
    const again = Array.from({ length: 10 }, () => once.signatures[0]).filter((one) => one !== undefined);
    expect(await handSigned({ document, signatures: again })).toBe("awaitsAnother");
    expect(await hand(policyOf(2, "101"), "bob")).toBe("activated");
    expect(live.policy.version).toBe(2);
    expect((await gateOn(memory)).live.policy.version).toBe(2);
  });
  test("only stricter -> one person is enough", async () => {
    const { live, hand } = await installed();
    expect(await hand(policyOf(2, "99"), "bob")).toBe("activated");
    expect(live.policy.rules.maxOrderQuantity).toEqual({ max: "99" });
  });
  test("looser -> the first signature changes nothing, another person's does", async () => {
    const { live, hand, records } = await installed();
    expect(await hand(policyOf(2, "101"), "ada")).toBe("awaitsAnother");
    expect(live.policy.version).toBe(1);
    expect(live.status().waiting).toMatchObject({
      version: 2,
      signers: ["ada"],
      until: "2026-11-21T10:00:00.000Z",
      changes: [{ path: "rules.maxOrderQuantity.max", effect: "looser", before: '"100"', after: '"101"' }],
    });
    expect(await hand(policyOf(2, "101"), "ada")).toBe("RISK_POLICY_NEEDS_ANOTHER_PERSON");
    expect(await hand(policyOf(2, "101"), "bob")).toBe("activated");
    expect(live.status()).toMatchObject({ inForce: { version: 2, signers: ["ada", "bob"] }, waiting: null });
    expect(records.map(({ body }) => body.event)).toEqual(["activated/1", "signed/1", "activated/1"]);
  });
  test("looser, with two signatures at once -> in force", async () => {
    const { hand } = await installed();
    expect(await hand(policyOf(2, "101"), "ada", "bob")).toBe("activated");
  });
  test("signatures under two different policies are not two under one", async () => {
    const { live, hand } = await installed();
    expect(await hand(policyOf(2, "101"), "ada")).toBe("awaitsAnother");
    expect(await hand(policyOf(2, "102"), "bob")).toBe("awaitsAnother");
    expect(await hand(policyOf(2, "101"), "bob")).toBe("awaitsAnother");
    expect(live.policy.version).toBe(1);
  });
  test("a first signature counts for 24 hours, and only while its person stands on the roster", async () => {
    const { memory, hand } = await installed();
    await hand(policyOf(2, "101"), "ada");
    const without = testRoster([]).roster;
    const bobOnly = {
      status: PEOPLE.roster.status,
      keyOf: (id: string) => (id === "bob-session" ? PEOPLE.roster.keyOf(id) : undefined),
    };
    const other = await gateOn(memory, { roster: { ...without, ...bobOnly } });
    expect(await other.hand(policyOf(2, "101"), "bob")).toBe("awaitsAnother");
    const again = await gateOn(memory, { at: "2026-11-21T10:00:00.000Z" });
    expect(again.live.status().waiting).toBeNull();
    expect(await again.hand(policyOf(2, "101"), "ada")).toBe("awaitsAnother");
  });
  test.each([
    ["the same version", policyOf(1, "50"), ["ada", "bob"], "RISK_POLICY_OLD"],
    ["an older version", policyOf(1), ["ada", "bob"], "RISK_POLICY_OLD"],
    ["nobody's signature", policyOf(2), [], "RISK_POLICY_INVALID"],
    ["the key of a standing policy", policyOf(2), ["ada", "robot"], "RISK_POLICY_INVALID"],
    ["an unknown key in it", { ...policyOf(2), x: 1 }, ["ada", "bob"], "RISK_POLICY_INVALID"],
  ])("%s -> %s", async (_, policy, persons, code) => {
    const { live, hand, memory } = await installed();
    expect(await hand(policy, ...persons)).toBe(code);
    expect([live.policy.version, memory.entries.length]).toEqual([1, 1]);
  });
  test("a signature under other bytes, or a document of another mode -> RISK_POLICY_INVALID", async () => {
    const { handSigned } = await installed();
    const signedFor = (mode: Mode) =>
      signRiskPolicy({ document: riskPolicyDocument(mode, policyOf(2) as never), signatures: [] }, PEOPLE.keyOf("ada"));
    expect(
      await handSigned({ ...signedFor("simulator"), document: riskPolicyDocument("simulator", policyOf(3) as never) }),
    ).toBe("RISK_POLICY_INVALID");
    expect(await handSigned(signedFor("live"))).toBe("RISK_POLICY_INVALID");
  });
  test("an audit that is away -> nothing is in force that is not on the record", async () => {
    const { live, hand, auditAway, memory } = await installed();
    auditAway();
    await expect(hand(policyOf(2, "50"), "ada")).rejects.toThrow("the audit is away");
    expect([live.policy.version, memory.entries.length]).toEqual([1, 1]);
  });
});

describe("the log decides", () => {
  test("after a restart the last one is in force, and an old one never again", async () => {
    const { memory, hand } = await installed();
    await hand(policyOf(5, "50"), "ada");
    const later = await gateOn(memory);
    expect(later.live.policy.version).toBe(5);
    expect(await later.hand(policyOf(4, "10"), "ada", "bob")).toBe("RISK_POLICY_OLD");
  });
  test("two gates: what one puts in force the other knows within a second", async () => {
    const { memory, hand } = await installed();
    const other = await gateOn(memory);
    await hand(policyOf(2, "50"), "ada");
    expect(other.live.policy.version).toBe(1);
    await other.log.fresh();
    expect(other.live.policy.version).toBe(2);
  });
  test("two stricter ones at once -> the second is judged against the first", async () => {
    const { memory, hand } = await installed();
    const other = await gateOn(memory);
    await hand(policyOf(2, "50"), "ada");
    // Stricter than version 1, looser than version 2: signed by one person it waits.
    expect(await other.hand(policyOf(3, "60"), "bob")).toBe("awaitsAnother");
  });
  test("a policy that this version cannot read -> not in force, every fault named, and a newer one can follow", async () => {
    const { memory } = await installed();
    const gate = await gateOn(memory);
    const foreign = { ...policyOf(2), rules: { ...policyOf(2).rules, ruleOfTomorrow: {} } };
    const document = riskPolicyDocument("simulator", foreign as never);
    const ada = PEOPLE.keyOf("ada");
    memory.entries.push({
      ...(memory.entries[0] as RiskPolicyEntry & { type: "activated/1" }),
      ...{ version: 2, hash: canonicalHash(foreign), previous: memory.entries[0]?.hash ?? "" },
      signed: {
        document,
        signatures: [{ keyId: ada.keyId, signature: sign(ada.privateKeyPem, canonicalJson(document)) }],
      },
    });
    await gate.log.fresh();
    expect(gate.live.faults()).toEqual(['rules: Unrecognized key: "ruleOfTomorrow"']);
    expect(() => gate.live.hash).toThrow("ruleOfTomorrow");
    expect(await gate.hand(policyOf(3), "ada")).toBe("activated");
    expect(gate.live.faults()).toEqual([]);
  });

  const entries = async () => {
    const { memory, hand } = await installed();
    await hand(policyOf(2, "101"), "ada", "bob");
    return memory.entries;
  };
  test.each<[string, (entry: RiskPolicyEntry) => object]>([
    [
      "the limits of it",
      ({ signed }) => ({ signed: { ...signed, document: { ...signed.document, policy: policyOf(2, "9999") } } }),
    ],
    ["one of two signatures", ({ signed }) => ({ signed: { ...signed, signatures: signed.signatures.slice(1) } })],
    ["a signer", ({ signers }) => ({ signers: signers.slice(1) })],
    ["who a signer is", ({ signers }) => ({ signers: signers.map((one) => ({ ...one, person: "ada" })) })],
    ["its version", () => ({ version: 3 })],
    ["its mode", ({ signed }) => ({ signed: { ...signed, document: { ...signed.document, mode: "live" } } })],
    ["the one before it", () => ({ previous: null })],
  ])("an entry of which %s was changed -> the log does not hold, and no gate opens on it", async (_, change) => {
    const memory = new MemoryLog();
    const [first, second] = await entries();
    if (first === undefined || second === undefined) throw new Error("two entries");
    memory.entries.push(first, { ...second, ...change(second) } as RiskPolicyEntry);
    await expect(gateOn(memory)).rejects.toThrow("does not hold");
  });
  test.each([1, 2])("version %i, well signed, after version 2 -> the log does not hold", async (version) => {
    const memory = new MemoryLog();
    const [first, second] = await entries();
    if (first === undefined || second === undefined) throw new Error("two entries");
    const document = riskPolicyDocument("simulator", policyOf(version, "50") as never);
    const people = [PEOPLE.keyOf("ada"), PEOPLE.keyOf("bob")];
    const signed = people.reduce(signRiskPolicy, { document, signatures: [] } as SignedRiskPolicy);
    const old = { ...second, version, hash: canonicalHash(document.policy), previous: second.hash, signed };
    memory.entries.push(first, second, old);
    await expect(gateOn(memory)).rejects.toThrow("not higher");
  });
});
