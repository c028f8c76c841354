import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { add, compare, decimal, divideRoundingUp, multiply, subtract, toText, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import { slippageOf } from "../costs/slippage.ts";
import { partsOf } from "../facts/parts.ts";
import { expectedPrice } from "../facts/prices.ts";
import { confirm, deny, pass } from "./finding.ts";
import { nbboOf } from "./nbbo.ts";
import { defineRule } from "./rule.ts";

const Bps = PositiveDecimalText.describe("Hundredths of a percent of the value at mid");
const TEN_THOUSAND = decimal("10000");
const NO_IMPACT = { missing: "half of the spread alone is counted" };

/** What the order gives away against the middle of the market by taking its far side: known before it is sent, and not by anybody's model. */
export const slippage = defineRule({
  name: "slippage",
  source: "R4",
  description: "What taking the far side of the market costs against its middle",
  formula:
    "(price at which it is taken to fill - mid) / mid in basis points, never less than 0; of a combination of the value of its legs",
  inputs: ["quote", "instrument"],
  unit: "bps",
  limits: z.strictObject({ hardBps: Bps, softBps: Bps.describe("Above this it needs a confirmation") }),
  stricter: { hardBps: "lower", softBps: "lower" },
  codes: ["QUOTE_MISSING", "QUOTE_IMPLAUSIBLE", "SLIPPAGE_TOO_HIGH"],
  limit: ({ hardBps }) => hardBps,
  judge: ({ terms, facts, limits }) => {
    let basis = ZERO;
    for (const part of partsOf(terms, facts)) {
      const nbbo = nbboOf(part);
      if ("refused" in nbbo) return nbbo.refused;
      basis = add(basis, multiply(part.quantity, nbbo.mid));
    }
    const expected = expectedPrice(terms, facts);
    const at = { multiplier: "1", impactShare: NO_IMPACT };
    const halfSpread = expected && slippageOf(terms, facts, { ...at, price: expected.price }).halfSpread;
    // With a bid and an ask of every part there is a price; who changes that is denied.
    if (halfSpread === undefined || "missing" in halfSpread)
      return deny("QUOTE_IMPLAUSIBLE", null, "no price at which it would fill");
    const scaled = multiply(halfSpread.value, TEN_THOUSAND);
    const rounded = divideRoundingUp(scaled, basis, 2);
    const bps = toText(rounded);
    const headroom = toText(subtract(decimal(limits.hardBps), rounded));
    const isAbove = (limit: string) => compare(scaled, multiply(basis, decimal(limit))) > 0;
    if (isAbove(limits.hardBps))
      return deny("SLIPPAGE_TOO_HIGH", bps, `${bps} bps against the mid; at most ${limits.hardBps}`, headroom);
    if (isAbove(limits.softBps))
      return confirm(
        "SLIPPAGE_TOO_HIGH",
        bps,
        `${bps} bps against the mid; above ${limits.softBps} it needs a confirmation`,
        headroom,
      );
    return pass(bps, `${bps} bps against the mid`, headroom);
  },
});
