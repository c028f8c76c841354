import { Rate } from "@countersign/http/rate-limit";
import * as z from "zod";

/** Every bound of this service; none has a default. */
export const AdminApiConfig = z.strictObject({
  bindHost: z.string().min(1).max(100),
  allowedHosts: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(50)
    .describe("Host names without port; IPv6 in brackets"),
  bodyBytesMax: z.int().min(1_024).max(1_048_576),
  approvalTtlSeconds: z.int().min(5).max(900),
  calls: Rate.describe("Requests of one operator"),
  refusals: Rate.describe("Refused requests that are recorded one by one"),
  heartbeatStaleMs: z.int().min(1_100).max(60_000),
  clockSkewMsMax: z.int().min(50).max(60_000),
  healthProbeMs: z.int().min(100).max(10_000),
  auditRetryMs: z.int().min(10).max(60_000),
});
export type AdminApiConfig = z.infer<typeof AdminApiConfig>;
