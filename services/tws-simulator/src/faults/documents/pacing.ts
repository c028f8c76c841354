import { z } from "zod";
import { onClient } from "./fields.ts";

const SECOND_MS = 1_000;

export const PACING_FAULTS = [
  z
    .strictObject({
      action: z.literal("messagePacing"),
      ...onClient,
      perSecond: z.int().min(1).max(100_000).default(50),
      strikesMax: z.int().min(0).max(1_000).default(3).describe("violation that ends the connection; 0 = none does"),
      discard: z.boolean().default(true).describe("true = the message too many is not processed"),
    })
    .describe(
      "More messages than that within a second: error 100, and a new count. A client that said +PACEAPI waits instead. What waited in the socket while the simulator had no processor counts as having come evenly meanwhile.",
    ),
  z
    .strictObject({
      action: z.literal("historicalPacing"),
      requestsMax: z.int().min(1).max(10_000).default(60).describe("within `windowMs`; BID_ASK counts twice"),
      windowMs: z
        .int()
        .min(1)
        .default(600 * SECOND_MS),
      identicalMs: z
        .int()
        .min(0)
        .default(15 * SECOND_MS)
        .describe("time between two identical requests"),
      burstMax: z
        .int()
        .min(1)
        .max(1_000)
        .default(5)
        .describe("requests for one contract, exchange and kind in `burstMs`"),
      burstMs: z
        .int()
        .min(0)
        .default(2 * SECOND_MS),
    })
    .describe("Bars of 30 seconds and less beyond the pace are answered with 162, real-time bars with 420."),
] as const;
