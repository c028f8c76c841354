import { type Approvals, signaturesOf } from "@countersign/contracts/approvals";
import type { Demand } from "@countersign/contracts/demand";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { SignedApproval } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";
import type { Roster } from "./roster.ts";
import { type Signer, verifySignature } from "./verify-signature.ts";

export type Verification =
  | { readonly outcome: "verified"; readonly signers: readonly Signer[] }
  | { readonly outcome: "denied"; readonly denial: Denial };

/**
 * Whether these signatures, by themselves, approve one and the same ticket as the demand wants it: each good, each by
 * another person, none by the proposer, as many and with such keys as are asked for. Times and terms are the caller's to judge.
 */
export async function verifyApprovals(roster: Roster, approvals: Approvals, demand: Demand): Promise<Verification> {
  const all = signaturesOf(approvals);
  const signers: Signer[] = [];
  for (const one of all) {
    const checked = await verifySignature(roster, one);
    if (checked.outcome === "denied") return checked;
    signers.push(checked.signer);
  }
  const refused = sameTicket(all) ?? ownTicket(all) ?? unmet(signers, demand);
  return refused ?? { outcome: "verified", signers };
}

function sameTicket(all: readonly SignedApproval[]) {
  const [first] = all;
  const hash = first?.statement.ticketHash;
  const same = all.every(({ statement }) => statement.ticketHash === hash && canonicalHash(statement.ticket) === hash);
  return same
    ? undefined
    : denied("TICKET_HASH_MISMATCH", "the hash is not that of the ticket, or there are two tickets");
}

function ownTicket(all: readonly SignedApproval[]) {
  return all.some(({ statement }) => statement.approver === statement.ticket.agent)
    ? denied("SELF_APPROVAL")
    : undefined;
}

/** A policy stands for nobody: where two people or a passkey are asked for, it is not enough. */
function unmet(signers: readonly Signer[], { approvals, keys }: Demand) {
  const people = new Set(signers.map(({ person }) => person));
  if (people.size !== signers.length) return denied("SECOND_APPROVER_REQUIRED", "the same person signed twice");
  if (signers.length > 1 && signers.some(({ kind }) => kind === "policy"))
    return denied("SECOND_APPROVER_REQUIRED", "a policy does not stand for a person");
  if (signers.length < approvals) return denied("SECOND_APPROVER_REQUIRED");
  const weak = keys === "passkey" && signers.some(({ kind }) => kind !== "passkey");
  return weak ? denied("PASSKEY_REQUIRED") : undefined;
}
