import * as z from "zod";
import { LIMITS, type LimitName } from "./limits.ts";

const Ms = z.int().min(1).max(3_600_000);
const upTo = (name: LimitName) => z.int().min(1).max(LIMITS[name].max).describe(LIMITS[name].text);

/** The block `pacing` of config/market-data.yaml. A limit of the broker may be lowered here and never raised. */
export const PacingConfig = z.strictObject({
  max: z.strictObject({
    messages: upTo("messages"),
    historical: upTo("historical"),
    identical: upTo("identical"),
    burst: upTo("burst"),
    historicalOpen: upTo("historicalOpen"),
    matchingSymbols: upTo("matchingSymbols"),
    lines: upTo("lines"),
    tickByTick: upTo("tickByTick"),
    depth: upTo("depth"),
    scanners: upTo("scanners"),
  } satisfies Record<LimitName, z.ZodType>),
  timeScale: z
    .number()
    .min(1)
    .max(100)
    .describe(
      "The windows of historical data are divided by it: more than 1 only against a simulator whose own are, too",
    ),
  gateShare: z.number().min(0.01).max(0.9).describe("Share of each limit that only the gate may use"),
  marginMs: z.int().min(0).max(60_000).describe("Added to each window: the broker's clock need not run as ours"),
  queuedPerAskerMax: z.int().min(1).max(10_000),
  queuedMax: z.int().min(1).max(10_000).describe("Of all askers together"),
  waitMsMax: Ms.describe("A request whose turn is further away is refused"),
  taskMsMax: Ms.describe("After this a request without an answer is given up and its place is free"),
  waitShare: z.number().min(0.01).max(0.9).describe("Share of a request's time limit that it waits for a turn"),
  agentPerMinute: z.number().min(1).max(60_000).describe("Requests of one agent that cost the broker something"),
  lineKeptMs: Ms.describe("So long after its last read broker-gateway surely still has the line of a quote open"),
  backOffMs: Ms.describe("No historical request for so long after TWS named a pacing violation"),
});
export type PacingConfig = z.infer<typeof PacingConfig>;
