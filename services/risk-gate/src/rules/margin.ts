import { parseUtcText } from "@countersign/clock/clock";
import type { OrderTerms } from "@countersign/contracts/order";
import { CurrencyCode, DecimalText, PositiveDecimalText } from "@countersign/contracts/primitives";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  divideRoundingUp,
  isNegative,
  isZero,
  multiply,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import * as z from "zod";
import type { ReservedMargin } from "../counters/reserved-margins.ts";
import { exposuresOf, turns } from "../facts/book/exposures.ts";
import type { Facts } from "../facts/fact.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { onlyReducesBook } from "./only-reduces-book.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const HUNDRED = decimal("100");
const AHEAD_MS_MAX = 1_000;

const limits = z.strictObject({
  excessLiquidityMin: z
    .strictObject({ amount: DecimalText, currency: CurrencyCode })
    .describe("What must be left of equity over maintenance margin"),
  excessLiquidityPercentMin: DecimalText.describe("The same in per cent of the equity"),
  initialMarginPercentMax: PositiveDecimalText.describe("Initial margin after the order, in per cent of the equity"),
  ageMsMax: z.int().min(1).max(600_000).describe("Oldest what-if that counts"),
});
type Limits = z.infer<typeof limits>;

/** The broker's own what-if: what the order leaves of the account, less what orders reserve that it has not seen. An order that frees margin and turns no position is not held up by a lack of it, nor is one that takes none and only reduces: an option that was bought has no margin to free. */
export const margin = defineRule({
  name: "margin",
  source: "control 13",
  description: "Excess liquidity and initial margin after the order, by the broker's own what-if",
  formula:
    "with the margin of orders since the what-if: equity - maintenance margin >= min and >= percentMin of equity; initial margin <= percentMax of equity; or both margins fall and no position is turned into its opposite, or neither rises and the order only reduces",
  inputs: ["whatIf", "counters", "at", "book", "working", "instrument", "quote", "rate"],
  unit: "base currency",
  limits,
  stricter: {
    excessLiquidityMin: "higher",
    excessLiquidityPercentMin: "higher",
    initialMarginPercentMax: "lower",
    ageMsMax: "lower",
  },
  codes: ["COUNTERS_UNKNOWN", "WHAT_IF_MISSING", "WHAT_IF_STALE", "MARGIN_INSUFFICIENT"],
  limit: ({ excessLiquidityMin }) => excessLiquidityMin.amount,
  judge: (input) => {
    const { facts, limits: own } = input;
    const { whatIf, at } = facts;
    if (whatIf.state === "missing") return deny("WHAT_IF_MISSING", null, `no what-if: ${whatIf.reason}`);
    const { currency } = whatIf.value;
    const ageMs = parseUtcText(at) - parseUtcText(whatIf.asOf);
    if (ageMs > own.ageMsMax || ageMs < -AHEAD_MS_MAX)
      return deny("WHAT_IF_STALE", null, `the what-if is ${ageMs} ms old; at most ${own.ageMsMax}`);
    if (currency !== own.excessLiquidityMin.currency)
      return deny("WHAT_IF_MISSING", null, `the what-if is in ${currency}, not in ${own.excessLiquidityMin.currency}`);
    const reserved = facts.counters.state === "known" ? facts.counters.value.reservedMargin : undefined;
    if (reserved === undefined)
      return deny("COUNTERS_UNKNOWN", null, "nobody knows what other orders take of the margin since the what-if");
    return judgeWhatIf(whatIf.value, reserved, input);
  },
});

function judgeWhatIf(
  whatIf: BrokerWhatIf,
  reserved: ReservedMargin,
  { terms, facts, limits: own }: RuleInput<Limits>,
): Finding {
  const equity = decimal(whatIf.equityWithLoanAfter);
  const initial = add(decimal(whatIf.initialMarginAfter), decimal(reserved.initial));
  const maintenance = add(decimal(whatIf.maintenanceMarginAfter), decimal(reserved.maintenance));
  const excess = subtract(equity, maintenance);
  const value = toText(excess);
  const left = subtract(excess, decimal(own.excessLiquidityMin.amount));
  const lacking = lackingOf({ equity, initial, excess }, own);
  if (lacking === undefined) return pass(value, `in ${whatIf.currency}`, toText(left));
  const changes = [whatIf.initialMarginChange, whatIf.maintenanceMarginChange].map((text) => decimal(text));
  if (changes.every((change) => isNegative(change)) && turnsNothing(terms, facts))
    return pass(value, `${lacking}; the order frees margin`);
  if (changes.every((change) => compare(change, ZERO) <= 0) && onlyReducesBook(terms, facts))
    return pass(value, `${lacking}; the order takes none and only reduces`);
  // What is left above the smallest excess is no room where another limit is not met.
  return deny("MARGIN_INSUFFICIENT", value, lacking, isNegative(left) ? toText(left) : null);
}

/** What is turned is opened anew, if for less; two of them at once free margin each and bind it together. */
function turnsNothing(terms: OrderTerms, facts: Facts): boolean {
  const found = exposuresOf(terms, facts);
  return !("missing" in found) && !found.parts.some(turns);
}

function lackingOf(
  { equity, initial, excess }: { equity: Decimal; initial: Decimal; excess: Decimal },
  { excessLiquidityMin, excessLiquidityPercentMin, initialMarginPercentMax }: Limits,
): string | undefined {
  if (isZero(equity) || isNegative(equity)) return `the equity would be ${toText(equity)}`;
  const { amount, currency } = excessLiquidityMin;
  if (compare(excess, decimal(amount)) < 0) return `${toText(excess)} ${currency} would be left; at least ${amount}`;
  const [hundredfold, part] = [multiply(excess, HUNDRED), multiply(decimal(excessLiquidityPercentMin), equity)];
  if (compare(hundredfold, part) < 0) {
    const percent = toText(divideRoundingDown(hundredfold, equity, 4));
    return `${percent} % of the equity would be left; at least ${excessLiquidityPercentMin} %`;
  }
  const used = multiply(initial, HUNDRED);
  if (compare(used, multiply(decimal(initialMarginPercentMax), equity)) <= 0) return undefined;
  const percent = toText(divideRoundingUp(used, equity, 4));
  return `initial margin would be ${percent} % of the equity; at most ${initialMarginPercentMax} %`;
}
