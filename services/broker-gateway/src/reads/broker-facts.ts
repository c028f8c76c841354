import { denied, partOf } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import type { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Parts } from "../connect-parts.ts";
import { accountsOf, heldPositionsOf, manages, openOrdersOf, summaryOf } from "./accounts.ts";
import { whatIf } from "./what-if.ts";

/** Everything that the gate asks about one order, asked at once; each part fails on its own. */
export async function brokerFacts(parts: Parts, { terms, ask }: z.output<typeof RPCS.brokerFacts.request>) {
  const { account } = terms;
  const listed = ask.openOrders ? partOf(() => openOrdersOf(parts, account)) : null;
  const [accounts, summary, positions, openOrders, margins] = await Promise.all([
    partOf(() => accountsOf(parts)),
    partOf(() => summaryOf(parts, account)),
    // After the orders: one that fills in between counts twice, and never in neither.
    Promise.resolve(listed).then(() => partOf(() => heldPositionsOf(parts, account, ask.positionsHeld))),
    listed,
    ask.whatIf ? partOf(() => whatIfOf(parts, terms)) : null,
  ]);
  return { accounts, summary, positions, openOrders, whatIf: margins };
}

export async function whatIfOf(parts: Parts, terms: OrderTerms) {
  return manages(parts, terms.account) ? whatIf(parts, terms) : denied("ACCOUNT_NOT_PERMITTED");
}
