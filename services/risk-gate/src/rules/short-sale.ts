import { add, compare, type Decimal, decimal, negate, subtract, toText, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import { leftOf } from "../facts/exposure.ts";
import type { Facts } from "../facts/fact.ts";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

const Limits = z.strictObject({
  secTypes: z
    .array(z.string().regex(/^[A-Z]{2,10}$/))
    .describe("Of these a short position is a short sale; of others it is nothing of the kind"),
  allowed: z.boolean().describe("true: shorts of these types are let through, without a look at what can be borrowed"),
});
type Limits = z.infer<typeof Limits>;

/** Whether everything that sells, working, unknown and this order, may fill without the account being short. */
export const shortSale = defineRule({
  name: "shortSale",
  source: "control 19",
  description: "A sale never exceeds what is held and not yet being sold, unless short sales are allowed",
  formula: "held - remaining of all working and unknown sells - this order >= 0",
  inputs: ["book", "working", "instrument"],
  unit: "units",
  limits: Limits,
  stricter: { secTypes: "more", allowed: "false" },
  codes: ["EXPOSURE_UNKNOWN", "SHORT_SALE"],
  limit: ({ allowed, secTypes }) => (allowed ? "allowed" : `none of ${secTypes.join(", ")}`),
  judge: (input) => eachPart(input, (part) => judgePart(part, input.facts, input.limits)),
});

function judgePart(part: Part, facts: Facts, { secTypes, allowed }: Limits): Finding {
  if (part.side === "BUY") return pass(null, "it buys");
  if (part.instrument.state === "missing") return deny("EXPOSURE_UNKNOWN", null, part.instrument.reason);
  const { secType } = part.instrument.value;
  if (!secTypes.includes(secType)) return pass(null, `no short sales of ${secType}`);
  const free = freeToSell(part, facts);
  if ("reason" in free) return deny("EXPOSURE_UNKNOWN", null, free.reason);
  const left = subtract(free.units, leftOf(part, facts));
  const value = toText(left);
  if (compare(left, ZERO) >= 0) return pass(value, "held and not yet being sold", value);
  const short = toText(negate(left));
  return allowed
    ? pass(value, `short by ${short}, which is allowed`)
    : deny("SHORT_SALE", value, `it would sell ${short} more than is held and not yet being sold`, value);
}

/** What is held less everything that already sells it. Buys that work do not count: they may never fill. */
function freeToSell({ conid }: Part, facts: Facts): { units: Decimal } | { reason: string } {
  const { book, working, replaces } = facts;
  if (book.state === "missing") return { reason: `the book: ${book.reason}` };
  if (working.state === "missing") return { reason: `working orders: ${working.reason}` };
  const held = book.value.holdings.find((holding) => holding.conid === conid)?.quantity ?? "0";
  const selling = working.value
    .filter((order) => order.conid === conid && order.side === "SELL" && order.order !== replaces?.proposalId)
    .map(({ remaining }) => decimal(remaining))
    .reduce(add, ZERO);
  return { units: subtract(decimal(held), selling) };
}
