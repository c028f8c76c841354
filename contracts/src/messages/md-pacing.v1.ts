import * as z from "zod";
import { Base64Url, UtcText } from "../primitives.ts";

/** Bound of what is kept: all that the broker's windows hold at once, and what is under way besides. */
export const KEPT_CHARGES_MAX = 300;

/** One request of market data that still counts at the broker. */
const KeptCharge = z.strictObject({
  limit: z
    .string()
    .regex(/^[a-zA-Z]{1,40}$/)
    .describe("Name of the limit it counts in"),
  key: z.string().max(200).describe("Which of the counters of that limit; empty: it has one"),
  weight: z.int().min(1).max(1_000),
  until: UtcText.describe("From here on it no longer counts, however late it left"),
});
export type KeptCharge = z.infer<typeof KeptCharge>;

/** What was asked of the broker and still counts there; written before each such request leaves. */
export const PacingHistory = z.strictObject({
  type: z.literal("pacing.history/1"),
  life: Base64Url.max(64).describe("One life of the one process that spends the allowance"),
  charges: z.array(KeptCharge).max(KEPT_CHARGES_MAX),
});
export type PacingHistory = z.infer<typeof PacingHistory>;
