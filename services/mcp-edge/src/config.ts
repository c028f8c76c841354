import { Rate } from "@countersign/http/rate-limit";
import * as z from "zod";
import { UsageConfig } from "./usage/usage-config.ts";

/** Every bound of this service; none has a default. */
export const McpEdgeConfig = z.strictObject({
  bindHost: z.string().min(1).max(100).describe("Address to listen on"),
  allowedHosts: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(50)
    .describe("Host names without port; IPv6 in brackets"),
  bodyBytesMax: z.int().min(16_384).max(4_194_304).describe("Bytes of one request"),
  reads: Rate.describe("Calls of one agent"),
  proposes: Rate.describe("Proposals and previews of one agent"),
  usage: UsageConfig.describe("Sessions and calls, counted over restarts"),
  refusals: Rate.describe("Refused requests that are recorded one by one"),
  waitPollMs: z.int().min(20).max(5_000).describe("How often a waiting get_proposal looks"),
  waitsPerAgentMax: z.int().min(1).max(1_000).describe("Calls of get_proposal of one agent that may wait at once"),
  subscriptionsMax: z.int().min(1).max(10_000).describe("Open listen streams of all agents"),
  auditQueueMax: z.int().min(10).max(1_000_000).describe("Records of reads that wait for the audit"),
  auditRetryMs: z.int().min(10).max(60_000).describe("Pause after the audit did not take a record"),
});
export type McpEdgeConfig = z.infer<typeof McpEdgeConfig>;
