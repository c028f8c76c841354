import { parseUtcText } from "@countersign/clock/clock";
import { DENIALS } from "@countersign/contracts/codes";
import type { Demand } from "@countersign/contracts/demand";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { Operator } from "./operators.ts";
import type { Services } from "./services.ts";

interface Asked {
  readonly view: ProposalView;
  readonly keys: Demand["keys"];
  readonly killLevel: string;
  readonly nowMs: number;
}

/** Why this person cannot approve it now, or null: to nobody it looks approvable who is refused. Approval decides. */
export function obstacleFor(
  services: Pick<Services, "signer" | "passkeys">,
  operator: Pick<Operator, "id" | "scopes">,
  asked: Asked,
): string | null {
  return obstacleOf(asked) ?? obstacleTo(services, operator, asked);
}

/** Whoever asks. */
function obstacleOf({ view, killLevel, nowMs }: Asked): string | null {
  if (view.state !== "PENDING_APPROVAL") return DENIALS.PROPOSAL_NOT_PENDING.text;
  if (nowMs >= parseUtcText(view.expiresAt)) return DENIALS.PROPOSAL_EXPIRED.text;
  return killLevel === "HALTED" ? DENIALS.KILL_SWITCH_HALTED.text : null;
}

function obstacleTo(
  { signer, passkeys }: Pick<Services, "signer" | "passkeys">,
  { id, scopes }: Pick<Operator, "id" | "scopes">,
  { view, keys, nowMs }: Asked,
): string | null {
  if (!scopes.includes("approve")) return "This needs the scope approve.";
  if (view.agent === id) return DENIALS.SELF_APPROVAL.text;
  if (hasSigned(view, id, nowMs)) return "You have signed; another person must sign too.";
  if (passkeys.has(id)) return null;
  return keys === "passkey" ? DENIALS.PASSKEY_REQUIRED.text : (signer.problem(id)?.message ?? null);
}

/** The first of two, while it counts. */
function hasSigned({ decision }: ProposalView, id: string, nowMs: number): boolean {
  if (decision?.event !== "countersigned" || decision.actor?.id !== id) return false;
  return decision.until !== undefined && nowMs < parseUtcText(decision.until);
}
