import { CONFIRMATIONS_MAX } from "@countersign/contracts/order";
import type { RuleResult } from "@countersign/contracts/verdict";
import { confirmationsOf } from "@countersign/orders/confirmations";
import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { TERMS, withQuote } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { confirmations } from "./confirmations.ts";

const line = (rule: string, outcome: RuleResult["outcome"]): RuleResult => ({
  ...{ rule, outcome, code: outcome === "pass" ? null : ("SLIPPAGE_TOO_HIGH" as const) },
  ...{ limit: null, value: null, headroom: null, unit: "bps", message: "" },
});
const asking = (count: number) => Array.from({ length: count }, (_, index) => line(`soft${index}`, "confirm"));

describe("the last line of a verdict", () => {
  test("nobody asks -> pass with room for all; what passes or denies asks for nothing", () => {
    expect(confirmations([line("fine", "pass"), line("bad", "deny")])).toEqual({
      ...{ rule: "confirmations", outcome: "pass", code: null },
      ...{ limit: "3", value: "0", headroom: "3", unit: "rules", message: "none asked for" },
    });
  });
  test("as many as may be confirmed -> pass, each named", () => {
    expect(confirmations([line("fine", "pass"), ...asking(CONFIRMATIONS_MAX)])).toEqual({
      ...{ rule: "confirmations", outcome: "pass", code: null },
      ...{ limit: "3", value: "3", headroom: "0", unit: "rules", message: "soft0, soft1, soft2" },
    });
  });
  test("one more -> deny, each named", () => {
    expect(confirmations(asking(CONFIRMATIONS_MAX + 1))).toEqual({
      ...{ rule: "confirmations", outcome: "deny", code: "TOO_MANY_CONFIRMATIONS" },
      ...{ limit: "3", value: "4", headroom: "-1", unit: "rules" },
      message: "too many at once: soft0, soft1, soft2, soft3",
    });
  });
  test("a hundred of them -> no more than 200 characters", () => {
    expect(confirmations(asking(100)).message).toHaveLength(200);
  });
});

describe("of the rules that ask, by their own numbers", () => {
  const twin = { proposalId: "before", state: "WORKING" as const, price: "232", ageMs: 1_000 };
  const facts = { ...withQuote({ bid: "229.8", ask: "230.2" }), siblings: siblingsWith({ twins: [twin] }) };
  /** 8.7 bps of slippage, 1.04 of 3 % through the market, one twin of three. */
  const asked = (hardBps: string) => {
    const policy = policyWith({ slippage: { softBps: "5", hardBps } });
    const verdict = judge({ ...TERMS, limitPrice: "232.6" } as typeof TERMS, facts, { policy, hash: "a".repeat(64) });
    return confirmationsOf(verdict).map(({ rule }) => rule);
  };
  test("the one that is nearest to its hard limit comes first", () => {
    expect(asked("10")).toEqual(["slippage", "priceCollar", "duplicateOrder"]);
    expect(asked("25.5")).toEqual(["priceCollar", "slippage", "duplicateOrder"]);
  });
});
