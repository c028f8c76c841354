import { z } from "zod";
import { atReply, milliseconds } from "./fields.ts";

export const CALLBACK_FAULTS = [
  z
    .strictObject({
      action: z.literal("delayReply"),
      ...atReply,
      delayMs: milliseconds,
      keepOrder: z.boolean().default(true).describe("false = the frames behind it overtake it"),
    })
    .describe("Hold back the frame, and with `keepOrder` all behind it on the connection, for `delayMs`."),
  z.strictObject({ action: z.literal("dropReply"), ...atReply }).describe("Never write the frame."),
  z
    .strictObject({ action: z.literal("duplicateReply"), ...atReply, copies: z.int().min(1).max(1_000).default(1) })
    .describe("Write the frame and `copies` more of it."),
  z
    .strictObject({
      action: z.literal("holdReplyUntil"),
      ...atReply,
      until: z.string().min(1).max(64).describe("name of the frame that must leave first"),
      delayMsMax: milliseconds.default(5_000).describe("ms after which the frame leaves in any case"),
    })
    .describe("Swap: hold back the frame until the next frame named `until` of the connection has left."),
  z
    .strictObject({
      action: z.literal("staleStatus"),
      ...atReply,
      message: z
        .enum(["orderStatus", "orderStatus.Filled", "orderStatus.Cancelled", "orderStatus.Inactive"])
        .default("orderStatus.Filled"),
      delayMs: milliseconds.default(0),
    })
    .describe("After this status, write the first status of the same order once more."),
] as const;
