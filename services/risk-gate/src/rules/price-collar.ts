import { PercentText, type Side } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { PositiveDecimalText } from "@countersign/contracts/primitives";
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  min,
  multiply,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import * as z from "zod";
import { type Part, partsOf } from "../facts/parts.ts";
import { confirm, deny, type Finding, pass } from "./finding.ts";
import { type Nbbo, nbboOf } from "./nbbo.ts";
import { measuredPrices, waitingEntry } from "./order-prices.ts";
import { exceedsPercent, percentOf } from "./percent.ts";
import { defineRule, type RuleInput } from "./rule.ts";
import { tightest } from "./share-of-value.ts";

const HUNDRED = decimal("100");

const Limits = z
  .strictObject({
    liquidPercent: PercentText.describe("How far through the market a limit may be, where the spread is narrow"),
    otherPercent: PercentText.describe("The same where it is not"),
    optionPercent: PercentText.describe("The same of options"),
    liquidSpreadPercent: PercentText.describe("A spread of at most so much of the mid is narrow"),
    softPercent: PercentText.describe("Further through than this needs a confirmation"),
    awayPercent: PositiveDecimalText.describe("How far from the market a price may be that waits for it"),
  })
  .refine(
    ({ softPercent, liquidPercent, otherPercent, optionPercent }) =>
      [liquidPercent, otherPercent, optionPercent].every((hard) => compare(decimal(softPercent), decimal(hard)) <= 0),
    "softPercent must not be beyond a hard one: nobody would ever be asked",
  )
  // Which spread is narrow has a stricter side only as long as this holds.
  .refine(
    ({ liquidPercent, otherPercent }) => compare(decimal(liquidPercent), decimal(otherPercent)) <= 0,
    "a narrow spread must not have the wider collar: liquidPercent is above otherPercent",
  );
type Limits = z.infer<typeof Limits>;

/** One typed digit too many is worth more than any spread. */
export const priceCollar = defineRule({
  name: "priceCollar",
  source: "control 1",
  description: "Every price of the order lies within a band around the best bid and ask",
  formula:
    "BUY: (limit - ask) / ask, SELL: (bid - limit) / bid, at most the percent of the class; a limit behind a stop or trigger is measured against that; of a pegged order without a limit the near touch and its offset; stops, triggers and patient limits at most awayPercent from the market; exits against an entry that waits; of a combination against the far touches, in percent of the value of its legs",
  inputs: ["quote", "instrument"],
  unit: "percent",
  limits: Limits,
  stricter: {
    ...{ liquidPercent: "lower", otherPercent: "lower", optionPercent: "lower" },
    ...{ liquidSpreadPercent: "higher", softPercent: "lower", awayPercent: "lower" },
  },
  codes: ["QUOTE_MISSING", "QUOTE_IMPLAUSIBLE", "PRICE_COLLAR"],
  limit: ({ liquidPercent, otherPercent, optionPercent }) =>
    `${liquidPercent} (liquid), ${otherPercent}, ${optionPercent} (options)`,
  judge: (input) => {
    const markets: { part: Part; nbbo: Nbbo }[] = [];
    for (const part of partsOf(input.terms, input.facts)) {
      const nbbo = nbboOf(part);
      if ("refused" in nbbo) return nbbo.refused;
      markets.push({ part, nbbo });
    }
    const hard = toText(markets.map((one) => decimal(hardPercent(one, input.limits))).reduce(min, HUNDRED));
    const found = pricesAgainst(input, markets).map((price) => judgePrice(price, { hard, limits: input.limits }));
    return tightest(found) ?? pass(null, "the order has no price of its own");
  },
});

interface Measured {
  readonly what: string;
  /** How far beyond the market, to the worse side for the account; negative: it waits. */
  readonly through: Decimal;
  /** What the percent is of. */
  readonly basis: Decimal;
  readonly waits: boolean;
}

function pricesAgainst(
  { terms, facts }: RuleInput,
  markets: readonly { part: Part; nbbo: Nbbo }[],
): readonly Measured[] {
  const touch = (side: Side) => (one: { nbbo: Nbbo }) => (side === "BUY" ? one.nbbo.ask : one.nbbo.bid);
  if (terms.legs === undefined) {
    const measured = markets.flatMap((one) =>
      measuredPrices(terms, (side) => touch(side)(one), waitingEntry(terms, facts)),
    );
    return measured.map(({ what, side, price, reference, waits }) => {
      const through = side === "BUY" ? subtract(price, reference) : subtract(reference, price);
      return { what, through, basis: reference, waits };
    });
  }
  const { limitPrice } = pricesOf(terms);
  if (limitPrice === undefined) return [];
  const sum = (of: (one: { part: Part; nbbo: Nbbo }) => Decimal) => markets.map(of).reduce(add, ZERO);
  const far = sum((one) => multiply(one.part.weight, touch(one.part.side)(one)));
  const basis = sum(({ part, nbbo }) => multiply(absolute(part.weight), nbbo.ask));
  const price = decimal(limitPrice);
  const through = terms.side === "BUY" ? subtract(price, far) : subtract(far, price);
  return [{ what: "limit price", through, basis, waits: false }];
}

function hardPercent({ part, nbbo }: { part: Part; nbbo: Nbbo }, limits: Limits): string {
  if (part.instrument.state === "known" && ["OPT", "FOP"].includes(part.instrument.value.secType))
    return limits.optionPercent;
  const isWide = exceedsPercent(subtract(nbbo.ask, nbbo.bid), nbbo.mid, limits.liquidSpreadPercent);
  return isWide ? limits.otherPercent : limits.liquidPercent;
}

function judgePrice(
  { what, through, basis, waits }: Measured,
  { hard, limits }: { hard: string; limits: Limits },
): Finding {
  if (waits || isNegative(through)) {
    const away = absolute(through);
    const share = percentOf(away, basis);
    const percent = toText(share);
    const message = `the ${what} is ${percent} % away from the market; at most ${limits.awayPercent} %`;
    if (exceedsPercent(away, basis, limits.awayPercent))
      return deny("PRICE_COLLAR", percent, message, toText(subtract(decimal(limits.awayPercent), share)));
    return pass(toText(negate(share)), `the ${what} waits ${percent} % away`, hard);
  }
  const share = percentOf(through, basis);
  const percent = toText(share);
  const headroom = toText(subtract(decimal(hard), share));
  const says = `the ${what} is ${percent} % through the market`;
  if (exceedsPercent(through, basis, hard))
    return deny("PRICE_COLLAR", percent, `${says}; at most ${hard} %`, headroom);
  if (exceedsPercent(through, basis, limits.softPercent))
    return confirm("PRICE_COLLAR", percent, `${says}; above ${limits.softPercent} % it needs a confirmation`, headroom);
  return pass(percent, says, headroom);
}
