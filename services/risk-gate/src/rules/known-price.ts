import { parseUtcText } from "@countersign/clock/clock";
import { DataType, numberOf } from "@countersign/contracts/market-value";
import { type OrderTerms, PercentText } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { absolute, decimal, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { type Nbbo, nbboOf } from "./nbbo.ts";
import { exceedsPercent, percentText } from "./percent.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Limits = z.strictObject({
  ageMsMax: z.int().min(1).max(600_000),
  dataTypes: z.array(DataType).min(1),
  spreadPercentMax: PercentText.describe("Ask minus bid, of the mid"),
  lastPercentMax: PercentText.describe("How far the last price may be from the mid; no last price: nothing to compare"),
});
type Limits = z.infer<typeof Limits>;

/** A price is known, two-sided, plausible, of an allowed kind, and no older than the limit. */
export const knownPrice = defineRule({
  name: "knownPrice",
  source: "control 21",
  description: "A plausible two-sided quote of an allowed data type, no older than the limit",
  formula:
    "0 < bid < ask; not halted; of a permitted data type, and live where nothing bounds the price; spread <= spreadPercentMax and |last - mid| <= lastPercentMax of the mid; 0 <= now - asOf <= ageMsMax for the quote, its bid and its ask",
  inputs: ["quote", "instrument", "at"],
  unit: "ms",
  limits: Limits,
  stricter: { ageMsMax: "lower", dataTypes: "fewer", spreadPercentMax: "lower", lastPercentMax: "lower" },
  codes: ["QUOTE_MISSING", "QUOTE_IMPLAUSIBLE", "QUOTE_NOT_LIVE", "QUOTE_STALE"],
  limit: ({ ageMsMax }) => String(ageMsMax),
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart(part: Part, { terms, facts, limits }: RuleInput<Limits>): Finding {
  if (part.quote.state === "missing") return deny("QUOTE_MISSING", null, `there is no quote: ${part.quote.reason}`);
  const nbbo = nbboOf(part);
  if ("refused" in nbbo) return nbbo.refused;
  const quote = part.quote.value;
  for (const one of [quote, quote.bid, quote.ask, quote.last]) {
    const notLive = "dataType" in one ? dataTypeDenial(one.dataType, terms, limits) : undefined;
    if (notLive !== undefined) return notLive;
  }
  if (quote.flags.includes("halted")) return deny("QUOTE_IMPLAUSIBLE", null, "trading is halted");
  const unlikely = implausible(nbbo, numberOf(quote.last), limits);
  if (unlikely !== undefined) return deny("QUOTE_IMPLAUSIBLE", null, unlikely);
  const ages = [quote, quote.bid, quote.ask].flatMap((one) =>
    "asOf" in one ? [parseUtcText(facts.at) - parseUtcText(one.asOf)] : [],
  );
  // A side that came before the broker changed what it sends is older than its quote.
  const ageMs = Math.max(...ages);
  // A quote from the future means that a clock is wrong, and then no age means anything.
  if (Math.min(...ages) < -1_000)
    return deny("QUOTE_STALE", String(Math.min(...ages)), "the quote's time lies in the future");
  if (ageMs > limits.ageMsMax) {
    const message = `the quote is ${ageMs} ms old; at most ${limits.ageMsMax}`;
    return deny("QUOTE_STALE", String(ageMs), message, String(limits.ageMsMax - ageMs));
  }
  const shownMs = Math.max(0, ageMs);
  const message = `bid ${toText(nbbo.bid)}, ask ${toText(nbbo.ask)}, ${quote.dataType}`;
  return pass(String(shownMs), message, String(limits.ageMsMax - shownMs));
}

/** A price that nothing bounds follows the market, and so a delayed one is none, whatever the policy permits. */
function dataTypeDenial(dataType: DataType, terms: OrderTerms, { dataTypes }: Limits): Finding | undefined {
  if (!dataTypes.includes(dataType))
    return deny("QUOTE_NOT_LIVE", null, `the quote is ${dataType}; allowed: ${dataTypes.join(", ")}`);
  const { limitPrice, limitOffset } = pricesOf(terms);
  if (dataType === "live" || limitPrice !== undefined || limitOffset !== undefined) return undefined;
  return deny("QUOTE_NOT_LIVE", null, `the quote is ${dataType}, and nothing bounds the price of a ${terms.orderType}`);
}

function implausible({ bid, ask, mid }: Nbbo, last: string | null, limits: Limits): string | undefined {
  const spread = subtract(ask, bid);
  if (exceedsPercent(spread, mid, limits.spreadPercentMax))
    return `the spread is ${percentText(spread, mid)} % of the mid; at most ${limits.spreadPercentMax} %`;
  if (last === null) return undefined;
  const off = absolute(subtract(decimal(last), mid));
  if (!exceedsPercent(off, mid, limits.lastPercentMax)) return undefined;
  return `the last price is ${percentText(off, mid)} % from the mid; at most ${limits.lastPercentMax} %`;
}
