import { canonicalHash } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { simulationOf } from "./costs/estimate.ts";
import { type Facts, missing } from "./facts/fact.ts";
import { judge, limitsOf, reasonsOf } from "./judge.ts";
import { RiskPolicy } from "./policy.ts";
import { RULES } from "./rules/registry.ts";
import type { Rule } from "./rules/rule.ts";
import { FACTS, IN_FORCE, POLICY, PRICING, TERMS } from "./test-facts.ts";

const names = Object.keys(FACTS).filter((name) => name !== "mode" && name !== "at" && name !== "agent") as Exclude<
  keyof Facts,
  "mode" | "at" | "agent"
>[];
/** Only REDUCE_ONLY needs to know these; for a level that is ACTIVE no rule asks. */
const FOR_REDUCE_ONLY = ["positions", "openOrders", "ownOrders"];
/** Only a short sale needs it, where the policy wants shares to be there; the tests of shortSale show that. */
const FOR_SHORT_SALES = ["shortable"];
const ALWAYS = names.filter((name) => ![...FOR_REDUCE_ONLY, ...FOR_SHORT_SALES].includes(name));

describe("ablation: each fact taken away in turn", () => {
  test.each(ALWAYS)("%s missing -> deny, with all rules run", (name) => {
    const verdict = judge(TERMS, { ...FACTS, [name]: missing("taken away") }, IN_FORCE);
    expect(verdict.outcome).toBe("deny");
    expect(verdict.rules.slice(0, -1).map(({ rule }) => rule)).toEqual(RULES.map(({ name: rule }) => rule));
  });
  test.each(FOR_REDUCE_ONLY)("%s missing under REDUCE_ONLY -> deny", (name) => {
    const kill = { ...FACTS.kill, value: { level: "REDUCE_ONLY", reason: "test" } } as Facts["kill"];
    const verdict = judge({ ...TERMS, side: "SELL" }, { ...FACTS, kill, [name]: missing("taken away") }, IN_FORCE);
    expect(verdict.outcome).toBe("deny");
  });
  test("all facts missing -> deny, and no rule crashes", () => {
    const none = Object.fromEntries(names.map((name) => [name, missing("taken away")]));
    const verdict = judge(TERMS, { ...FACTS, ...none }, IN_FORCE);
    expect(verdict.rules.filter((rule) => rule.outcome === "deny").length).toBeGreaterThanOrEqual(7);
  });
});

describe("a verdict", () => {
  test("says which policy judged which inputs and when, and names every rule with its outcome", () => {
    const { rules, ...verdict } = judge(TERMS, FACTS, IN_FORCE);
    expect(verdict).toEqual({
      ...{ type: "countersign.verdict/2", outcome: "pass", policyHash: "a".repeat(64), judgedAt: FACTS.at },
      inputsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(rules.map(({ outcome }) => outcome)).toEqual(Array(RULES.length + 1).fill("pass"));
  });
  test("one rule of all denies -> deny, and the reasons are those of that rule", () => {
    const verdict = judge({ ...TERMS, quantity: "100.5" }, FACTS, IN_FORCE);
    const denied = verdict.rules.filter(({ outcome }) => outcome === "deny");
    expect([verdict.outcome, denied.length > 1]).toEqual(["deny", true]);
    expect(reasonsOf(verdict)).toBe(denied.map(({ code, message }) => `${code} (${message})`).join("; "));
    expect(reasonsOf(judge(TERMS, FACTS, IN_FORCE))).toBe("");
  });
  test("a rule without limits is given null, whatever the policy says of others", () => {
    const seen: unknown[] = [];
    const watched = (rule: Rule): Rule => ({
      ...rule,
      judge: (input) => {
        seen.push(input.limits);
        return rule.judge(input);
      },
    });
    judge(TERMS, FACTS, IN_FORCE, RULES.map(watched));
    expect(seen).toEqual(RULES.map(({ name, limits }) => (limits === null ? null : POLICY.rules[name])));
  });
});

describe("the limits for an order", () => {
  const inForce = (when: object) => {
    const overrides = [{ when, rules: { maxOrderQuantity: { max: "5" } } }];
    return { policy: RiskPolicy.parse({ ...POLICY, overrides }), hash: "b".repeat(64) };
  };
  const max = (when: object, facts = FACTS, terms = TERMS) =>
    (limitsOf(terms, facts, inForce(when)).maxOrderQuantity as { max: string }).max;
  test.each([
    [{ mode: "simulator" }, { mode: "paper" }],
    [{ account: "DU1234567" }, { account: "DU7654321" }],
    [{ agent: "agent-1" }, { agent: "agent-2" }],
    [{ conids: [1, 265598] }, { conids: [1, 2] }],
    [{ secType: "STK" }, { secType: "OPT" }],
  ])("an override for %o is for it, one for %o is not", (own, other) => {
    expect([max(own), max(other)]).toEqual(["5", "100"]);
  });
  test("the kind of an instrument that is not known is none", () => {
    expect(max({ secType: "STK" }, { ...FACTS, instrument: missing("none") })).toBe("100");
  });
});

describe("determinism", () => {
  test("the same inputs give the same bytes", () => {
    const verdict = judge(TERMS, FACTS, IN_FORCE);
    expect(canonicalHash(verdict)).toBe(canonicalHash(judge(structuredClone(TERMS), structuredClone(FACTS), IN_FORCE)));
  });
  test("another fact gives another hash of the inputs", () => {
    const other = judge(TERMS, { ...FACTS, at: "2026-11-23T15:00:00.001Z" }, IN_FORCE);
    expect(other.inputsHash).not.toBe(judge(TERMS, FACTS, IN_FORCE).inputsHash);
  });
});

describe("cost estimate", () => {
  test("BUY 10 at limit 230, ask 230.02: price 230, commission 1.00, cash after", () => {
    expect(simulationOf(TERMS, FACTS, PRICING).estimate).toMatchObject({
      price: { amount: "230", currency: "USD" },
      notional: { amount: "2300.2", currency: "USD" },
      commission: { amount: "1", currency: "USD" },
      positionBefore: "0",
      positionAfter: "10",
      cashAfter: { amount: "97699", currency: "USD" },
    });
  });
  test("a market order pays the far touch", () => {
    const terms = { ...TERMS, orderType: "MKT", limitPrice: null } as const;
    expect(simulationOf(terms, FACTS, PRICING).estimate).toMatchObject({
      price: { amount: "230.02" },
      halfSpread: { amount: "0.2" },
    });
  });
  test("no quote -> missing with its reason, no invented price", () => {
    expect(simulationOf(TERMS, { ...FACTS, quote: missing("none") }, PRICING).estimate).toEqual({
      missing: "quote: none",
    });
  });
});
