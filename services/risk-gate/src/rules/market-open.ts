import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Limits = z.strictObject({
  extendedHours: z.boolean().describe("false: only while the contract's liquid hours are open"),
});
type Limits = z.infer<typeof Limits>;

export const marketOpen = defineRule({
  name: "marketOpen",
  source: "control 20; R5",
  description: "The instrument's market is open, by the contract's own hours",
  formula: "the session of now, by the contract's own hours, is one that the policy permits",
  inputs: ["session"],
  unit: "session",
  limits: Limits,
  stricter: { extendedHours: "false" },
  codes: ["MARKET_HOURS_UNKNOWN", "MARKET_CLOSED", "TIME_IN_FORCE_NOT_ALLOWED"],
  limit: ({ extendedHours }) => (extendedHours ? "liquid, extended or overnight" : "liquid"),
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart(part: Part, { terms, limits }: RuleInput<Limits>): Finding {
  if (part.session.state === "missing") return deny("MARKET_HOURS_UNKNOWN", null, part.session.reason);
  const session = part.session.value;
  if (session.source !== "contract") return deny("MARKET_HOURS_UNKNOWN", null, "the contract has no hours of its own");
  if (session.state === "unknown") return deny("MARKET_HOURS_UNKNOWN", null, session.reason);
  if (terms.timeInForce === "OPG") {
    const over = session.session === "liquid";
    if (over) return deny("TIME_IN_FORCE_NOT_ALLOWED", session.session, "the opening auction is over for today");
    return pass(session.session, "the opening auction is still to come");
  }
  const opens = session.nextOpen === null ? "" : `; opens ${session.nextOpen}`;
  if (session.state === "closed") return deny("MARKET_CLOSED", session.session, `${session.reason}${opens}`);
  if (session.session !== "liquid" && !limits.extendedHours) {
    return deny(
      "MARKET_CLOSED",
      session.session,
      `only ${session.session} hours now, which the policy does not allow${opens}`,
    );
  }
  return pass(session.session, session.reason);
}
