import { z } from "zod";
import { atReply } from "./fields.ts";

export const PROTOCOL_FAULTS = [
  z
    .strictObject({ action: z.literal("unknownMessage"), ...atReply, id: z.int().min(0).max(9_999).default(250) })
    .describe("Write a frame with a message id that no client knows in place of the frame, then the frame."),
  z
    .strictObject({ action: z.literal("surplusToken"), ...atReply, token: z.string().max(100).default("surplus") })
    .describe("Write the frame with one token more than its layout has."),
  z
    .strictObject({ action: z.literal("shortFrame"), ...atReply, tokens: z.int().min(1).max(1_000).default(1) })
    .describe("Write the frame without its last tokens."),
  z
    .strictObject({ action: z.literal("oversizeFrame"), ...atReply })
    .describe("Announce a frame of more than 16 MiB in place of the frame, and write on."),
  z
    .strictObject({ action: z.literal("binaryFrame"), ...atReply })
    .describe("Write 64 bytes that are no text as a frame."),
  z
    .strictObject({ action: z.literal("missingNul"), ...atReply })
    .describe("Write the frame without the NUL behind its last token."),
  z
    .strictObject({ action: z.literal("largePermId"), ...atReply })
    .describe("Write the permanent order id of the frame above 2^53, odd, so that no double holds it."),
  z
    .strictObject({
      action: z.literal("samePermId"),
      ...atReply,
      permId: z
        .string()
        .regex(/^\d{1,19}$/)
        .optional()
        .describe("absent = the first one that the client was told of"),
    })
    .describe("Write the permanent id of another order into the frame."),
  z
    .strictObject({
      action: z.literal("replaceToken"),
      ...atReply,
      index: z.int().min(0).max(1_000).describe("0 = the message id"),
      text: z
        .string()
        .max(4_000)
        .regex(/^[^\0]*$/),
    })
    .describe("Write the frame with another text in one place; a frame without that place is left as it is."),
  z
    .strictObject({ action: z.literal("serverVersion"), version: z.int().min(0).max(9_999) })
    .describe("The answer to the hello names this server version; the layouts stay those that were agreed on."),
] as const;
