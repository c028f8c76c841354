import { ok } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import type { OrderRecord } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import type { PolicyDeps } from "./deps.ts";
import { gatherForPolicy } from "./gather.ts";
import { FACTS, ticketWith } from "./testing/envelope-input.ts";

const ticket = ticketWith();
const record = (proposalId: string, state: string, change: object = {}) => {
  const terms = { ...ticket.terms, quantity: "3", ...change } as OrderTerms;
  return { view: { proposalId, state, terms, account: terms.account, ticket } } as unknown as OrderRecord;
};

/** What is approved and not sent beside the order of the ticket, while these are undecided or unsent. */
async function beside(others: readonly OrderRecord[], used: readonly string[] = []) {
  const deps = {
    bus: { request: async () => ok(FACTS) },
    orders: { lastSequence: () => 3 },
    ledger: { known: () => ({ uses: used.map((proposalId) => ({ proposalId })) }) },
    undecided: () => others,
  } as unknown as PolicyDeps;
  const { approvedUnsent } = await gatherForPolicy(deps, record(ticket.proposalId, "PENDING_APPROVAL"), ticket);
  return approvedUnsent;
}

test("orders of its side that are approved, or that the policy is about to approve, count; others and itself do not", async () => {
  expect(await beside([])).toBe("0");
  expect(await beside([record("a", "APPROVED"), record("b", "PENDING_APPROVAL")])).toBe("3");
  expect(await beside([record("a", "APPROVED"), record("b", "PENDING_APPROVAL")], ["b"])).toBe("6");
  const elsewhere = [{ account: "DU7654321" }, { conid: 7 }, { side: "SELL" }];
  expect(await beside(elsewhere.map((change) => record("c", "APPROVED", change)))).toBe("0");
  expect(await beside([record(ticket.proposalId, "APPROVED")])).toBe("0");
});

test("a leg of an approved combination counts with its ratio, on the side on which it trades", async () => {
  const legs = (side: "BUY" | "SELL") => [
    { conid: ticket.terms.conid, side, ratio: 2 },
    { conid: 7, side: "BUY", ratio: 1 },
  ];
  const combo = (side: "BUY" | "SELL", leg: "BUY" | "SELL") =>
    record("d", "APPROVED", { conid: undefined, side, legs: legs(leg) });
  expect(await beside([combo("BUY", "BUY")])).toBe("6");
  expect(await beside([combo("SELL", "SELL")])).toBe("6");
  expect(await beside([combo("SELL", "BUY")])).toBe("0");
});
