import type { Alternative } from "@countersign/contracts/alternatives";
import { Modifies, OrderTerms } from "@countersign/contracts/order";
import { add, compare, decimal, subtract, toText } from "@countersign/money/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../facts/fact.ts";
import { missing } from "../facts/fact.ts";
import { judge } from "../judge.ts";
import { FACTS, TERMS, withFact, withQuote } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";
import { countersWith, siblingsWith } from "../testing/test-counts.ts";
import { alternativesTo } from "./alternatives.ts";

const HASH = "a".repeat(64);
const usd = (amount: string) => ({ amount, currency: "USD" });
const order = (change: object): OrderTerms => OrderTerms.parse({ ...TERMS, ...change });

type Denied = Parameters<typeof alternativesTo>[2];
interface Given {
  readonly facts?: Facts;
  readonly limits?: Record<string, object>;
}

function explained(
  terms: OrderTerms,
  { facts = FACTS, limits = {}, ...asked }: Partial<Pick<Denied, "twinsOf" | "modifies">> & Given = {},
) {
  const inForce = { policy: policyWith(limits), hash: HASH };
  const judged = (one: OrderTerms) => judge(one, facts, inForce);
  return {
    judged,
    found: alternativesTo(terms, facts, { twinsOf: () => [], ...asked, inForce, verdict: judged(terms) }),
  };
}
const valueOfAlternative = (one: Alternative | undefined) =>
  one !== undefined && "value" in one ? one.value : undefined;
const noneOf = (one: Alternative | undefined) => (one !== undefined && "none" in one ? one.none : undefined);

describe("of an order that is denied", () => {
  test("for its quantity -> the limit itself, and no price helps", () => {
    const { found } = explained(order({ quantity: "30" }), { limits: { maxOrderQuantity: { max: "20" } } });
    expect(found?.quantity).toEqual({ value: "20", subjectToWhatIf: true });
    expect(noneOf(found?.limitPrice)).toContain("maxOrderQuantity");
  });
  test("for its value -> the most shares whose worst price fits", () => {
    const { found, judged } = explained(order({ quantity: "90" }));
    expect(valueOfAlternative(found?.quantity)).toBe("43");
    expect(judged(order({ quantity: "43" })).outcome).toBe("pass");
    expect(judged(order({ quantity: "44" })).outcome).toBe("deny");
  });
  test("for half a share -> the whole ones below it", () => {
    expect(explained(order({ quantity: "10.5" })).found?.quantity).toMatchObject({ value: "10" });
  });
  test("for a price between two ticks -> the nearer tick", () => {
    expect(explained(order({ limitPrice: "230.004" })).found?.limitPrice).toMatchObject({ value: "230" });
    expect(explained(order({ limitPrice: "230.007" })).found?.limitPrice).toMatchObject({ value: "230.01" });
  });
  test("for a limit far above the market -> the highest limit that passes", () => {
    const { found, judged } = explained(order({ quantity: "40", limitPrice: "400" }));
    const price = valueOfAlternative(found?.limitPrice) ?? "";
    expect(Number(price)).toBeGreaterThan(230);
    expect(judged(order({ quantity: "40", limitPrice: price })).outcome).toBe("pass");
    const nearer = toText(add(decimal(price), decimal("0.01")));
    expect(judged(order({ quantity: "40", limitPrice: nearer })).outcome).toBe("deny");
  });
  test("by the closed market -> neither, and the reason names the rule", () => {
    const { found } = explained(TERMS, { facts: withFact("session", { state: "closed", session: "none" }) });
    expect(noneOf(found?.quantity)).toContain("marketOpen");
    expect(noneOf(found?.limitPrice)).toContain("marketOpen");
  });
  test("only by the broker's what-if -> neither, and it says so instead of scaling", () => {
    const { found } = explained(TERMS, { facts: withFact("whatIf", { equityWithLoanAfter: "0" }) });
    expect(noneOf(found?.quantity)).toContain("what-if");
    expect(noneOf(found?.limitPrice)).toContain("what-if");
  });
  test("by a fact that is too old, beside its quantity -> neither, and the rule is named", () => {
    const old = { ...FACTS.summary, asOf: "2026-11-23T14:00:00.000Z" };
    const { found } = explained(order({ quantity: "90" }), { facts: { ...FACTS, summary: old } as Facts });
    expect(noneOf(found?.quantity)).toContain("factAge");
    expect(noneOf(found?.limitPrice)).toContain("factAge");
  });
  test("by a fact with a number that is none, alone -> neither, and the rule is named instead of the what-if", () => {
    const { found } = explained(TERMS, { facts: withFact("summary", { maintenanceMargin: usd("-1") }) });
    expect(noneOf(found?.quantity)).toContain("soundFacts");
    expect(noneOf(found?.limitPrice)).toContain("soundFacts");
  });
  test("by a what-if that is too old -> neither, and it says so", () => {
    const old = { ...FACTS.whatIf, asOf: "2026-11-23T14:00:00.000Z" };
    const { found } = explained(TERMS, { facts: { ...FACTS, whatIf: old } as Facts });
    expect(noneOf(found?.quantity)).toContain("what-if");
  });
  test("for less than the smallest order -> that is named, and not the what-if", () => {
    const { found } = explained(order({ quantity: "0.5" }));
    expect(noneOf(found?.quantity)).toBe("the smallest order is 1, more than was asked for");
  });
  test("without a quote or an instrument -> neither, and no crash", () => {
    for (const name of ["quote", "instrument", "summary", "rate"] as const) {
      const { found } = explained(TERMS, { facts: { ...FACTS, [name]: missing("taken away") } });
      expect(noneOf(found?.quantity)).toBeDefined();
    }
  });
  test("a market order has no limit price", () => {
    const { found } = explained(order({ orderType: "MKT", limitPrice: null, quantity: "90" }));
    expect(noneOf(found?.limitPrice)).toBe("the order has no limit price");
  });
});

