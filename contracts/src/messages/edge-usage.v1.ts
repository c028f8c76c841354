import * as z from "zod";
import { replyOf } from "../denial.ts";
import { DateText, freeText, PrincipalId, UtcText } from "../primitives.ts";

const Count = z.int().min(0);
/** Calls in the minute and the hour that the numbers name, counted from 1970 in UTC. */
const windows = {
  minute: z.int().min(0).describe("Minutes since 1970"),
  minuteCalls: Count,
  hour: z.int().min(0).describe("Hours since 1970"),
  hourCalls: Count,
};

export const Windows = z.strictObject(windows);
export type Windows = z.infer<typeof Windows>;

/** What one agent has called; reserved before it is used, so a crash counts too much and never too little. */
export const AgentUsage = z.strictObject({
  type: z.literal("edge.usage/1"),
  session: z.strictObject({
    date: DateText.describe("In the zone of the sessions; the next date begins a new session"),
    startedMs: z.int().min(0).describe("Of its first call, ms since 1970"),
  }),
  all: Windows,
  tools: z
    .record(z.string().regex(/^[a-z_]{3,40}$/), z.strictObject({ ...windows, sessionCalls: Count }))
    .describe("Only those that were called"),
});
export type AgentUsage = z.infer<typeof AgentUsage>;

/** What all agents together have called. */
export const EdgeUsage = z.strictObject({ type: z.literal("edge.usageOfAll/1"), all: Windows });
export type EdgeUsage = z.infer<typeof EdgeUsage>;

/** reopenSession: a person lets an agent go on whose session has ended. Calls that are counted stay counted. */
export const ReopenSessionRequest = z.strictObject({
  agent: PrincipalId,
  operator: PrincipalId,
  reason: freeText(500),
});
export const ReopenedSession = z.strictObject({
  agent: PrincipalId,
  date: DateText.describe("The session date; it is still the same session"),
  endsAt: UtcText.describe("When it ends once more, if the next date does not come first"),
});
export const ReopenSessionReply = replyOf(ReopenedSession);
