import { z } from "zod";
import { REQUEST_NAMES } from "../../codec/messages.ts";

const SPECIAL_REQUESTS = ["*", "hello", "placeOrder.whatIf"];
const KNOWN_REQUESTS = new Set([...REQUEST_NAMES.values(), ...SPECIAL_REQUESTS]);

/** Which hits of a rule count. */
const counted = {
  clientId: z.int().min(0).optional().describe("only this client; absent = any"),
  nth: z.int().min(1).default(1).describe("the first match that is hit, counted from 1"),
  times: z.int().min(0).default(1).describe("how many matches are hit from there on; 0 = all"),
};

const ofOrder = {
  orderId: z.int().optional().describe("only frames about this order or request id; absent = any"),
  orderRef: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("only frames about the orders of this reference; absent = any"),
};

/** Frames of a client. A what-if is `placeOrder.whatIf` and never `placeOrder`. */
export const atRequest = {
  message: z
    .string()
    .refine((name) => KNOWN_REQUESTS.has(name), "no request has this name")
    .default("*")
    .describe("name of the incoming frame, `hello` and `startApi` included; `*` = any"),
  ...counted,
  ...ofOrder,
};

/** Frames to a client. */
export const atReply = {
  message: z
    .string()
    .min(1)
    .max(64)
    .default("*")
    .describe("name of the outgoing frame, such as `openOrder`, `orderStatus.Filled`, `error.201`; `*` = any"),
  ...counted,
  ...ofOrder,
};

/** Orders, what-ifs excluded. */
export const atOrder = { ...counted, ...ofOrder };

export const onClient = { clientId: counted.clientId };
export const onConnection = { nth: counted.nth, times: counted.times };

const DELAY_MS_MAX = 3_600_000;
export const milliseconds = z.int().min(0).max(DELAY_MS_MAX);
export const how = z.enum(["fin", "rst"]).default("fin").describe("`fin` = orderly end, `rst` = reset");
export const frameBytes = z.int().min(0).max(1_000_000);
export const errorCode = z.int().min(100).max(99_999);
export const errorText = z.string().max(4_000);
export const instrumentId = z.int().min(1).optional().describe("only this instrument; absent = all");
