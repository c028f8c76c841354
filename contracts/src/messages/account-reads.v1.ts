import * as z from "zod";
import { OpenOrder, Position } from "../account.ts";
import { replyOf } from "../denial.ts";
import { AccountId, ConId, CurrencyCode, DecimalText, ForeignText, UtcText } from "../primitives.ts";

/** What operators may read of an account beyond its summary. A figure that TWS does not give is null, never zero. */

const known = { source: z.string().max(40), asOf: UtcText };
const ofAccount = { account: AccountId };
export const ModelCode = z
  .string()
  .regex(/^[A-Za-z0-9 _.-]{1,40}$/)
  .nullable()
  .describe("Model portfolio of an advisor; null: the account as a whole");

/** One value of the account window, in the words of TWS. */
export const AccountValue = z.strictObject({
  key: z.string().min(1).max(60),
  value: z.string().max(200).describe("As TWS writes it: a number, a name or a time"),
  currency: z.string().min(1).max(10).nullable().describe("A currency or BASE; null when the value is no money"),
});
export type AccountValue = z.infer<typeof AccountValue>;

export const PortfolioRow = z.strictObject({
  conid: ConId,
  symbol: z.string().max(40),
  secType: z.string().max(10),
  currency: CurrencyCode,
  quantity: DecimalText.describe("Negative: short"),
  marketPrice: DecimalText.nullable(),
  marketValue: DecimalText.nullable(),
  averageCost: DecimalText.nullable(),
  unrealizedPnl: DecimalText.nullable(),
  realizedPnl: DecimalText.nullable(),
});
export type PortfolioRow = z.infer<typeof PortfolioRow>;

export const AccountUpdatesRequest = z.strictObject(ofAccount);
export const AccountUpdatesReply = replyOf(
  z.strictObject({
    ...ofAccount,
    values: z.array(AccountValue).min(1).max(2000),
    portfolio: z.array(PortfolioRow).max(2000),
    updatedAt: z.string().max(20).nullable().describe("Hour and minute in the time zone of TWS"),
    ...known,
  }),
);

export const AccountValuesRequest = z.strictObject({ ...ofAccount, modelCode: ModelCode });
export const AccountValuesReply = replyOf(
  z.strictObject({ ...ofAccount, modelCode: ModelCode, values: z.array(AccountValue).max(2000), ...known }),
);

export const ModelPositionsRequest = z.strictObject({ ...ofAccount, modelCode: ModelCode });
export const ModelPositionsReply = replyOf(
  z.strictObject({
    ...ofAccount,
    positions: z.array(Position.extend({ modelCode: ModelCode })).max(2000),
    ...known,
  }),
);

const pnl = {
  daily: DecimalText.nullable(),
  unrealized: DecimalText.nullable(),
  realized: DecimalText.nullable(),
};

/** Profit and loss in the account's base currency. */
export const PnlRequest = z.strictObject({ ...ofAccount, modelCode: ModelCode });
export const PnlReply = replyOf(z.strictObject({ ...ofAccount, modelCode: ModelCode, ...pnl, ...known }));

/** Profit and loss of one position, in the account's base currency. */
export const PositionPnlRequest = z.strictObject({ ...ofAccount, conid: ConId });
export const PositionPnlReply = replyOf(
  z.strictObject({
    ...ofAccount,
    conid: ConId,
    quantity: DecimalText.nullable(),
    ...pnl,
    value: DecimalText.nullable(),
    ...known,
  }),
);

/** An order that is over: no order id, because TWS forgets it. */
export const CompletedOrder = OpenOrder.omit({ orderId: true, clientId: true }).extend({
  completedStatus: ForeignText.describe("How it ended, in the words of TWS"),
});
export type CompletedOrder = z.infer<typeof CompletedOrder>;
export const CompletedOrdersRequest = z.strictObject(ofAccount);
export const CompletedOrdersReply = replyOf(
  z.strictObject({ ...ofAccount, orders: z.array(CompletedOrder).max(2000), ...known }),
);

export const FamilyCodesRequest = z.strictObject({});
export const FamilyCodesReply = replyOf(
  z.strictObject({
    rows: z.array(z.strictObject({ account: z.string().max(20), code: z.string().max(40).nullable() })).max(1000),
    ...known,
  }),
);

export const UserInfoRequest = z.strictObject({});
export const UserInfoReply = replyOf(
  z.strictObject({
    whiteBrandingId: z.string().max(40).nullable().describe("null: not a white-branded user"),
    ...known,
  }),
);
