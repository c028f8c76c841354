import * as z from "zod";
import { LIMITS, type LimitName } from "./limits.ts";

const Ms = z.int().min(1).max(3_600_000);
const upTo = (name: LimitName) => z.int().min(1).max(LIMITS[name].max).describe(LIMITS[name].text);

const LINES_MAX = 10_000;

const Maxima = z
  .strictObject({
    messages: z
      .int()
      .min(1)
      .max(LINES_MAX / 2)
      .describe(LIMITS.messages.text),
    historical: upTo("historical"),
    identical: upTo("identical"),
    burst: upTo("burst"),
    historicalOpen: upTo("historicalOpen"),
    matchingSymbols: upTo("matchingSymbols"),
    lines: z
      .int()
      .min(1)
      .max(LINES_MAX)
      .describe("Lines of market data that the account has: 100 unless more were bought"),
    tickByTick: upTo("tickByTick"),
    depth: upTo("depth"),
    scanners: upTo("scanners"),
  } satisfies Record<LimitName, z.ZodType>)
  .refine(({ messages, lines }) => messages <= Math.max(LIMITS.messages.max, lines / 2), {
    error: "TWS takes 50 messages in a second, or half as many as the account has lines",
  });

/** The block `pacing` of config/market-data.yaml. A limit of the broker may be lowered here and never raised. */
export const PacingConfig = z.strictObject({
  max: Maxima,
  timeScale: z
    .number()
    .min(1)
    .max(100)
    .describe(
      "The windows of historical data are divided by it: more than 1 only against a simulator whose own are, too",
    ),
  gateShare: z.number().min(0.01).max(0.9).describe("Share of each limit that only the gate may use"),
  quoteLines: z
    .int()
    .min(0)
    .max(LINES_MAX)
    .describe("Of the lines of agents and people so many are never held by streams"),
  marginMs: z.int().min(0).max(60_000).describe("Added to each window: the broker's clock need not run as ours"),
  queuedPerAskerMax: z.int().min(1).max(10_000).describe("Requests of one asker that may wait for the broker"),
  queuedMax: z.int().min(1).max(10_000).describe("Of all askers together"),
  waitMsMax: Ms.describe("A request whose turn is further away is refused"),
  taskMsMax: Ms.describe("After this a request without an answer is given up and its place is free"),
  waitShare: z.number().min(0.01).max(0.9).describe("Share of a request's time limit that it waits for a turn"),
  agentPerMinute: z.number().min(1).max(60_000).describe("Requests of one agent that cost the broker something"),
  lineKeptMs: Ms.describe("So long after its last read broker-gateway surely still has the line of a quote open"),
  backOffMs: Ms.describe("No historical request for so long after TWS named a pacing violation"),
});
export type PacingConfig = z.infer<typeof PacingConfig>;