describe("of one that there was before", () => {
  const twin = (proposalId: string) => ({ proposalId, state: "WORKING" as const, price: "230", ageMs: 1_000 });
  const four = ["a", "b", "c", "d"].map(twin);
  test("denied as a duplicate -> another quantity, which is like no other", () => {
    const { found } = explained(TERMS, { facts: { ...FACTS, siblings: siblingsWith({ twins: four }) } });
    expect(valueOfAlternative(found?.quantity)).toBe("9");
  });
  test("the largest quantity would be a duplicate itself -> the one below it", () => {
    const twinsOf = ({ quantity }: OrderTerms) => (quantity === "20" ? four : []);
    const { found } = explained(order({ quantity: "30" }), { limits: { maxOrderQuantity: { max: "20" } }, twinsOf });
    expect(valueOfAlternative(found?.quantity)).toBe("19");
  });
});

describe("of a change of an open order", () => {
  const modifies = (filledQuantity: string, quantity = "20") =>
    Modifies.parse({
      ...{ proposalId: `prop_${"a".repeat(26)}`, orderRef: `cs1.${"a".repeat(20)}`, before: order({ quantity }) },
      atBroker: {
        ...{ asOf: FACTS.at, status: "Submitted", quantity, filledQuantity, limitPrice: "230", timeInForce: "DAY" },
      },
    });
  const changed = (filledQuantity: string, max: string, terms = order({ quantity: "30" })) =>
    explained(terms, {
      facts: {
        ...FACTS,
        replaces: { proposalId: "x", quantity: "20", filledQuantity },
        counters: countersWith({ replaced: "0" }),
      },
      limits: { maxOrderQuantity: { max } },
      modifies: modifies(filledQuantity),
    }).found;
  test("never as little as is executed already", () => {
    expect(valueOfAlternative(changed("17", "18")?.quantity)).toBe("18");
    expect(noneOf(changed("17", "17")?.quantity)).toContain("maxOrderQuantity");
  });
  test("what it has already is no answer, and is named", () => {
    expect(noneOf(changed("0", "20")?.quantity)).toBe("20 would pass, but: The change changes nothing.");
  });
});

test("an order that passes has no alternatives", () => {
  expect(explained(TERMS).found).toBeUndefined();
});

describe("for any order, limits and quote", () => {
  const cents = (min: number, most: number) =>
    fc.integer({ min, max: most }).map((value) => toText(decimal((value / 100).toFixed(2))));
  const given = fc.record({
    quantity: fc.integer({ min: 1, max: 3_000 }).map(String),
    limitPrice: cents(1, 60_000),
    side: fc.constantFrom("BUY", "SELL"),
    bid: fc.integer({ min: 2_000, max: 30_000 }),
    spread: fc.integer({ min: 1, max: 50 }),
    quantityMax: fc.integer({ min: 1, max: 2_000 }).map(String),
    amount: fc.integer({ min: 100, max: 10_000 }).map(String),
  });
  test("what is said passes, and one step more is denied", () => {
    fc.assert(
      fc.property(given, ({ quantity, limitPrice, side, bid, spread, quantityMax, amount }) => {
        const facts = withQuote({ bid: (bid / 100).toFixed(2), ask: ((bid + spread) / 100).toFixed(2) });
        const limits = {
          maxOrderQuantity: { max: quantityMax },
          maxOrderNotional: { max: { amount, currency: "USD" } },
        };
        const asked = order({ quantity, limitPrice, side });
        const { found, judged } = explained(asked, { facts, limits });
        const size = valueOfAlternative(found?.quantity);
        if (size !== undefined) {
          expect(judged({ ...asked, quantity: size } as OrderTerms).outcome).toBe("pass");
          const more = toText(add(decimal(size), decimal("1")));
          expect(judged({ ...asked, quantity: more } as OrderTerms).outcome).toBe("deny");
        }
        const price = valueOfAlternative(found?.limitPrice);
        if (price === undefined) return;
        expect(judged({ ...asked, limitPrice: price } as OrderTerms).outcome).toBe("pass");
        const up = compare(decimal(limitPrice), decimal(price)) > 0;
        const nearer = toText((up ? add : subtract)(decimal(price), decimal("0.01")));
        expect(judged({ ...asked, limitPrice: nearer } as OrderTerms).outcome).toBe("deny");
      }),
      { numRuns: 60 },
    );
  });
});
