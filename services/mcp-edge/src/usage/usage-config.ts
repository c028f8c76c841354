import { isTimeZone } from "@countersign/clock/time-zone";
import * as z from "zod";

const calls = z.int().min(1).max(100_000_000);
const Windows = z.strictObject({ perMinute: calls, perHour: calls });
const ToolLimits = z.strictObject({ perMinute: calls, perHour: calls, perSession: calls });

/** How much may be called, and how long. Cancels and withdrawals are never held back. */
export const UsageConfig = z.strictObject({
  sessionZone: z.string().refine(isTimeZone, "no IANA time zone").describe("Whose midnight begins the next session"),
  sessionHoursMax: z
    .number()
    .min(0.01)
    .max(24)
    .describe("From an agent's first call of a session date; afterwards it waits for the next date"),
  everyTool: ToolLimits.describe("Of one agent, for each tool that is not named below"),
  tools: z.record(z.string().regex(/^[a-z_]{3,40}$/), ToolLimits).describe("Of one agent, for this tool"),
  agent: Windows.describe("Of one agent, all tools together"),
  all: Windows.describe("Of all agents together"),
});
export type UsageConfig = z.infer<typeof UsageConfig>;
