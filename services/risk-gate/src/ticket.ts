import { comboOf } from "@countersign/contracts/combo";
import type { Demand } from "@countersign/contracts/demand";
import type { Instrument } from "@countersign/contracts/instrument";
import type { Mode } from "@countersign/contracts/mode";
import type { OrderTerms, Ticket, TicketInstrument } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";
import { verdictHash } from "./verdict-hash.ts";

export interface TicketInput {
  readonly proposalId: string;
  readonly mode: Mode;
  readonly agent: string;
  readonly terms: OrderTerms;
  /** One for each instrument of the terms, in their order. */
  readonly instruments: readonly Instrument[];
  readonly verdict: Verdict;
  readonly demand: Demand;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** The order that it changes; undefined: a new one. */
  readonly modifies?: Ticket["modifies"] | undefined;
}

/** The canonical ticket and its hash: what a person reads, signs, and the gateway checks again. */
export function makeTicket(input: TicketInput): { ticket: Ticket; ticketHash: string } {
  const ticket: Ticket = {
    type: "countersign.ticket/1",
    proposalId: input.proposalId,
    mode: input.mode,
    agent: input.agent,
    terms: input.terms,
    instrument: instrumentOf(input),
    verdictHash: verdictHash(input.verdict),
    policyHash: input.verdict.policyHash,
    createdAt: input.createdAt,
    expiresAt: input.expiresAt,
    nonce: newNonce(),
    ...(input.modifies !== undefined && { modifies: input.modifies }),
    ...(input.demand.approvals !== 1 && { approvals: input.demand.approvals }),
    ...(input.demand.keys !== "session" && { keys: input.demand.keys }),
  };
  return { ticket, ticketHash: canonicalHash(ticket) };
}

function instrumentOf({ terms, instruments }: TicketInput): Ticket["instrument"] {
  const legs = instruments.map(named);
  const [first] = legs;
  if (first === undefined) throw new TypeError("a ticket without an instrument");
  return terms.legs === undefined ? first : { ...comboOf(legs), secType: "BAG", legs };
}

function named(instrument: Instrument): TicketInstrument {
  const { conid, symbol, secType, exchange, primaryExchange, currency, multiplier, longName } = instrument;
  const { lastTradeDate, right, strike } = instrument;
  const series = [lastTradeDate, right, strike].filter((part) => part !== null && part !== "").join(" ");
  return {
    ...{ conid, symbol, secType, exchange: exchange || "SMART", primaryExchange, currency, multiplier, longName },
    ...(series !== "" && { series }),
  };
}
