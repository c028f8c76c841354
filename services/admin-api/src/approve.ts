import { Fault } from "@countersign/contracts/denial";
import type { State } from "@countersign/contracts/life";
import type { Submission } from "@countersign/contracts/messages/approval.v1";
import type { SignedApproval, Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import type { ApprovalSigner, ToApprove } from "./approval-signing.ts";
import type { Backend } from "./backend.ts";
import { deny, expectOk, ProblemAnswer, problemOfDenial, problemOfFault } from "./problem.ts";

export interface Approved {
  readonly proposalId: string;
  readonly state: State;
  readonly ticketHash: string;
  readonly submission: Submission;
}

/** The stored ticket of a proposal, if the hash given is its hash, computed anew here. */
export async function ticketToApprove(
  backend: Backend,
  { proposalId, ticketHash }: { proposalId: string; ticketHash: string },
): Promise<Ticket> {
  const options = { correlationId: proposalId };
  const view = expectOk(await backend.request(RPCS.getProposal, { proposalId, agent: null }, options));
  const { ticket } = view;
  if (ticket === null) return deny("PROPOSAL_NOT_PENDING", "The proposal is not judged yet.", { state: view.state });
  if (canonicalHash(ticket) !== ticketHash || ticket.proposalId !== proposalId) return deny("TICKET_HASH_MISMATCH");
  return ticket;
}

/**
 * Countersigns the ticket that the operator saw, with the key that this service holds for them. Whether it may still be
 * approved is decided by approval, which also records a refusal.
 */
export async function approveProposal(
  { backend, signer }: { backend: Backend; signer: ApprovalSigner },
  given: { proposalId: string } & Omit<ToApprove, "ticket">,
): Promise<Approved> {
  const { proposalId, ...said } = given;
  const ticket = await ticketToApprove(backend, given);
  return passApproval(backend, proposalId, signer.approve({ ticket, ...said }));
}

/** Hands a signature on. Success means that the order was sent, or that the first of two signatures stands. */
export async function passApproval(backend: Backend, proposalId: string, approval: SignedApproval): Promise<Approved> {
  const { ticketHash, ticket } = approval.statement;
  if (ticket.proposalId !== proposalId) return deny("TICKET_HASH_MISMATCH", "The signature is for another proposal.");
  const answer = expectOk(await backend.request(RPCS.approve, { approval }, { correlationId: proposalId }));
  return confirmed({ ...answer, ticketHash });
}

function confirmed(approved: Approved): Approved {
  const { submission, state } = approved;
  switch (submission.outcome) {
    case "sent":
    case "awaitsSecond":
      return approved;
    case "denied":
      throw new ProblemAnswer(problemOfDenial(submission.denial, { state, approved: true, sent: false }));
    case "unknown": {
      const fault = new Fault("OUTCOME_UNKNOWN", submission.reason);
      throw new ProblemAnswer(problemOfFault(fault, { state, approved: true }));
    }
  }
}
