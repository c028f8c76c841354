import { ProposalView } from "@countersign/contracts/proposal-view";
import { canonicalHash } from "@countersign/ids/hash";

const AT = "2026-11-20T10:00:00.000Z";
const HASH = "a".repeat(64);

/** A proposal that waits for a person, with the right hash of its ticket; parsed by its schema. */
export function pendingProposal(changes: Partial<ProposalView> = {}): ProposalView {
  const terms = {
    account: "DU1234567",
    conid: 265598,
    side: "BUY" as const,
    quantity: "10",
    orderType: "LMT" as const,
    limitPrice: "231.4",
    timeInForce: "DAY" as const,
  };
  const proposalId = `prop_${"a".repeat(26)}`;
  const ticket = {
    type: "countersign.ticket/1" as const,
    proposalId,
    mode: "simulator" as const,
    agent: "agent",
    terms,
    instrument: {
      conid: 265598,
      symbol: "AAPL",
      secType: "STK",
      exchange: "SMART",
      primaryExchange: "NASDAQ",
      currency: "USD",
      multiplier: "1",
      longName: "APPLE INC",
    },
    verdictHash: HASH,
    policyHash: HASH,
    createdAt: AT,
    expiresAt: "2026-11-20T10:10:00.000Z",
    nonce: "n".repeat(22),
  };
  return ProposalView.parse({
    proposalId,
    state: "PENDING_APPROVAL",
    mode: "simulator",
    agent: "agent",
    account: terms.account,
    terms,
    rationale: "trim",
    createdAt: AT,
    expiresAt: ticket.expiresAt,
    ticket,
    ticketHash: canonicalHash(ticket),
    verdict: null,
    simulation: null,
    decision: null,
    order: null,
    history: [],
    ...changes,
  });
}
