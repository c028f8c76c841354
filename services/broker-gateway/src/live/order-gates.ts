import type { KillLevel } from "@countersign/contracts/control";
import type { LiveGate } from "@countersign/contracts/live";
import type { LiveConfig } from "./live-config.ts";
import { gate } from "./system-gates.ts";

/** What is known of the one order that is about to be sent. */
export interface LiveOrder {
  readonly account: string;
  readonly agent: string;
  readonly policyHash: string;
  readonly verdictPasses: boolean;
  /** From the proposal's first fact; undefined: the log has none. */
  readonly idempotencyKey: string | undefined;
  readonly ticketExpiresAtMs: number;
  /** When the first of the approvers signed. */
  readonly approvedAtMs: number;
  /** Who countersigned, each with the kind of the key. */
  readonly approvers: readonly { readonly person: string; readonly kind: string }[];
  readonly killLevel: KillLevel;
  /** Whether TWS manages the account. */
  readonly managed: boolean;
}

const APPROVERS_MIN = 2;

/** Pure: the gates that are looked at for each order, right before its intent is written. */
export function orderGates({ liveTrading }: LiveConfig, order: LiveOrder): LiveGate[] {
  const { allowedAccounts, allowedAgents, riskPolicyHash } = liveTrading;
  const { account, agent, policyHash, approvers } = order;
  const persons = new Set(approvers.filter(({ kind }) => kind === "passkey").map(({ person }) => person));
  const listed = allowedAccounts.includes(account);
  const policyFits = riskPolicyHash !== null && policyHash === riskPolicyHash;
  return [
    gate(
      "accountAllowlisted",
      listed && order.managed,
      `${account} is ${listed ? "" : "not "}on the list, TWS ${order.managed ? "manages" : "does not manage"} it`,
    ),
    gate(
      "agentPermitted",
      allowedAgents.includes(agent),
      `${agent}; permitted: ${allowedAgents.join(", ") || "nobody"}`,
    ),
    gate(
      "ticketUnexpired",
      order.approvedAtMs < order.ticketExpiresAtMs,
      "first signature against the ticket's expiry",
    ),
    gate("approvalRecord", persons.size >= APPROVERS_MIN, `${persons.size} persons with passkeys`),
    gate("idempotencyKey", order.idempotencyKey !== undefined, "of the proposal's first fact"),
    gate(
      "riskPolicyPass",
      policyFits && order.verdictPasses,
      `policy ${policyHash.slice(0, 12)}, for live ${riskPolicyHash?.slice(0, 12) ?? "none"}, verdict ${order.verdictPasses ? "pass" : "deny"}`,
    ),
    gate("killSwitchOpen", order.killLevel === "ACTIVE", `the strictest level is ${order.killLevel}`),
  ];
}
