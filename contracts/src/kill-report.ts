import * as z from "zod";
import { CancelOrders, KillScope } from "./control.ts";
import { Leg, PermId } from "./facts/exec-facts.v1.ts";
import { Actor, OrderRef } from "./order.ts";
import { AccountId, Base64Url, freeText, ProposalId, UtcText } from "./primitives.ts";
import { StateSchema } from "./proposal-view.ts";

const ROWS_MAX = 1_000;

/** One of our own orders that a stop cancelled. */
export const StoppedOrder = z.strictObject({
  proposalId: ProposalId,
  leg: z.union([z.literal("entry"), Leg]),
  orderRef: OrderRef,
  orderId: z.int(),
  permId: PermId.nullable(),
  account: AccountId,
  cancelSentAt: UtcText.nullable().describe("Of its own cancel; null: none left, see `problem`"),
  confirmedAt: UtcText.nullable().describe("When the broker first no longer showed it as open; null: it still does"),
  state: StateSchema.describe("As our log has it at the end"),
  problem: z.string().max(300).nullable(),
});
export type StoppedOrder = z.infer<typeof StoppedOrder>;

/** What the broker still shows as open at the end. */
export const RemainingOrder = z.strictObject({
  orderRef: z.string().max(200),
  permId: z.string().max(20).nullable(),
  account: z.string().max(20),
  status: z.string().max(40),
  ownership: z.enum(["ours", "foreign"]),
});

/** What became of the orders at the broker after a stop that asked for their cancel. */
export const KillReport = z.strictObject({
  type: z.literal("countersign.kill-report/1"),
  id: z
    .string()
    .min(1)
    .max(120)
    .describe("The stop: its key in the control stream and its sequence, or the id of the local latch"),
  scope: KillScope,
  cancelOrders: CancelOrders,
  reason: freeText(500),
  actor: Actor,
  latchedAt: UtcText.describe("When the stop was set, by the clock of whoever set it"),
  seenAt: UtcText.describe("When the gateway began to cancel"),
  globalCancelAt: UtcText.nullable().describe("When the broker was told to cancel everything; null: it was not"),
  orders: z.array(StoppedOrder).max(ROWS_MAX),
  remaining: z.array(RemainingOrder).max(ROWS_MAX).nullable().describe("null: the broker could not be asked"),
  complete: z.boolean().describe("The broker showed nothing open any more that the stop is about"),
  attempt: z.int().min(1),
  endedAt: UtcText,
});
export type KillReport = z.infer<typeof KillReport>;

/** Ed25519 over the canonical JSON of the report, by the gateway's own key. */
export const SignedKillReport = z.strictObject({ report: KillReport, publicKey: Base64Url, signature: Base64Url });
export type SignedKillReport = z.infer<typeof SignedKillReport>;
