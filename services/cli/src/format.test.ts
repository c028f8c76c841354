import { Ticket } from "@countersign/contracts/order";
import { ProposalView } from "@countersign/contracts/proposal-view";
import { expect, test } from "vitest";
import { proposalLine, proposalText } from "./format.ts";

const AT = "2026-11-20T10:00:00.000Z";
const HASH = "a".repeat(64);
const option = (conid: number, series: string) => ({
  ...{ conid, symbol: "AAPL", secType: "OPT", exchange: "SMART", primaryExchange: "", currency: "USD" },
  ...{ multiplier: "100", longName: "APPLE INC", series },
});

function spread(side: "BUY" | "SELL"): ProposalView {
  const id = `prop_${"a".repeat(26)}`;
  const terms = {
    ...{ account: "DU1234567", side, quantity: "2", timeInForce: "DAY", orderType: "LMT", limitPrice: "-0.5" },
    legs: [
      { conid: 11, side: "BUY", ratio: 1 },
      { conid: 12, side: "SELL", ratio: 3 },
    ],
  };
  const about = { proposalId: id, mode: "simulator", agent: "agent-1", terms, createdAt: AT, expiresAt: AT };
  const bag = { symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD", multiplier: "100" };
  const ticket = Ticket.parse({
    ...{ ...about, type: "countersign.ticket/1", verdictHash: HASH, policyHash: HASH, nonce: "n".repeat(22) },
    instrument: { ...bag, legs: [option(11, "20261218 C 200"), option(12, "20261218 C 210")] },
  });
  const none = { verdict: null, simulation: null, decision: null, order: null, history: [] };
  const view = { ...about, ...none, state: "PENDING_APPROVAL", account: terms.account, rationale: "why" };
  return ProposalView.parse({ ...view, ticket, ticketHash: HASH });
}

test("a combination: what it is, and what happens to each leg", () => {
  const lines = proposalText(spread("BUY")).split("\n");
  expect(lines[1]).toBe("BUY 2 x combo: +1 AAPL 20261218 C 200, -3 AAPL 20261218 C 210  limit -0.5  DAY");
  expect(lines.slice(2, 4)).toEqual([
    "  BUY 2 x 1 AAPL 20261218 C 200 · APPLE INC · OPT · USD · conid 11",
    "  SELL 2 x 3 AAPL 20261218 C 210 · APPLE INC · OPT · USD · conid 12",
  ]);
});

test("a combination that is sold: each leg says what is really done with it", () => {
  const lines = proposalText(spread("SELL")).split("\n");
  expect(lines.slice(2, 4).map((line) => line.trim().slice(0, 10))).toEqual(["SELL 2 x 1", "BUY 2 x 3 "]);
  expect(proposalLine(spread("SELL"))).toContain("SELL 2 x combo: +1 AAPL");
});
