import { tryParseUtcText } from "@countersign/clock/clock";
import { type AutoApprovalPolicy, SignedPolicy } from "@countersign/contracts/auto-approval";
import type { PolicyRef } from "@countersign/contracts/order";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import type { Roster } from "../roster.ts";
import { sessionSigners } from "../session-signatures.ts";

export interface PolicySigner {
  readonly person: string;
  readonly keyId: string;
}

export type CheckedPolicy =
  | {
      readonly state: "valid";
      readonly ref: PolicyRef;
      readonly policy: AutoApprovalPolicy;
      readonly signers: readonly PolicySigner[];
    }
  | { readonly state: "invalid"; readonly ref: PolicyRef | undefined; readonly reasons: readonly string[] };

const DAY_MS = 86_400_000;
const SIGNERS_MIN = 2;

/**
 * Whether this text is a standing policy that counts now: well formed, within its time, and signed by two persons of the
 * roster as it stands now. A person with two keys is one person; a policy's own key signs no policy.
 */
export function checkPolicy(
  text: string,
  { roster, nowMs, daysMax }: { roster: Pick<Roster, "status" | "keyOf">; nowMs: number; daysMax: number },
): CheckedPolicy {
  const signed = parsePolicy(text);
  if (typeof signed === "string") return { state: "invalid", ref: undefined, reasons: [signed] };
  const { policy } = signed;
  const ref = { id: policy.id, hash: canonicalHash(policy) };
  const status = roster.status();
  const found = signersOf(signed, roster);
  const reasons = [
    ...(status.ok ? [] : [`no roster to rely on: ${status.reason}`]),
    ...found.reasons,
    ...wrongTimes(policy, nowMs, daysMax),
  ].map((reason) => reason.slice(0, 300));
  return reasons.length > 0
    ? { state: "invalid", ref, reasons: reasons.slice(0, 20) }
    : { state: "valid", ref, policy, signers: found.signers };
}

/** The document, or why it is none. */
export function parsePolicy(text: string): SignedPolicy | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  const parsed = SignedPolicy.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join(".") || "(top)"}: ${issue?.message ?? "not a policy"}`.slice(0, 300);
}

function signersOf({ policy, signatures }: SignedPolicy, roster: Pick<Roster, "keyOf">) {
  const { signers, reasons } = sessionSigners(roster, canonicalJson(policy), signatures);
  const few = signers.length < SIGNERS_MIN ? [`${signers.length} of ${SIGNERS_MIN} persons have signed it`] : [];
  return {
    signers: signers.map(({ person, keyId }): PolicySigner => ({ person, keyId })),
    reasons: [...reasons, ...few],
  };
}

function wrongTimes({ issuedAt, expiresAt }: AutoApprovalPolicy, nowMs: number, daysMax: number): string[] {
  const [fromMs, untilMs] = [tryParseUtcText(issuedAt), tryParseUtcText(expiresAt)];
  if (fromMs === undefined || untilMs === undefined) return ["a time of it does not exist"];
  return [
    ...(nowMs < fromMs ? [`it is issued in the future, at ${issuedAt}`] : []),
    ...(nowMs >= untilMs ? [`it expired at ${expiresAt}`] : []),
    ...(untilMs - fromMs > daysMax * DAY_MS ? [`it is good for more than ${daysMax} days`] : []),
  ];
}
