import type { Instrument } from "@countersign/contracts/instrument";
import type { Mode } from "@countersign/contracts/mode";
import type { OrderTerms, Ticket } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";

export interface TicketInput {
  readonly proposalId: string;
  readonly mode: Mode;
  readonly agent: string;
  readonly terms: OrderTerms;
  readonly instrument: Instrument;
  readonly verdict: Verdict;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The canonical ticket and its hash: what a person reads, signs, and the gateway checks again. */
export function makeTicket(input: TicketInput): { ticket: Ticket; ticketHash: string } {
  const { conid, symbol, secType, exchange, primaryExchange, currency, multiplier, longName } = input.instrument;
  const ticket: Ticket = {
    type: "countersign.ticket/1",
    proposalId: input.proposalId,
    mode: input.mode,
    agent: input.agent,
    terms: input.terms,
    instrument: {
      conid,
      symbol,
      secType,
      exchange: exchange || "SMART",
      primaryExchange,
      currency,
      multiplier,
      longName,
    },
    verdictHash: canonicalHash(input.verdict),
    policyHash: input.verdict.policyHash,
    createdAt: input.createdAt,
    expiresAt: input.expiresAt,
    nonce: newNonce(),
  };
  return { ticket, ticketHash: canonicalHash(ticket) };
}
