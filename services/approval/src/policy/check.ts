import type { AutoApprovalPolicy, AutoCheck, AutoCheckName } from "@countersign/contracts/auto-approval";
import type { KillLevel } from "@countersign/contracts/control";
import type { Demand } from "@countersign/contracts/demand";
import type { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import type { Mode } from "@countersign/contracts/mode";
import type { PolicyRef, Ticket } from "@countersign/contracts/order";
import type { Ledger } from "./ledger.ts";

/** The document as it lies there now. Whatever is wrong with it, nothing is approved by it. */
export type PolicyDocument =
  | {
      readonly state: "valid";
      readonly ref: PolicyRef;
      readonly policy: AutoApprovalPolicy;
      readonly signers: readonly { readonly person: string; readonly keyId: string }[];
    }
  | { readonly state: "invalid"; readonly ref: PolicyRef | undefined; readonly reasons: readonly string[] }
  | { readonly state: "none" };

export interface Throttle {
  /** So many approvals of the same agent, instrument and side within the window turn the policy off. */
  readonly max: number;
  readonly windowSeconds: number;
}

/** Everything that an assessment looks at. */
export interface AssessInput {
  readonly ticket: Ticket;
  /** What this process runs in. */
  readonly mode: Mode;
  readonly document: PolicyDocument;
  /** Without the order itself. */
  readonly ledger: Ledger;
  readonly kill: { readonly level: KillLevel; readonly reason: string };
  /** Why services have stopped approvals by policy, and only these; undefined: nothing stands against them. */
  readonly autoOff: string | undefined;
  readonly facts: EnvelopeFacts | { readonly missing: string };
  /** Approved for the same account, instrument and side, and not known to the gate as exposure yet; decimal text. */
  readonly approvedUnsent: string;
  /** Whose approval the ticket and the rules of this service ask for. */
  readonly demand: Demand;
  readonly throttle: Throttle;
  readonly nowMs: number;
}

/** The same with a policy and facts that are there: what most conditions need. */
export interface WithPolicy extends AssessInput {
  readonly policy: AutoApprovalPolicy;
  readonly facts: EnvelopeFacts;
}

export type Finding = Omit<AutoCheck, "check">;
export interface Check {
  readonly name: AutoCheckName;
  readonly look: (input: AssessInput) => Finding;
}

export interface Numbers {
  readonly value?: string | null;
  readonly limit?: string | null;
}

/** The condition holds. */
export function holds(message: string, numbers: Numbers = {}): Finding {
  return finding("pass", message, numbers);
}

/** The condition does not hold; the order is left to a person. */
export function fail(message: string, numbers: Numbers = {}): Finding {
  return finding("fail", message, numbers);
}

/** A fact is not there. Nobody can say whether the condition holds, so it does not. */
export function missing(message: string): Finding {
  return finding("missing", message, {});
}

function finding(outcome: Finding["outcome"], message: string, { value = null, limit = null }: Numbers): Finding {
  return { outcome, limit: cut(limit), value: cut(value), message: message.slice(0, 300) };
}

const cut = (text: string | null) => (text === null ? null : text.slice(0, 200));

/** A condition that needs the policy and the facts of the gate; without them it is missing. */
export function withPolicy(name: AutoCheckName, look: (input: WithPolicy) => Finding): Check {
  return {
    name,
    look: (input) => {
      const { document, facts } = input;
      if (document.state !== "valid") return missing("there is no valid policy to compare with");
      if ("missing" in facts) return missing(`the gate gave no facts: ${facts.missing}`);
      return look({ ...input, policy: document.policy, facts });
    },
  };
}
