import { legSide, legsOf } from "@countersign/contracts/combo";
import { Fault } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { add, decimal, multiply, toText, ZERO } from "@countersign/money/decimal";
import type { OrderRecord } from "@countersign/orders/projection";
import type { AssessInput } from "./check.ts";
import type { PolicyDeps } from "./deps.ts";

/**
 * What the gate says about the order, and what it cannot know yet: orders of the same side that are approved, or about to
 * be, and of which the log showed no intent when it was asked.
 */
export async function gatherForPolicy(
  deps: PolicyDeps,
  record: OrderRecord,
  ticket: Ticket,
): Promise<Pick<AssessInput, "facts" | "approvedUnsent">> {
  const approvedUnsent = unsentBeside(deps, record);
  const afterSequence = deps.orders.lastSequence();
  const correlationId = ticket.proposalId;
  try {
    const reply = await deps.bus.request(RPCS.envelope, { ticket, afterSequence }, { correlationId });
    const facts = reply.outcome === "ok" ? reply.value : { missing: reply.denial.message };
    return { facts, approvedUnsent };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { facts: { missing: `${error.code}: ${error.message}` }, approvedUnsent };
  }
}

function unsentBeside(deps: PolicyDeps, { view }: OrderRecord): string {
  const { account, conid, side } = view.terms;
  const used = new Set(deps.ledger.known().uses.map(({ proposalId }) => proposalId));
  const beside = deps
    .undecided()
    .map((other) => other.view)
    .filter(({ proposalId, state }) => proposalId !== view.proposalId && (state === "APPROVED" || used.has(proposalId)))
    .filter(({ terms }) => terms.account === account)
    // A leg of a combination counts like an order of its own.
    .flatMap(({ terms }) => legsOf(terms).map((leg) => ({ ...leg, side: legSide(terms.side, leg), terms })))
    .filter((leg) => leg.conid === conid && leg.side === side);
  const units = beside.map(({ ratio, terms }) => multiply(decimal(String(ratio)), decimal(terms.quantity)));
  return toText(units.reduce(add, ZERO));
}
