import type { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { offer } from "../testing/resting-cases.ts";
import { resultOf } from "./rule.ts";
import { selfTrade } from "./self-trade.ts";

/** What the rule says of a pegged order 10 from the near touch, and of one of ours on the other side. */
function judged(side: "BUY" | "SELL", nearest: string) {
  const { limitPrice: _, ...plain } = TERMS as OrderTerms & { limitPrice: string };
  const terms = { ...plain, side, orderType: "REL", offset: "10" } as OrderTerms;
  const facts = { ...FACTS, ...offer(nearest).facts };
  const limits = { untriggered: true, coolDownSeconds: 0 };
  return resultOf(selfTrade, { terms, facts, policy: POLICY, limits }).code;
}

test("a pegged bid goes 10 above the best bid of 229.98, past the ask, to an offer of ours", () => {
  expect(judged("BUY", "239.98")).toBe("SELF_TRADE");
  expect(judged("BUY", "239.99")).toBeNull();
});

test("a pegged offer goes 10 below the best ask of 230.02, past the bid, to a bid of ours", () => {
  expect(judged("SELL", "220.02")).toBe("SELF_TRADE");
  expect(judged("SELL", "220.01")).toBeNull();
});
