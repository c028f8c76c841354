import { parseUtcText } from "@countersign/clock/clock";
import { type Approvals, signaturesOf } from "@countersign/contracts/approvals";
import type { AutoApprovalPolicy } from "@countersign/contracts/auto-approval";
import type { KillLevel } from "@countersign/contracts/control";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import type { Ticket } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import { compare, decimal } from "@countersign/money/decimal";
import type { PolicySource } from "@countersign/roster/policy/policy-file";

/** The standing policy as this gateway itself finds it. */
export interface StandingPolicy extends PolicySource {
  /** false: in live mode nothing is sent that a policy approved. */
  readonly live: boolean;
}

export interface ByPolicy {
  readonly approvals: Approvals;
  /** The gate's fresh word. */
  readonly verdict: Verdict;
  readonly level: KillLevel;
  /** Why services have stopped approvals by policy, and only these; undefined: nothing stands against them. */
  readonly autoOff: string | undefined;
  readonly mode: Mode;
  readonly nowMs: number;
}

/** What a plain order may have; a field of tomorrow is not let through unseen. */
const PLAIN = ["account", "side", "quantity", "timeInForce", "goodTill", "conid", "orderType", "limitPrice"];
const MINUTE_MS = 60_000;

/**
 * Whether an approval by policy counts here: undefined, or why not. The document is read and judged by this process, and
 * whatever of the order stands still is compared again. What moves (position, quote, sums) was approval's to judge.
 */
export function policyDenial(standing: StandingPolicy | undefined, input: ByPolicy): { denial: Denial } | undefined {
  const signatures = signaturesOf(input.approvals);
  if (signatures.every(({ statement }) => statement.by !== "policy")) return undefined;
  const { statement } = input.approvals.approval;
  const found = standing?.current(input.nowMs);
  if (standing === undefined || found === undefined || found.state === "none")
    return invalid("there is no policy here");
  if (found.state === "invalid") return invalid(found.reasons.join("; "));
  const { ref, policy } = found;
  if (signatures.length !== 1) return invalid("a policy stands for itself alone");
  if (statement.policy?.hash !== ref.hash || statement.policy.id !== ref.id) return invalid("it is another policy");
  if (input.mode === "live" && !standing.live) return invalid("the configuration keeps it off in live mode");
  if (input.level !== "ACTIVE") return denied(`KILL_SWITCH_${input.level}`, "a policy counts only while it is ACTIVE");
  if (input.autoOff !== undefined) return invalid(`policies are stopped: ${input.autoOff}`);
  const outside = outsideOf(policy, statement.ticket, input) ?? tooLarge(policy, input.verdict);
  return outside === undefined ? undefined : invalid(`the order is outside of the policy: ${outside}`);
}

function outsideOf(policy: AutoApprovalPolicy, ticket: Ticket, { mode, nowMs }: ByPolicy): string | undefined {
  const { terms, agent, instrument } = ticket;
  const { instruments, orders } = policy;
  if (policy.mode !== mode) return "mode";
  if (!policy.accounts.includes(terms.account) || !policy.agents.includes(agent)) return "account or agent";
  if (terms.conid === undefined || instruments.denied.includes(terms.conid)) return "denied instrument";
  if (!instruments.allowed.includes(terms.conid)) return "instrument";
  if (!instruments.secTypes.includes(instrument.secType)) return "security type";
  if (ticket.modifies !== undefined || Object.keys(terms).some((field) => !PLAIN.includes(field)))
    return "not a plain order";
  if (orders.types.every((type) => type !== terms.orderType)) return "order type";
  if (orders.timesInForce.every((one) => one !== terms.timeInForce)) return "time in force";
  if (terms.timeInForce !== "GTD") return undefined;
  const untilMs = terms.goodTill === undefined ? Number.POSITIVE_INFINITY : parseUtcText(terms.goodTill);
  return untilMs > nowMs + orders.goodTillMinutesMax * MINUTE_MS ? "time in force" : undefined;
}

/** In the account's base currency, as the gate computed it just now; unknown is too large. */
function tooLarge({ limits, lanes }: AutoApprovalPolicy, verdict: Verdict): string | undefined {
  if (verdict.outcome !== "pass" || verdict.rules.some(({ outcome }) => outcome !== "pass"))
    return "a rule does not pass";
  const found = verdict.rules.find(({ rule }) => rule === "maxOrderNotional")?.value ?? null;
  if (found === null) return "its notional is not known";
  if (!lanes.opening && !lanes.reducing && lanes.schedules.length === 0) return "no lane";
  return compare(decimal(found), decimal(limits.orderNotionalMax)) > 0 ? "notional of one order" : undefined;
}

function invalid(message: string): { denial: Denial } {
  return denied("APPROVAL_INVALID", `by policy: ${message}`.slice(0, 900));
}
