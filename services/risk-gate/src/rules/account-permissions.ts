import { AccountId } from "@countersign/contracts/primitives";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { sellsShort } from "./free-to-sell.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Permissions = z
  .array(z.strictObject({ account: AccountId, secType: z.string().regex(/^[A-Z]{2,10}$/) }))
  .max(2_000);
const Limits = z.strictObject({
  trades: Permissions.describe("What each account may trade at the broker; one that is not named may trade nothing"),
  shorts: Permissions.describe("And what it may sell without holding it: shares on margin, written options, futures"),
});
type Limits = z.infer<typeof Limits>;

/** TWS tells only by refusing an order (460, 201) what an account may not do: it is written down here, and never assumed. */
export const accountPermissions = defineRule({
  name: "accountPermissions",
  source: "controls 18, 19",
  description: "The account may trade this type of instrument at the broker, and sell it short where the order does",
  formula:
    "account and type are in trades; held - remaining of all working and unknown sells - this order >= 0, or they are in shorts",
  inputs: ["instrument", "book", "working"],
  unit: "type",
  limits: Limits,
  stricter: { trades: "fewer", shorts: "fewer" },
  codes: ["EXPOSURE_UNKNOWN", "ACCOUNT_PERMISSION"],
  limit: ({ trades, shorts }) => `${trades.length} types, ${shorts.length} short`,
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart(part: Part, { terms: { account }, facts, limits }: RuleInput<Limits>): Finding {
  if (part.instrument.state === "missing") return deny("EXPOSURE_UNKNOWN", null, part.instrument.reason);
  const { secType } = part.instrument.value;
  const isIn = (list: Limits["trades"]) => list.some((one) => one.account === account && one.secType === secType);
  if (!isIn(limits.trades)) return deny("ACCOUNT_PERMISSION", secType, `the account may not trade ${secType}`);
  if (isIn(limits.shorts)) return pass(secType, `the account may trade ${secType}, also short`);
  const short = sellsShort(part, facts);
  if (typeof short === "object") return deny("EXPOSURE_UNKNOWN", null, short.reason);
  if (short) return deny("ACCOUNT_PERMISSION", secType, `the account may not sell ${secType} that it does not hold`);
  return pass(secType, `the account may trade ${secType}`);
}
