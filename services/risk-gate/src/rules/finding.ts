import type { DenialCode } from "@countersign/contracts/codes";

interface Numbers {
  readonly value: string | null;
  /** How far the value is from the limit; negative or null when it is beyond. */
  readonly headroom?: string | null;
  readonly message: string;
}

/** What a rule found; who reads it adds the rule's name, unit and limit. */
export type Finding =
  | (Numbers & { readonly outcome: "pass" })
  | (Numbers & { readonly outcome: "confirm" | "deny"; readonly code: DenialCode });

export function pass(value: string | null, message: string, headroom: string | null = null): Finding {
  return { outcome: "pass", value, headroom, message };
}

/** A soft limit is exceeded: an approver must name the rule. What is missing or malformed never confirms, it denies. */
export function confirm(code: DenialCode, value: string, message: string, headroom: string | null = null): Finding {
  return { outcome: "confirm", code, value, headroom, message };
}

export function deny(code: DenialCode, value: string | null, message: string, headroom: string | null = null): Finding {
  return { outcome: "deny", code, value, headroom, message };
}
