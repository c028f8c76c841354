import * as z from "zod";
import { replyOf } from "../denial.ts";
import { Instrument, InstrumentKind } from "../instrument.ts";
import { ConId, CurrencyCode, DecimalText, ForeignText, UtcText } from "../primitives.ts";

/** What TWS knows about instruments, of every type. */

const known = { source: z.string().max(40), asOf: UtcText };
const name = (lengthMax: number) => z.string().regex(new RegExp(`^[A-Za-z0-9 ._/+&*'-]{1,${lengthMax}}$`));
const code = z.string().regex(/^[A-Z0-9.]{1,20}$/);

/** What is looked for; null: any. At least one of conid, symbol, localSymbol and securityId must be given. */
export const DetailsRequest = z.strictObject({
  conid: ConId.nullable(),
  symbol: name(40).nullable(),
  secType: InstrumentKind.nullable(),
  currency: CurrencyCode.nullable(),
  exchange: code.nullable(),
  primaryExchange: code.nullable(),
  lastTradeDate: z
    .string()
    .regex(/^[0-9]{6}([0-9]{2})?$/)
    .nullable()
    .describe("YYYYMM or YYYYMMDD"),
  strike: DecimalText.nullable(),
  right: z.enum(["C", "P"]).nullable(),
  multiplier: DecimalText.nullable(),
  localSymbol: name(40).nullable(),
  tradingClass: name(40).nullable(),
  includeExpired: z.boolean().describe("Only futures have a past"),
  securityId: z.strictObject({ type: z.enum(["ISIN", "CUSIP", "SEDOL", "FIGI"]), id: code }).nullable(),
  offset: z.int().min(0).max(10_000),
  limit: z.int().min(1).max(30),
});

export const Bond = z.strictObject({
  cusip: z.string().max(40),
  coupon: DecimalText.nullable(),
  maturity: z.string().max(60),
  issueDate: z.string().max(20),
  ratings: z.string().max(100),
  bondType: z.string().max(60),
  couponType: z.string().max(60),
  convertible: z.boolean(),
  callable: z.boolean(),
  putable: z.boolean(),
  description: ForeignText,
  nextOptionDate: z.string().max(20),
  nextOptionType: z.string().max(20),
  notes: ForeignText,
});

/** An instrument with everything that TWS says; unlike an Instrument it may lack what an order needs. */
export const InstrumentDetails = Instrument.omit({
  multiplier: true,
  minTick: true,
  minSize: true,
  sizeIncrement: true,
  underlyingConid: true,
}).extend({
  multiplier: DecimalText.nullable(),
  minTick: DecimalText.nullable(),
  minSize: DecimalText.nullable(),
  sizeIncrement: DecimalText.nullable(),
  suggestedSizeIncrement: DecimalText.nullable(),
  marketName: z.string().max(40),
  priceMagnifier: z.int().nullable().describe("Prices of TWS divided by this are prices in the currency"),
  marketRuleIds: z.array(z.int()).max(200).describe("One for each of validExchanges, in their order"),
  underlying: z.strictObject({ conid: ConId, symbol: z.string().max(40), secType: z.string().max(10) }).nullable(),
  contractMonth: z.string().max(10),
  realExpirationDate: z.string().max(20),
  lastTradeTime: z.string().max(60).describe("With its time zone, when TWS gives one"),
  stockType: z.string().max(40),
  subcategory: ForeignText,
  securityIds: z.array(z.strictObject({ type: z.string().max(40), id: z.string().max(60) })).max(50),
  ineligibility: z.array(z.strictObject({ id: z.string().max(60), description: ForeignText })).max(50),
  bond: Bond.nullable(),
});
export type InstrumentDetails = z.infer<typeof InstrumentDetails>;
/** total: how many fit; the answer has those from `offset` on. None at all is a denial, not an empty list. */
export const DetailsReply = replyOf(
  z.strictObject({ total: z.int().min(1), instruments: z.array(InstrumentDetails).max(30), ...known }),
);

export const OptionChainsRequest = z.strictObject({
  conid: ConId.describe("The underlying"),
  exchange: code.nullable().describe("Where options on a future trade; null for options on anything else"),
});
export const OptionChain = z.strictObject({
  exchange: z.string().max(20),
  tradingClass: z.string().max(40),
  multiplier: DecimalText.nullable(),
  expirations: z.array(z.string().regex(/^[0-9]{8}$/)).max(2000),
  strikes: z.array(DecimalText).max(5000),
});
export const OptionChainsReply = replyOf(
  z.strictObject({ underlying: ConId, chains: z.array(OptionChain).max(500), ...known }),
);

/** The price step of a market rule from each price upwards. */
export const MarketRuleRequest = z.strictObject({ ruleId: z.int().min(0).max(1_000_000) });
export const MarketRule = z.strictObject({
  ruleId: z.int(),
  steps: z
    .array(z.strictObject({ from: DecimalText, step: DecimalText }))
    .min(1)
    .max(200),
  ...known,
});
export const MarketRuleReply = replyOf(MarketRule);

/** Which exchange a letter of a consolidated quote stands for. */
export const SmartComponentsRequest = z.strictObject({ bboExchange: z.string().regex(/^[A-Za-z0-9]{1,20}$/) });
export const SmartComponentsReply = replyOf(
  z.strictObject({
    components: z
      .array(z.strictObject({ bit: z.int().min(0), exchange: z.string().max(20), letter: z.string().max(5) }))
      .max(500),
    ...known,
  }),
);

export const DepthExchangesRequest = z.strictObject({});
export const DepthExchangesReply = replyOf(
  z.strictObject({
    exchanges: z
      .array(
        z.strictObject({
          exchange: z.string().max(20),
          secType: z.string().max(10),
          listingExchange: z.string().max(20),
          service: z.string().max(20),
          aggregationGroup: z.int().nullable(),
        }),
      )
      .max(1000),
    ...known,
  }),
);
