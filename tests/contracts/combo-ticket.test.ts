import { Ticket } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";
import { expect, test } from "vitest";

/** Written down once: a ticket of a combination is these bytes, for ever. */
const option = (conid: number, series: string) => ({
  conid,
  symbol: "AAPL",
  secType: "OPT",
  exchange: "SMART",
  primaryExchange: "",
  currency: "USD",
  multiplier: "100",
  longName: "APPLE INC",
  series,
});
const TICKET = {
  type: "countersign.ticket/1",
  proposalId: "prop_2brn7bfkuciirvzclcw7h54tqh",
  mode: "simulator",
  agent: "agent-1",
  terms: {
    account: "DU1234567",
    legs: [
      { conid: 700000001, side: "BUY", ratio: 1 },
      { conid: 700000002, side: "SELL", ratio: 2 },
    ],
    side: "BUY",
    quantity: "2",
    orderType: "LMT",
    limitPrice: "-0.05",
    timeInForce: "DAY",
  },
  instrument: {
    symbol: "AAPL",
    secType: "BAG",
    exchange: "SMART",
    currency: "USD",
    multiplier: "100",
    legs: [option(700000001, "20261218 C 200"), option(700000002, "20261218 C 210")],
  },
  verdictHash: "a".repeat(64),
  policyHash: "b".repeat(64),
  createdAt: "2026-11-20T15:30:20.000Z",
  expiresAt: "2026-11-20T15:32:20.000Z",
  nonce: "n".repeat(22),
};

test("the ticket of a combination is taken as it is, and its hash never changes", () => {
  expect(Ticket.parse(TICKET)).toEqual(TICKET);
  expect(canonicalHash(Ticket.parse(TICKET))).toBe("c0f36e1b494849bf47e8c15d535def106ac521464318e78e04d84ebde2d5f7f8");
});

test("whatever changes in a leg, or in their order, changes the hash", () => {
  const [first, second] = TICKET.terms.legs;
  const described = TICKET.instrument.legs[1];
  const withLegs = (...legs: unknown[]) => ({ ...TICKET, terms: { ...TICKET.terms, legs } });
  const others = [
    withLegs(first, { ...second, ratio: 1 }),
    withLegs(first, { ...second, side: "BUY" }),
    withLegs(first, { ...second, conid: 700000003 }),
    withLegs(second, first),
    {
      ...TICKET,
      instrument: {
        ...TICKET.instrument,
        legs: [TICKET.instrument.legs[0], { ...described, series: "20261218 C 220" }],
      },
    },
  ].map((ticket) => canonicalHash(Ticket.parse(ticket)));
  expect(new Set([canonicalHash(TICKET), ...others]).size).toBe(others.length + 1);
});
