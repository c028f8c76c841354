import * as z from "zod";
import { AccountExecution, AccountSummary, OpenOrder, Position } from "../account.ts";
import { BarDuration, BarSize, WhatToShow } from "../bars.ts";
import { BrokerCondition } from "../broker-conditions.ts";
import { replyOf } from "../denial.ts";
import { FARM_KINDS } from "../ib-codes.ts";
import { Instrument, InstrumentCandidate, InstrumentKind, Quote } from "../instrument.ts";
import { Mode } from "../mode.ts";
import { OrderTerms } from "../order.ts";
import { AccountId, ConId, CurrencyCode, DecimalText, freeText, UtcText } from "../primitives.ts";
import { BrokerWhatIf } from "../verdict.ts";

/** status: the link to TWS, for health pages and the doctor. Answers also when the link is down. */
export const BrokerStatusRequest = z.strictObject({});
export const BrokerStatus = z.strictObject({
  mode: Mode,
  link: z.enum(["down", "connecting", "reconciling", "up"]),
  since: UtcText,
  serverVersion: z.int().nullable(),
  accounts: z.array(AccountId),
  clientId: z.int().describe("Under which orders are sent"),
  connectedAs: z
    .int()
    .nullable()
    .describe("Client id of the connection; another than clientId only reads. Null: there is none"),
  writerEpoch: z.int().nullable(),
  lastReconciliation: UtcText.nullable(),
  unknownOrders: z.int().min(0),
  hold: z
    .strictObject({
      code: z.enum(["BROKER_UNAVAILABLE", "BROKER_RESTARTING", "BROKER_READ_ONLY"]),
      reason: z.string().max(500),
    })
    .nullable()
    .describe("Why nothing is submitted now; null: nothing stands against it"),
  conditions: z.array(BrokerCondition).max(200).describe("What is wrong or odd, worst first"),
  nextRestarts: z.array(z.strictObject({ kind: z.enum(["dailyRestart", "weeklyLogin"]), at: UtcText })).max(20),
  farms: z
    .array(
      z.strictObject({
        name: z.string().max(40),
        kind: z.enum(FARM_KINDS),
        state: z.enum(["ok", "broken", "idle", "connecting"]),
      }),
    )
    .max(100)
    .describe("The broker's servers behind TWS, as far as TWS has named them on this connection"),
  faults: z
    .array(
      z.strictObject({
        code: z.int().nullable(),
        text: z.string().max(300).describe("Untrusted"),
        firstAt: UtcText,
        lastAt: UtcText,
        count: z.int().min(1),
      }),
    )
    .max(50)
    .describe("What TWS did that was not understood, since the start"),
  detail: z.string().max(500),
});
export const BrokerStatusReply = replyOf(BrokerStatus);

const ofAccount = { account: AccountId };

export const AccountsRequest = z.strictObject({});
export const AccountsReply = replyOf(
  z.strictObject({ mode: Mode, accounts: z.array(AccountId).min(1), asOf: UtcText }),
);

export const SummaryRequest = z.strictObject(ofAccount);
export const SummaryReply = replyOf(AccountSummary);

/** positions: complete as of `asOf`; an empty list means flat, never "not known". */
export const PositionsRequest = z.strictObject(ofAccount);
export const PositionsReply = replyOf(
  z.strictObject({ ...ofAccount, positions: z.array(Position), source: z.string().max(40), asOf: UtcText }),
);

/** orders: what is open at the broker now, ours and foreign. */
export const OpenOrdersRequest = z.strictObject(ofAccount);
export const OpenOrdersReply = replyOf(z.strictObject({ ...ofAccount, orders: z.array(OpenOrder), asOf: UtcText }));

/** executions: as far back as TWS tells, usually since midnight. */
export const ExecutionsRequest = z.strictObject(ofAccount);
export const ExecutionsReply = replyOf(
  z.strictObject({ ...ofAccount, executions: z.array(AccountExecution), asOf: UtcText }),
);

/** whatif: the broker's own margin and commission for an order that is not placed. */
export const WhatIfRequest = z.strictObject({ terms: OrderTerms });
export const WhatIfReply = replyOf(BrokerWhatIf);

/** The market data requests of market-data, which spends the pacing budget. */
export const BrokerQuoteRequest = z.strictObject({ conid: ConId });
export const BrokerQuoteReply = replyOf(Quote);

/** bars: one request for historical data as TWS takes it. Rows before `from` and from `until` on are left out. */
export const BrokerBarsRequest = z.strictObject({
  conid: ConId,
  barSize: BarSize,
  duration: BarDuration,
  end: UtcText.nullable().describe("Null: now"),
  from: UtcText.nullable(),
  until: UtcText.nullable(),
  whatToShow: WhatToShow,
  regularHoursOnly: z.boolean(),
});
const figure = DecimalText.nullable();
/** A bar as it came, with what cannot be a number as null. Time: an instant within a day, else a date. */
export const BarRow = z
  .tuple([z.string().max(60), figure, figure, figure, figure, figure, figure, z.int().nullable()])
  .describe("time, open, high, low, close, volume, average price, count");
export type BarRow = z.infer<typeof BarRow>;
export const BrokerBarsReply = replyOf(
  z.strictObject({
    conid: ConId,
    rows: z.array(BarRow).max(10_000),
    delayed: z.boolean().describe("TWS said that it shows delayed data"),
    source: z.string().max(40),
    asOf: UtcText,
  }),
);

export const ContractRequest = z.strictObject({ conid: ConId });
export const ContractReply = replyOf(
  z.strictObject({ instrument: Instrument, source: z.string().max(40), asOf: UtcText }),
);

export const SearchRequest = z.strictObject({
  query: freeText(100),
  secType: InstrumentKind.nullable(),
  currency: CurrencyCode.nullable(),
  exchange: z
    .string()
    .regex(/^[A-Z0-9.]{1,20}$/)
    .nullable(),
  limit: z.int().min(1).max(100),
});
export const SearchReply = replyOf(
  z.strictObject({ candidates: z.array(InstrumentCandidate), source: z.string().max(40), asOf: UtcText }),
);
