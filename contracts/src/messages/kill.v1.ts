import * as z from "zod";
import { KillLevel } from "../control.ts";
import { replyOf } from "../denial.ts";
import { SignedKillReport } from "../kill-report.ts";
import { UtcText } from "../primitives.ts";

/** kill-reports: what became of the orders after stops that asked for their cancel, newest first. */
export const KillReportsRequest = z.strictObject({ limit: z.int().min(1).max(20) });
export const KillReportsReply = replyOf(
  z.strictObject({
    running: z.array(z.string().max(120)).describe("Ids of the stops whose orders are being cancelled now"),
    reports: z.array(SignedKillReport).max(20),
  }),
);

/** reconcile: reads everything of the broker now, and tells what is open. A Fault when it cannot be done. */
export const ReconcileRequest = z.strictObject({});
export const ReconcileReply = replyOf(
  z.strictObject({
    at: UtcText.describe("When the complete reading ended"),
    unknownOrders: z.int().min(0),
    disputedOrders: z.int().min(0),
    latched: z.string().max(300).nullable().describe("Why the gateway's own machine sends nothing; null: it would"),
    level: KillLevel.describe("Of everything, as the gateway sees it"),
  }),
);
