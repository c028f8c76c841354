import {
  compare,
  type Decimal,
  decimal,
  isNegative,
  max,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import * as z from "zod";
import { leftOf } from "../facts/exposure.ts";
import type { Facts } from "../facts/fact.ts";
import type { Part } from "../facts/parts.ts";
import type { RiskPolicy } from "../policy.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { freeToSell } from "./free-to-sell.ts";
import { defineRule } from "./rule.ts";

const Limits = z.strictObject({
  secTypes: z
    .array(z.string().regex(/^[A-Z]{2,10}$/))
    .describe("Of these a short position is a short sale; of others it is nothing of the kind"),
  allowed: z.boolean().describe("true: shorts of these types are let through"),
  locate: z.boolean().describe("true: only as far as the broker says that there are shares to borrow"),
});
type Limits = z.infer<typeof Limits>;

/** By TWS: above it at least 1,000 shares can be borrowed at once; below they would have to be located first. */
const LEVEL_MIN = decimal("2.5");

/** Whether everything that sells, working, unknown and this order, may fill without the account being short. */
export const shortSale = defineRule({
  name: "shortSale",
  source: "control 19",
  description:
    "A sale never exceeds what is held and not yet being sold, unless short sales are allowed, and shares can be borrowed where that is asked for",
  formula:
    "held - remaining of all working and unknown sells - this order >= 0; else, where allowed and to be located: the broker's level above 2.5, and what is short beyond what was short before <= shares that can be borrowed",
  inputs: ["book", "working", "instrument", "shortable"],
  unit: "units",
  limits: Limits,
  stricter: { secTypes: "more", allowed: "false", locate: "true" },
  codes: ["EXPOSURE_UNKNOWN", "SHORT_SALE", "BORROW_UNKNOWN", "NOT_SHORTABLE"],
  limit: ({ allowed, locate, secTypes }) => {
    if (!allowed) return `none of ${secTypes.join(", ")}`;
    return locate ? "allowed, where there are shares to borrow" : "allowed";
  },
  judge: (input) => eachPart(input, (part) => judgePart(part, input.facts, input.limits)),
});

/** Some policy in force, for whatever order, wants to know what can be borrowed. */
export function looksForShares({ rules, overrides }: Pick<RiskPolicy, "rules" | "overrides">): boolean {
  const blocks = [rules.shortSale, ...overrides.map((override) => override.rules.shortSale)];
  return blocks.some((block) => (block as Partial<Limits> | undefined)?.locate === true);
}

function judgePart(part: Part, facts: Facts, { secTypes, allowed, locate }: Limits): Finding {
  if (part.side === "BUY") return pass(null, "it buys");
  if (part.instrument.state === "missing") return deny("EXPOSURE_UNKNOWN", null, part.instrument.reason);
  const { secType } = part.instrument.value;
  if (!secTypes.includes(secType)) return pass(null, `no short sales of ${secType}`);
  const free = freeToSell(part, facts);
  if ("reason" in free) return deny("EXPOSURE_UNKNOWN", null, free.reason);
  const left = subtract(free.units, leftOf(part, facts));
  const value = toText(left);
  if (compare(left, ZERO) >= 0) return pass(value, "held and not yet being sold", value);
  const short = negate(left);
  if (!allowed) {
    const message = `it would sell ${toText(short)} more than is held and not yet being sold`;
    return deny("SHORT_SALE", value, message, value);
  }
  if (!locate) return pass(value, `short by ${toText(short)}, which is allowed`);
  return judgeBorrow(part, subtract(short, max(negate(free.held), ZERO)));
}

/** What was short before has been borrowed already. */
function judgeBorrow({ conid, shortable }: Part, wanted: Decimal): Finding {
  const unknown = (why: string) => deny("BORROW_UNKNOWN", null, `whether ${toText(wanted)} can be borrowed: ${why}`);
  if (shortable === undefined) return unknown("nobody was asked");
  if (shortable.state === "missing") return unknown(shortable.reason);
  const { level, shares, dataType } = shortable.value;
  if (shortable.value.conid !== conid) return unknown("the answer is about another instrument");
  if (dataType !== "live") return unknown(`the answer is ${dataType}`);
  if (level === null || shares === null) return unknown("the broker does not say");
  const room = subtract(decimal(shares), wanted);
  const says = `${toText(wanted)} to be borrowed; ${shares} can be, of level ${level}`;
  const isThere = compare(decimal(level), LEVEL_MIN) > 0 && compare(wanted, decimal(shares)) <= 0;
  if (isThere) return pass(shares, says, toText(room));
  // What is left of the shares is no room where the level is too low.
  return deny("NOT_SHORTABLE", shares, says, isNegative(room) ? toText(room) : null);
}
