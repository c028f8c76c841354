import { Rate } from "@countersign/http/rate-limit";
import * as z from "zod";

/** Every bound of this service; none has a default. */
export const AdminApiConfig = z.strictObject({
  bindHost: z.string().min(1).max(100).describe("Address to listen on"),
  allowedHosts: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(50)
    .describe("Host names without port; IPv6 in brackets"),
  bodyBytesMax: z.int().min(1_024).max(1_048_576).describe("Bytes of one request"),
  approvalTtlSeconds: z
    .int()
    .min(5)
    .max(300)
    .describe("Life of an approval that is signed here; approval.yaml and the gateway bound it too"),
  calls: Rate.describe("Requests of one operator"),
  refusals: Rate.describe("Refused requests that are recorded one by one"),
  heartbeatStaleMs: z.int().min(1_100).max(60_000).describe("A service that was silent for longer is not there"),
  clockSkewMsMax: z.int().min(50).max(60_000).describe("How far a service's clock may be from this one's"),
  healthProbeMs: z
    .int()
    .min(100)
    .max(10_000)
    .describe("How long a health page waits for NATS, the broker and the audit"),
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
  auditRetryMs: z.int().min(10).max(60_000).describe("Pause after the audit did not take a record"),
});
export type AdminApiConfig = z.infer<typeof AdminApiConfig>;
