import { join } from "node:path";
import { type Environment, required } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import { AutoApprovalConfig } from "@countersign/contracts/auto-approval";
import { policyInFile } from "@countersign/roster/policy/policy-file";
import type { Roster } from "@countersign/roster/roster";
import type { StandingPolicy } from "./verify-policy.ts";

/** The document in the keys folder, judged by config/auto-approval.yaml and the roster at every question. */
export function standingPolicy(environment: Environment, roster: Roster): StandingPolicy {
  const file = join(required(environment, "configDir"), "auto-approval.yaml");
  const { live, policyDaysMax } = loadConfig({ schema: AutoApprovalConfig, file }).config;
  return { live, ...policyInFile({ keysDir: required(environment, "keysDir"), roster, daysMax: policyDaysMax }) };
}
