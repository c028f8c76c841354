import { PricingPlan } from "@countersign/contracts/costs";
import { CurrencyCode, DateText, DecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";

const SecType = z.string().regex(/^[A-Z]{2,10}$/);
const Name = z.string().regex(/^[a-z][a-zA-Z]{1,39}$/);
const Text = z.string().min(1).max(200);
const from = DateText.describe("First day on which it holds, in UTC; it holds until the next one");

/** A rate that holds from a day on: one figure, one for each way to meet the market, or known to be unknown. */
const DatedRate = z.union([
  z.strictObject({
    from,
    rate: DecimalText,
    max: DecimalText.describe("Of one order; absent: no bound").exactOptional(),
    maxShareOfValue: DecimalText.describe("Of the order's value; absent: no bound").exactOptional(),
  }),
  z.strictObject({
    from,
    remove: DecimalText,
    add: DecimalText.describe("Negative: the exchange pays"),
    open: DecimalText,
    close: DecimalText,
    belowOne: DecimalText.describe("Of the value, of what costs less than 1, when it takes from the book"),
  }),
  z.strictObject({ from, unknown: Text }),
]);
export type DatedRate = z.infer<typeof DatedRate>;

const Fee = z.union([
  z.strictObject({
    text: Text,
    side: z.enum(["sell", "both"]),
    per: z.enum(["unit", "value", "commission"]),
    source: Text,
    rates: z.array(DatedRate).min(1).max(50),
  }),
  z.strictObject({ text: Text, unknown: Text.describe("Why nobody can say it before the order") }),
]);
export type Fee = z.infer<typeof Fee>;

/** In the currency of the instrument, unless it names one. */
const Commission = z.strictObject({
  perUnit: DecimalText.exactOptional(),
  perValue: DecimalText.describe("0.0005 is 5 basis points").exactOptional(),
  byPremium: z
    .array(z.strictObject({ below: DecimalText.nullable(), perUnit: DecimalText }))
    .min(1)
    .describe("By the price of one unit, lowest first; the last has no bound")
    .exactOptional(),
  min: DecimalText.exactOptional(),
  max: DecimalText.exactOptional(),
  maxShareOfValue: DecimalText.describe("Wins over min").exactOptional(),
  currency: CurrencyCode.exactOptional(),
});
export type Commission = z.infer<typeof Commission>;

const Schedule = z.strictObject({
  name: z.string().min(1).max(60),
  plans: z.array(PricingPlan).min(1),
  secTypes: z.array(SecType).min(1),
  currencies: z.array(CurrencyCode).min(1).describe("Absent: any").exactOptional(),
  primaryExchanges: z.array(z.string().min(1).max(20)).min(1).describe("Absent: any").exactOptional(),
  exchanges: z
    .array(z.string().min(1).max(20))
    .min(1)
    .describe("Of what has no primary one; absent: any")
    .exactOptional(),
  symbols: z.array(z.string().min(1).max(40)).min(1).describe("Absent: any").exactOptional(),
  commission: Commission,
  fees: z.array(Name).max(20),
  source: Text,
});
export type Schedule = z.infer<typeof Schedule>;

/** config/fees.yaml: what the broker, exchanges and regulators charge. Of several schedules that fit, the first counts. */
export const FeeTable = z
  .strictObject({
    checkedOn: DateText.describe("When somebody last compared it with its sources"),
    checkedAgainst: z.string().min(1).max(300),
    impact: z.strictObject({ coefficient: DecimalText, source: Text }),
    fees: z.record(Name, Fee),
    schedules: z.array(Schedule).min(1).max(200),
  })
  .superRefine(({ fees, schedules }, context) => {
    for (const { name, fees: named, commission } of schedules) {
      for (const fee of named)
        if (!Object.hasOwn(fees, fee))
          context.addIssue({ code: "custom", message: `${name}: no fee is called ${fee}` });
      const ways = [commission.perUnit, commission.perValue, commission.byPremium].filter((way) => way !== undefined);
      if (ways.length !== 1)
        context.addIssue({ code: "custom", message: `${name}: one of perUnit, perValue, byPremium` });
    }
    for (const [name, fee] of Object.entries(fees))
      if ("rates" in fee && fee.rates.some((rate, at) => at > 0 && rate.from <= (fee.rates[at - 1]?.from ?? "")))
        context.addIssue({ code: "custom", message: `${name}: the rates are not in the order of their days` });
  });
export type FeeTable = z.infer<typeof FeeTable>;
