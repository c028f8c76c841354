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
  auditVerifyEveryMs: z.int().min(10_000).max(86_400_000).describe("How often the whole audit is recomputed"),
  killReset: z
    .strictObject({
      coolDownMs: z.int().min(0).max(86_400_000).describe("From a stop until it may be loosened"),
      secondPersonMs: z.int().min(10_000).max(3_600_000).describe("How long the first of two persons waits"),
    })
    .describe("What HALTED needs to be let go"),
  deadMan: z
    .strictObject({
      autoOffMs: z.int().min(1_000).max(86_400_000).describe("Nobody there for so long: no policy approves"),
      laterMs: z.int().min(1_000).max(86_400_000).describe("Nobody there for so long: `later`"),
      later: z.enum(["cancelAuto", "reduceOnly"]).describe("cancelAuto: orders that a policy approved are cancelled"),
    })
    .describe("When no operator's page or command is there"),
  auditRetryMs: z.int().min(10).max(60_000),
});
export type AdminApiConfig = z.infer<typeof AdminApiConfig>;
