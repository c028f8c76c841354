import { z } from "zod";
import { atOrder, atRequest, errorCode, errorText, milliseconds } from "./fields.ts";

const price = z.string().regex(/^-?\d{1,12}(\.\d{1,8})?$/, "a decimal number as text");
const quantity = z.string().regex(/^\d{1,12}(\.\d{1,8})?$/, "a positive decimal number as text");

export const ORDER_FAULTS = [
  z
    .strictObject({
      action: z.literal("rejectOrder"),
      ...atOrder,
      code: errorCode.default(201),
      text: errorText.default("Order rejected - reason:The order was rejected by the exchange."),
      status: z.enum(["Inactive", "Cancelled"]).default("Inactive"),
      advancedReject: z
        .enum(["none", "valid", "escaped", "malformed"])
        .default("none")
        .describe("`escaped` = JSON with \\u escapes, `malformed` = no JSON at all"),
    })
    .describe("A valid order is acknowledged as `status` and refused with this error."),
  z
    .strictObject({ action: z.literal("warnOrder"), ...atOrder, code: errorCode.default(399), text: errorText })
    .describe("A valid order is accepted, with this message before its first callback."),
  z
    .strictObject({ action: z.literal("holdInactive"), ...atOrder, delayMs: milliseconds.default(200) })
    .describe("A valid order becomes Inactive, and after `delayMs` it works after all."),
  z
    .strictObject({ action: z.literal("holdPending"), ...atOrder, delayMs: milliseconds.default(200) })
    .describe("A valid order is PendingSubmit for `delayMs`: not confirmed yet, and not to be changed."),
  z
    .strictObject({
      action: z.literal("fillInParts"),
      ...atOrder,
      sizes: z.array(quantity).min(1).max(1_000).optional().describe("the parts; the rest follows as the market gives"),
      improvement: price.default("0").describe("how much better than the touch each part is"),
      everyMs: milliseconds.default(3).describe("ms between two parts"),
    })
    .describe("The fills of an order have these sizes, at this distance in time, at a better price."),
  z
    .strictObject({
      action: z.literal("cancelRace"),
      ...atRequest,
      message: z.literal("cancelOrder").default("cancelOrder"),
    })
    .describe("A cancel comes too late: PendingCancel, then the order fills, and the cancel is answered with 10148."),
  z
    .strictObject({
      action: z.literal("correctExecution"),
      ...atOrder,
      price: price.optional().describe("absent = one hundredth higher than before"),
      delayMs: milliseconds.default(50),
    })
    .describe("`delayMs` after a fill the exchange corrects its price: same execId, last segment one higher."),
  z
    .strictObject({ action: z.literal("bustExecution"), ...atOrder, delayMs: milliseconds.default(50) })
    .describe("`delayMs` after a fill the exchange takes it back: a correction with 0 shares; the position goes back."),
  z
    .strictObject({
      action: z.literal("whatIfAnswer"),
      ...atRequest,
      message: z.literal("placeOrder.whatIf").default("placeOrder.whatIf"),
      answer: z
        .enum(["incompleteFirst", "commissionUnset", "never"])
        .describe(
          "`incompleteFirst` = a callback without margins, then the good one; `commissionUnset` = a range only",
        ),
      delayMs: milliseconds.default(50).describe("ms before the good one"),
    })
    .describe("How a what-if is answered."),
  z
    .strictObject({ action: z.literal("refuseForeignCancel") })
    .describe("The cancel of another client's order is answered with 10147; TWS lets it pass."),
  z
    .strictObject({
      action: z.literal("orderByHand"),
      conid: z.int().min(1),
      side: z.enum(["BUY", "SELL"]),
      quantity,
      orderType: z.enum(["MKT", "LMT", "MOC", "STP"]),
      lmtPrice: price.optional().describe("with LMT only"),
      auxPrice: price.optional().describe("the stop, with STP only"),
      tif: z.enum(["DAY", "GTC"]).default("DAY"),
      account: z.string().max(20).default("").describe("empty = the only one"),
    })
    .describe("Now: the user places an order in TWS itself. The answer to the POST names its permanent id."),
  z
    .strictObject({
      action: z.literal("moveCash"),
      account: z.string().min(1).max(20),
      amount: price.describe("US dollars; below zero = a withdrawal"),
    })
    .describe("Now: money is paid in or taken out. TWS tells no client of it, only other values of the account."),
  z
    .strictObject({ action: z.literal("cancelByHand"), permId: z.int().min(1) })
    .describe("Now: the user cancels an order in TWS itself."),
  z
    .strictObject({
      action: z.literal("rollBackOrderIds"),
      clientId: z.int().min(0),
      highest: z.int().min(0).describe("highest id that is still in use; open orders keep theirs in any case"),
    })
    .describe("Now: TWS forgets which order ids a client has used, so that they are used again."),
] as const;
