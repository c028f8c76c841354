import { z } from "zod";
import { atRequest, errorCode, errorText, how, onClient } from "./fields.ts";

const DAY_MS = 86_400_000;
const downMs = z.int().min(0).max(DAY_MS);

export const SESSION_FAULTS = [
  z
    .strictObject({
      action: z.literal("answerError"),
      ...atRequest,
      code: errorCode,
      text: errorText,
      id: z.int().optional().describe("absent = the order or request id of the frame, -1 when it has none"),
      rejectJson: z.string().max(4_000).default("").describe("advanced reject, as it is"),
    })
    .describe("Answer the frame with this error and do nothing else with it."),
  z
    .strictObject({ action: z.literal("clientIdInUse"), ...onClient })
    .describe("START_API is answered with 326 and a close although the id is free."),
  z
    .strictObject({ action: z.literal("kickOlderClient"), ...onClient })
    .describe("A second client with an id in use is let in, and the first one is closed, in place of 326."),
  z
    .strictObject({
      action: z.literal("readOnlyApi"),
      ...onClient,
      refuseOpenOrders: z.boolean().default(false).describe("true = requests for open and completed orders too"),
    })
    .describe("Orders, cancels and global cancels are answered with 321, read-only mode."),
  z
    .strictObject({ action: z.literal("managedAccounts"), ...onClient, text: z.string().max(1_000) })
    .describe("The account list has this text: empty, with a trailing comma, with more accounts."),
  z
    .strictObject({ action: z.literal("shiftNextValidId"), ...onClient, by: z.int().min(-1_000_000).max(1_000_000) })
    .describe("nextValidId is told `by` higher or lower than it is; the order ids in use do not change."),
  z
    .strictObject({
      action: z.literal("notice"),
      ...onClient,
      id: z.int().default(-1),
      code: errorCode,
      text: errorText,
    })
    .describe("Now: write this error to all ready clients, such as a farm that breaks (2103) or is well again (2104)."),
  z
    .strictObject({
      action: z.literal("closeConnections"),
      ...onClient,
      how,
    })
    .describe("Now: close all connections, or those of one client."),
  z
    .strictObject({
      action: z.literal("serverLost"),
      downMs: downMs.describe("ms until the link is back; 0 = until serverRestored is posted"),
      restored: z.enum(["1101", "1102"]).default("1102").describe("1101 = market data subscriptions are lost"),
    })
    .describe(
      "Now: the nightly reset. 1100 and broken farms, the socket stays up, the order callbacks of the meantime come in a burst behind 1101 or 1102; requests wait, except those that TWS answers itself.",
    ),
  z
    .strictObject({ action: z.literal("serverRestored"), restored: z.enum(["1101", "1102"]).default("1102") })
    .describe("Now: the end of serverLost."),
  z
    .strictObject({ action: z.literal("restart"), downMs: downMs.default(1_000), how })
    .describe("Now: the daily restart. All connections close, the port refuses for `downMs`, ids and orders live on."),
  z
    .strictObject({
      action: z.literal("portReset"),
      port: z.int().min(0).max(65_535).default(0).describe("the new port; 0 = a free one"),
    })
    .describe("Now: 1300 to all clients, close, and listen on another port. The answer to the POST names it."),
] as const;
