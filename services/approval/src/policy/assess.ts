import type { AutoCheck } from "@countersign/contracts/auto-approval";
import type { AssessInput, Check } from "./check.ts";
import { dayNotionalAccount, dayNotionalAgent, orderNotional, repeats } from "./checks/limits.ts";
import { hours, quote, spread } from "./checks/market.ts";
import { approvals, instrument, orderType, securityType, timeInForce } from "./checks/order.ts";
import { lane, position } from "./checks/position.ts";
import { killSwitch, policy, scope, turnedOn, verdict } from "./checks/standing.ts";

/** Every condition there is, in the order in which an assessment lists them. */
export const CHECKS: readonly Check[] = [
  ...[policy, turnedOn, killSwitch, verdict, approvals, scope],
  ...[instrument, securityType, orderType, timeInForce, hours, quote, spread],
  ...[orderNotional, dayNotionalAgent, dayNotionalAccount, position, lane, repeats],
];

export interface Assessment {
  readonly outcome: "approve" | "person";
  readonly checks: AutoCheck[];
}

/** Looks at every condition, always. One that fails, or of which a fact is missing, leaves the order to a person. */
export function assess(input: AssessInput, checks: readonly Check[] = CHECKS): Assessment {
  const found = checks.map(({ name, look }): AutoCheck => ({ check: name, ...look(input) }));
  return { outcome: found.every(({ outcome }) => outcome === "pass") ? "approve" : "person", checks: found };
}
