import * as z from "zod";
import { replyOf } from "../denial.ts";
import { MarketSession, Quote } from "../instrument.ts";
import { ConId, CurrencyCode, DecimalText, UtcText } from "../primitives.ts";

/** quote: from the shared cache when it is young enough, else from the broker. */
export const QuoteRequest = z.strictObject({
  conid: ConId,
  maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest quote the caller accepts"),
});
export const QuoteReply = replyOf(Quote);

/** session: is the instrument's market open, from the contract's own hours. */
export const SessionRequest = z.strictObject({ conid: ConId });
export const SessionReply = replyOf(MarketSession);

/** rate: how much of `to` one unit of `from` is; mid of live quotes, never invented. */
export const RateRequest = z.strictObject({
  from: CurrencyCode,
  to: CurrencyCode,
  maxAgeMs: z.int().min(0).max(3_600_000),
});
export const RateReply = replyOf(
  z.strictObject({
    from: CurrencyCode,
    to: CurrencyCode,
    rate: DecimalText,
    method: z.enum(["same", "direct", "inverse", "crossed"]),
    path: z.array(z.string().max(10)).max(4).describe("The pairs used, for example EUR.USD"),
    source: z.string().max(40),
    asOf: UtcText,
    ageMs: z.int().min(0),
  }),
);
