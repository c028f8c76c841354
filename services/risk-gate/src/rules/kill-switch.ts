import { onlyReduces } from "../facts/exposure.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** HALTED stops everything; REDUCE_ONLY lets through what makes the position smaller, counting all working orders as filled. */
export const killSwitch = defineRule({
  name: "killSwitch",
  source: "controls 16, 26",
  description: "The strictest kill level of all scopes allows the order",
  formula: "strictest level of all scopes; REDUCE_ONLY: order + working orders of its side <= position against it",
  inputs: ["kill", "positions", "openOrders", "ownOrders"],
  unit: "level",
  limits: null,
  stricter: null,
  codes: ["KILL_SWITCH_HALTED", "KILL_SWITCH_REDUCE_ONLY"],
  limit: () => "ACTIVE",
  judge: ({ terms, facts }) => {
    if (facts.kill.state === "missing") return deny("KILL_SWITCH_HALTED", null, facts.kill.reason);
    const { level, reason } = facts.kill.value;
    if (level === "ACTIVE") return pass(level, "active");
    if (level === "HALTED") return deny("KILL_SWITCH_HALTED", level, reason);
    const reduces = onlyReduces(terms, facts);
    if (reduces === undefined)
      return deny("KILL_SWITCH_REDUCE_ONLY", level, "position or working orders are not known");
    if (!reduces) return deny("KILL_SWITCH_REDUCE_ONLY", level, `only orders that reduce a position: ${reason}`);
    return pass(level, "the order reduces the position");
  },
});
