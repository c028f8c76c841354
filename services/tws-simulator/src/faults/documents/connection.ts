import { z } from "zod";
import { atReply, atRequest, frameBytes, how, milliseconds, onClient, onConnection } from "./fields.ts";

export const CONNECTION_FAULTS = [
  z
    .strictObject({ action: z.literal("refuseConnections") })
    .describe("Stop listening: new connections are refused by the operating system; open ones live on."),
  z
    .strictObject({ action: z.literal("acceptSilently"), ...onConnection })
    .describe("Accept a connection and never read from it nor write to it."),
  z
    .strictObject({ action: z.literal("acceptSlowly"), ...onConnection, delayMs: milliseconds })
    .describe("Accept a connection and read nothing from it for `delayMs`."),
  z
    .strictObject({ action: z.literal("acceptAndClose"), ...onConnection, how })
    .describe("Accept a connection and close it at once."),
  z
    .strictObject({ action: z.literal("halfOpen"), ...atRequest })
    .describe("Stop reading and writing and keep TCP up; `*` = all connections, at once, without waiting for a frame."),
  z
    .strictObject({ action: z.literal("dropBefore"), ...atRequest, how })
    .describe("Close the connection instead of processing the frame."),
  z
    .strictObject({ action: z.literal("dropAfter"), ...atRequest, how })
    .describe("Process the frame, and close the connection before any of its callbacks leaves."),
  z
    .strictObject({ action: z.literal("ignoreRequest"), ...atRequest })
    .describe("Read the frame and do nothing with it."),
  z
    .strictObject({ action: z.literal("delayRequest"), ...atRequest, delayMs: milliseconds })
    .describe("Process the frame, and all behind it on the connection, `delayMs` later."),
  z
    .strictObject({ action: z.literal("cutBeforeReply"), ...atReply, how })
    .describe("Close the connection instead of writing the frame; what was written before it arrives."),
  z
    .strictObject({ action: z.literal("cutAfterReply"), ...atReply, how })
    .describe("Write the frame, then close the connection."),
  z
    .strictObject({ action: z.literal("cutInsideReply"), ...atReply, how, bytes: frameBytes.default(2) })
    .describe("Write the first `bytes` of the frame, its length included, then close the connection."),
  z
    .strictObject({
      action: z.literal("stallInsideReply"),
      ...atReply,
      bytes: frameBytes.default(6),
      delayMs: milliseconds.default(0).describe("ms until the rest leaves; 0 = never"),
    })
    .describe("Write the first `bytes` of the frame and hold back the rest and all behind it."),
  z
    .strictObject({ action: z.literal("chunkWrites"), ...onClient, bytes: z.int().min(1).max(65_536).default(1) })
    .describe("Write everything in segments of `bytes`."),
  z
    .strictObject({
      action: z.literal("gatherWrites"),
      ...onClient,
      frames: z.int().min(2).max(10_000).default(100),
      delayMs: milliseconds.default(500).describe("ms after which fewer frames leave as well"),
    })
    .describe("Write only when `frames` frames wait, and then all of them as one segment."),
] as const;
