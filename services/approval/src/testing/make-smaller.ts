import type { Bus } from "@countersign/bus/bus";
import type { Ticket } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";
import { at, testVerdict } from "../test-support.ts";

/** What risk-gate writes when a person asks for less: another ticket, after the newest of the whole order, or after `known`. */
export async function makeSmaller(
  gate: Bus,
  before: Ticket,
  known?: number,
): Promise<{ ticket: Ticket; outcome: string }> {
  const { proposalId: id, terms } = before;
  const ticket: Ticket = { ...before, terms: { ...terms, quantity: "5" } as Ticket["terms"], nonce: newNonce() };
  const params = { account: terms.account, proposal: id };
  const [proposal, decision] = await Promise.all([
    gate.readLast(FACTS.proposal, params),
    gate.readLast(FACTS.decision, params),
  ]);
  const missing = { missing: "not simulated" };
  const hashes = { replaces: canonicalHash(before), ticketHash: canonicalHash(ticket) };
  const fact = {
    ...{ type: "reduced/1" as const, proposalId: id, at: at(), actor: { kind: "operator" as const, id: "operator" } },
    ...{
      reason: "less",
      simulation: { whatIf: missing, estimate: missing },
      verdict: testVerdict(),
      ticket,
      ...hashes,
    },
  };
  const expectedSequence = proposal?.sequence ?? 0;
  const expectedOrderSequence = known ?? Math.max(expectedSequence, decision?.sequence ?? 0);
  const answer = await gate.append(FACTS.proposal, params, fact, { expectedSequence, expectedOrderSequence });
  return { ticket, outcome: answer.outcome };
}
