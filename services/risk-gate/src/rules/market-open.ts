import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass, type Rule, type RuleInput } from "./rule.ts";

export const marketOpen: Rule = {
  name: "marketOpen",
  description: "The instrument's market is open, by the contract's own hours",
  unit: "session",
  limit: (policy) => (policy.extendedHours ? "liquid, extended or overnight" : "liquid"),
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
};

function judgePart(part: Part, { terms, policy }: RuleInput): Finding {
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
  if (session.session !== "liquid" && !policy.extendedHours) {
    return deny(
      "MARKET_CLOSED",
      session.session,
      `only ${session.session} hours now, which the policy does not allow${opens}`,
    );
  }
  return pass(session.session, session.reason);
}
