import * as z from "zod";
import { Asker } from "../asker.ts";
import { pacedReplyOf } from "../denial.ts";
import { Quote } from "../instrument.ts";
import { MarketSession } from "../market-session.ts";
import { ConId } from "../primitives.ts";
import * as broker from "./broker.v1.ts";

/** quote: from the shared cache when it is young enough, else from the broker. */
export const QuoteRequest = z.strictObject({
  conid: ConId,
  maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest quote the caller accepts"),
  asker: Asker,
});
export const QuoteReply = pacedReplyOf(Quote);

/** session: is the instrument's market open, from the contract's own hours. */
export const SessionRequest = z.strictObject({ conid: ConId, asker: Asker });
export const SessionReply = pacedReplyOf(MarketSession);

/** bars, contract, search: as broker-gateway has them, from the cache, and for somebody. */
export const ContractQuestion = broker.ContractRequest.extend({ asker: Asker });
export const SearchQuestion = broker.SearchRequest.extend({ asker: Asker });
