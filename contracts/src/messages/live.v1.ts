import * as z from "zod";
import { replyOf } from "../denial.ts";
import { LiveEvidence, LiveGate } from "../live.ts";
import { Mode } from "../mode.ts";
import { UtcText } from "../primitives.ts";

/** evidence: what the audit says of paper trading so far. */
export const EvidenceRequest = z.strictObject({});
export const EvidenceReply = replyOf(LiveEvidence);

/** liveStatus: every gate as the gateway sees it now, in any mode. `open` is false while a gate that can be said is shut. */
export const LiveStatusRequest = z.strictObject({});
export const LiveStatusReply = replyOf(
  z.strictObject({ mode: Mode, open: z.boolean(), at: UtcText, gates: z.array(LiveGate).min(1).max(40) }),
);
