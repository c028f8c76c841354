import { canonicalHash } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { simulationOf } from "./costs/estimate.ts";
import { type Facts, missing } from "./facts/fact.ts";
import { judge } from "./judge.ts";
import { RULES } from "./rules/registry.ts";
import { FACTS, IN_FORCE, PRICING, TERMS } from "./test-facts.ts";

const names = Object.keys(FACTS).filter((name) => name !== "mode" && name !== "at" && name !== "agent") as Exclude<
  keyof Facts,
  "mode" | "at" | "agent"
>[];
/** Only REDUCE_ONLY needs to know these; for a level that is ACTIVE no rule asks. */
const FOR_REDUCE_ONLY = ["positions", "openOrders", "ownOrders"];

describe("ablation: each fact taken away in turn", () => {
  test.each(names.filter((name) => !FOR_REDUCE_ONLY.includes(name)))(
    "%s missing -> deny, with all rules run",
    (name) => {
      const verdict = judge(TERMS, { ...FACTS, [name]: missing("taken away") }, IN_FORCE);
      expect(verdict.outcome).toBe("deny");
      expect(verdict.rules.slice(0, -1).map(({ rule }) => rule)).toEqual(RULES.map(({ name: rule }) => rule));
    },
  );
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
