import { APPROVAL_MUTANTS } from "./mutants-approval.ts";
import { BRACKET_MUTANTS } from "./mutants-brackets.ts";
import { CHANGE_MUTANTS } from "./mutants-changes.ts";
import { GATEWAY_MUTANTS } from "./mutants-gateway.ts";
import { LOG_MUTANTS } from "./mutants-log.ts";
import { POLICY_MUTANTS } from "./mutants-policy.ts";
import type { Patch } from "./substitutes.ts";

/** A mistake that somebody could make in production code, as changes to its text. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}

export const MUTANTS: readonly Mutant[] = [
  ...GATEWAY_MUTANTS,
  ...LOG_MUTANTS,
  ...APPROVAL_MUTANTS,
  ...POLICY_MUTANTS,
  ...CHANGE_MUTANTS,
  ...BRACKET_MUTANTS,
];
