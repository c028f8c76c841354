import * as z from "zod";
import { replyOf } from "../denial.ts";
import { Quote } from "../instrument.ts";
import { MarketSession } from "../market-session.ts";
import { ConId } from "../primitives.ts";

/** quote: from the shared cache when it is young enough, else from the broker. */
export const QuoteRequest = z.strictObject({
  conid: ConId,
  maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest quote the caller accepts"),
});
export const QuoteReply = replyOf(Quote);

/** session: is the instrument's market open, from the contract's own hours. */
export const SessionRequest = z.strictObject({ conid: ConId });
export const SessionReply = replyOf(MarketSession);
