import { CurrencyCode, DecimalText } from "@countersign/contracts/primitives";
import { add, compare, decimal, isZero, roundUp, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import { spendingOf } from "../facts/book/spending.ts";
import { deny, pass } from "./finding.ts";
import { onlyReducesBook } from "./only-reduces-book.ts";
import { defineRule } from "./rule.ts";

const Money = z.strictObject({ amount: DecimalText, currency: CurrencyCode });

/**
 * By our own reckoning, beside the broker's what-if, which does not know what else is on its way. Who buys back what was sold
 * short is not held up by a lack of either: the more such a position loses, the less there is to close it with.
 */
export const cash = defineRule({
  name: "cash",
  source: "control 13",
  description: "Cash and buying power left when this and every other working purchase is filled",
  formula:
    "total cash - all purchases >= cashMin; buying power - all purchases >= buyingPowerMin; or the order only reduces",
  inputs: ["summary", "book", "working", "instrument", "quote", "rate"],
  unit: "base currency",
  limits: z.strictObject({
    cashMin: Money.describe("Below zero: so much may be borrowed"),
    buyingPowerMin: Money,
  }),
  stricter: { cashMin: "higher", buyingPowerMin: "higher" },
  codes: ["CASH_UNKNOWN", "CASH_INSUFFICIENT", "BUYING_POWER_INSUFFICIENT"],
  limit: ({ cashMin, buyingPowerMin }) => `${cashMin.amount} / ${buyingPowerMin.amount}`,
  judge: ({ terms, facts, limits }) => {
    const { summary } = facts;
    if (summary.state === "missing") return deny("CASH_UNKNOWN", null, summary.reason);
    const found = spendingOf(terms, facts);
    if ("missing" in found) return deny("CASH_UNKNOWN", null, found.missing);
    const { totalCash, buyingPower } = summary.value;
    const currencies = [totalCash, buyingPower, limits.cashMin, limits.buyingPowerMin].map((one) => one.currency);
    if (new Set(currencies).size > 1) return deny("CASH_UNKNOWN", null, `in ${[...new Set(currencies)].join(", ")}`);
    const all = roundUp(add(found.spent, found.byOrder), 2);
    const left = subtract(decimal(totalCash.amount), all);
    const power = subtract(decimal(buyingPower.amount), all);
    const headroom = toText(subtract(left, decimal(limits.cashMin.amount)));
    if (isZero(found.byOrder)) return pass(toText(left), "the order takes no cash", headroom);
    const isShort = compare(left, decimal(limits.cashMin.amount)) < 0;
    if (!isShort && compare(power, decimal(limits.buyingPowerMin.amount)) >= 0)
      return pass(toText(left), "of cash left", headroom);
    if (onlyReducesBook(terms, facts)) return pass(toText(left), "of cash left; the order only reduces");
    if (isShort) {
      const message = `${toText(left)} ${totalCash.currency} of cash would be left; at least ${limits.cashMin.amount}`;
      return deny("CASH_INSUFFICIENT", toText(left), message, headroom);
    }
    const message = `buying power of ${toText(power)} would be left; at least ${limits.buyingPowerMin.amount}`;
    const short = toText(subtract(power, decimal(limits.buyingPowerMin.amount)));
    return deny("BUYING_POWER_INSUFFICIENT", toText(power), message, short);
  },
});
