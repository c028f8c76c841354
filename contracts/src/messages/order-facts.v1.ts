import * as z from "zod";
import { Position } from "../account.ts";
import { FaultBody, replyOf } from "../denial.ts";
import { DataType } from "../market-value.ts";
import { LEGS_MAX, OrderTerms } from "../order.ts";
import { AccountId, ConId, CurrencyCode, DecimalText, UtcText } from "../primitives.ts";
import { AccountsReply, OpenOrdersReply, SummaryReply, WhatIfReply } from "./broker.v1.ts";
import { QuoteReply, SessionReply } from "./market-data.v1.ts";
import { BarsReply } from "./md-bars.v1.ts";
import { RateReply } from "./md-fx.v1.ts";

const Failed = z.strictObject({ outcome: z.literal("fault"), fault: FaultBody });

/** A `Part` of `denial.ts`. */
const partOf = <T extends z.ZodDiscriminatedUnion>(reply: T) => z.union([reply, Failed]);

/** Of a list that the gateway holds: another process, or any change of a row, has another one. */
const ListVersion = z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/);

const HeldPositions = z.strictObject({
  account: AccountId,
  version: ListVersion,
  positions: z
    .array(Position)
    .nullable()
    .describe("Complete as of `asOf`; null: exactly those of the version that was named in the question"),
  source: z.string().max(40),
  asOf: UtcText.describe("When TWS last stood by the list, told anew with every answer"),
});

/** broker-facts: everything that the gate must hear from the broker about one order, in one round trip. */
export const BrokerFactsRequest = z.strictObject({
  terms: OrderTerms,
  ask: z.strictObject({
    whatIf: z.boolean().describe("Ask the broker for margin and commission; costs one message of the pacing budget"),
    openOrders: z.boolean().describe("Ask for what is open at the broker; costs one message of the pacing budget"),
    positionsHeld: ListVersion.nullable().describe("The version of which the gate has all rows; null: it has none"),
  }),
});
export const BrokerFactsReply = replyOf(
  z.strictObject({
    accounts: partOf(AccountsReply),
    summary: partOf(SummaryReply),
    positions: partOf(replyOf(HeldPositions)),
    openOrders: partOf(OpenOrdersReply).nullable().describe("null: not asked"),
    whatIf: partOf(WhatIfReply).nullable().describe("null: not asked"),
  }),
);

/** market-facts: everything that the gate must hear about the market of one order, in one round trip. */
export const MarketFactsRequest = z.strictObject({
  conids: z.array(ConId).min(1).max(LEGS_MAX).describe("What the order trades: its instrument, or each leg"),
  maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest quote that is accepted, also of the legs of the rate"),
  rateTo: CurrencyCode.nullable().describe("Into which currency the order is valued; null: no rate is wanted"),
  dailyBars: z.int().min(0).max(260).describe("For so many days; 0: none are wanted"),
});
const InstrumentMarket = z.strictObject({
  conid: ConId,
  quote: partOf(QuoteReply),
  session: partOf(SessionReply),
  dailyBars: partOf(BarsReply).nullable().describe("null: not asked"),
  averageVolume: z
    .strictObject({
      sessions: z.int().min(0).describe("Finished sessions with a volume, which are averaged"),
      volume: DecimalText.nullable().describe("Of one session, rounded down to a whole unit; null: none is known"),
      unit: z.enum(["shares", "contracts", "units"]).nullable(),
    })
    .nullable()
    .describe("Over the daily bars, as old as they are; null: there are none"),
});
export const MarketFactsReply = replyOf(
  z.strictObject({
    instruments: z.array(InstrumentMarket).min(1).max(LEGS_MAX).describe("In the order of the request"),
    rate: partOf(RateReply).nullable().describe("From the currency of the instruments, at mid; null: not asked"),
  }),
);

/** shortable: what the broker says of shares that can be borrowed. */
export const ShortableRequest = z.strictObject({
  conid: ConId,
  maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest answer of the broker that is accepted"),
});
export const Shortable = z.strictObject({
  conid: ConId,
  level: DecimalText.nullable().describe(
    "As TWS grades it: above 2.5 at least 1,000 shares can be borrowed, above 1.5 they must be located first; null: not said",
  ),
  shares: DecimalText.nullable().describe("That can be borrowed; null: not said"),
  dataType: DataType,
  source: z.string().max(40),
  asOf: UtcText,
  ageMs: z.int().min(0).describe("Age when the answer was written"),
});
export type Shortable = z.infer<typeof Shortable>;
export const ShortableReply = replyOf(Shortable);
