import { TimeFormatError } from "@countersign/clock/clock";
import type { DenialCode } from "@countersign/contracts/codes";
import type { OrderTerms } from "@countersign/contracts/order";
import type { RuleResult } from "@countersign/contracts/verdict";
import { DecimalFormatError } from "@countersign/money/decimal";
import * as z from "zod";
import type { Facts } from "../facts/fact.ts";
import { deny, type Finding } from "./finding.ts";
import type { SharedPolicy } from "./shared-policy.ts";
import type { Direction } from "./strictness.ts";

export interface RuleInput<L = unknown> {
  readonly terms: OrderTerms;
  readonly facts: Facts;
  /** This rule's own limits, as its schema parsed them. */
  readonly limits: L;
  readonly policy: SharedPolicy;
}

type LimitsOf<S extends z.ZodObject | null> = S extends z.ZodObject ? z.output<S> : null;

/** One control: a pure function of its input, with the limits that it holds. All text is for `docs/generated/rules.md`. */
interface Definition<S extends z.ZodObject | null> {
  readonly name: string;
  /** The control or reference rule that it implements: "control 1", "control 2; R4". */
  readonly source: string;
  readonly description: string;
  /** What is computed and compared, in one line. */
  readonly formula: string;
  /** The facts that it reads; a rule reads no other. Instrument, quote and session stand for those of the legs too. */
  readonly inputs: readonly (keyof Facts)[];
  readonly unit: string;
  /** Its block in the policy; null: it has nothing to set and no block. */
  readonly limits: S;
  /** Of each limit, which change makes it stricter. */
  readonly stricter: S extends z.ZodObject ? { readonly [K in keyof z.output<S>]-?: Direction } : null;
  /** The policy may say `{ off: <reason> }` instead of limits; absent: it must not. */
  readonly mayBeOff?: true;
  /** Every code that it may answer with. */
  readonly codes: readonly DenialCode[];
  /** The limit as a verdict shows it; null for a rule without a number. */
  readonly limit: (limits: LimitsOf<S>, policy: SharedPolicy) => string | null;
  readonly judge: (input: RuleInput<LimitsOf<S>>) => Finding;
}

/** A rule whose limits are of a type that only it knows. */
export interface Rule
  extends Omit<Definition<z.ZodObject | null>, "limits" | "stricter" | "limit" | "judge">,
    Pick<RuleOf<unknown>, "limit" | "judge"> {
  readonly limits: z.ZodObject | null;
  readonly stricter: Readonly<Record<string, Direction>> | null;
}
interface RuleOf<L> {
  readonly limit: (limits: L, policy: SharedPolicy) => string | null;
  readonly judge: (input: RuleInput<L>) => Finding;
}

/** Forgets the type of the limits: whoever judges hands over what the rule's own schema parsed when the policy was loaded. */
export function defineRule<const S extends z.ZodObject | null>(definition: Definition<S>): Rule {
  return definition as unknown as Rule;
}

/** Instead of limits: the rule is not applied, and every verdict says why. */
export const Off = z.strictObject({ off: z.string().min(10).max(150).describe("Why the rule is not applied") });
type Off = z.infer<typeof Off>;

export function isOff(limits: unknown): limits is Off {
  return typeof limits === "object" && limits !== null && "off" in limits;
}

/** The rule's block in the policy: its limits, or why it is off; null for a rule that has none. */
export function blockSchema({ limits, mayBeOff }: Rule): z.ZodType | null {
  if (limits === null) return null;
  return mayBeOff === true ? z.union([limits, Off]) : limits;
}

export const MESSAGE_MAX = 200;

export function resultOf(rule: Rule, input: RuleInput): RuleResult {
  const { name, unit } = rule;
  if (isOff(input.limits)) {
    const none = { code: null, limit: null, value: null, headroom: null };
    return { rule: name, outcome: "pass", ...none, unit, message: `off: ${input.limits.off}` };
  }
  const finding = judged(rule, input);
  return {
    rule: name,
    outcome: finding.outcome,
    code: finding.outcome === "pass" ? null : finding.code,
    limit: limitText(rule, input),
    value: cut(finding.value),
    headroom: cut(finding.headroom ?? null),
    unit,
    message: finding.message.slice(0, MESSAGE_MAX),
  };
}

const limitTexts = new WeakMap<
  object,
  { readonly rule: Rule; readonly policy: SharedPolicy; readonly text: string | null }
>();

/** Written once for each block of limits: it is the same with every order. */
function limitText(rule: Rule, { limits, policy }: RuleInput): string | null {
  if (rule.limits === null) return cut(rule.limit(limits, policy));
  const block = limits as object;
  const known = limitTexts.get(block);
  if (known?.rule === rule && known.policy === policy) return known.text;
  const text = cut(rule.limit(limits, policy));
  limitTexts.set(block, { rule, policy, text });
  return text;
}

/** A number or a time that is none, in a fact or in the terms, is a fact that is missing; any other error is a bug and ends the process. */
function judged(rule: Rule, input: RuleInput): Finding {
  try {
    return rule.judge(input);
  } catch (error) {
    // The last is what BigInt says of a text that is no whole number.
    if (error instanceof DecimalFormatError || error instanceof TimeFormatError || error instanceof SyntaxError)
      return deny("FACT_INVALID", null, error.message);
    throw error;
  }
}

const cut = (text: string | null) => (text === null ? null : text.slice(0, 200));
