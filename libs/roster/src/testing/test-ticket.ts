import { Ticket } from "@countersign/contracts/order";

/** A ticket of a simulator for AAPL, with other terms and fields where they are given. */
export function testTicket(terms: object, change: object = {}): Ticket {
  return Ticket.parse({
    type: "countersign.ticket/1",
    proposalId: `prop_${"a".repeat(26)}`,
    mode: "simulator",
    agent: "agent",
    terms: {
      account: "DU1234567",
      conid: 265598,
      side: "BUY",
      quantity: "10",
      orderType: "LMT",
      limitPrice: "231.4",
      timeInForce: "DAY",
      ...terms,
    },
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
    verdictHash: "a".repeat(64),
    policyHash: "b".repeat(64),
    createdAt: "2026-11-20T09:59:00.000Z",
    expiresAt: "2026-11-20T10:09:00.000Z",
    nonce: "t".repeat(22),
    ...change,
  });
}
