import * as z from "zod";
import { FaultBody, replyOf } from "../denial.ts";
import { OrderTerms } from "../order.ts";
import { ConId } from "../primitives.ts";
import { AccountsReply, OpenOrdersReply, PositionsReply, SummaryReply, WhatIfReply } from "./broker.v1.ts";
import { QuoteReply, SessionReply } from "./market-data.v1.ts";

const Failed = z.strictObject({ outcome: z.literal("fault"), fault: FaultBody });

/** A `Part` of `denial.ts`. */
const partOf = <T extends z.ZodDiscriminatedUnion>(reply: T) => z.union([reply, Failed]);

/** broker-facts: everything that the gate must hear from the broker about one order, in one round trip. */
export const BrokerFactsRequest = z.strictObject({
  terms: OrderTerms,
  ask: z.strictObject({
    whatIf: z.boolean().describe("Ask the broker for margin and commission; costs one message of the pacing budget"),
    openOrders: z.boolean().describe("Ask for what is open at the broker; costs one message of the pacing budget"),
  }),
});
export const BrokerFactsReply = replyOf(
  z.strictObject({
    accounts: partOf(AccountsReply),
    summary: partOf(SummaryReply),
    positions: partOf(PositionsReply),
    openOrders: partOf(OpenOrdersReply).nullable().describe("null: not asked"),
    whatIf: partOf(WhatIfReply).nullable().describe("null: not asked"),
  }),
);

/** market-facts: everything that the gate must hear about the market of one order, in one round trip. */
export const MarketFactsRequest = z.strictObject({
  conid: ConId,
  maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest quote the caller accepts"),
});
export const MarketFactsReply = replyOf(z.strictObject({ quote: partOf(QuoteReply), session: partOf(SessionReply) }));
