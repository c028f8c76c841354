import * as z from "zod";
import { Actor } from "./order.ts";
import { AccountId, ConId, freeText, PrincipalId, ProposalId, Sha256Hex, UtcText } from "./primitives.ts";

/** Strictest last. Missing, unreadable or unconfirmed means HALTED. */
export const KILL_LEVELS = ["ACTIVE", "REDUCE_ONLY", "HALTED"] as const;
export const KillLevel = z.enum(KILL_LEVELS);
export type KillLevel = z.infer<typeof KillLevel>;

export function strictest(a: KillLevel, b: KillLevel): KillLevel {
  return KILL_LEVELS.indexOf(a) >= KILL_LEVELS.indexOf(b) ? a : b;
}

/** global, account.<id>, agent.<id> or instrument.<conId>: the tail of the key in the control stream. */
export const KillScope = z.union([
  z.literal("global"),
  z.templateLiteral(["account.", AccountId]),
  z.templateLiteral(["agent.", PrincipalId]),
  z.string().regex(/^instrument\.[1-9][0-9]{0,9}$/),
]);
export type KillScope = z.infer<typeof KillScope>;

export const KillSetting = z.strictObject({
  type: z.literal("kill/1"),
  level: KillLevel,
  actor: Actor,
  reason: freeText(500),
  at: UtcText,
});
export type KillSetting = z.infer<typeof KillSetting>;

/** The right to send one order, once. Accepted by the server only against the newest sequence of the whole control stream. */
export const Claim = z.strictObject({
  type: z.literal("claim/1"),
  proposalId: ProposalId,
  ticketHash: Sha256Hex,
  writerEpoch: z.int().min(1),
  purpose: z.enum(["send", "void"]).describe("void: fences an intent that will never be sent"),
  at: UtcText,
});
export type Claim = z.infer<typeof Claim>;

/** Who writes to the socket. A new epoch makes every claim of the old writer fail. */
export const WriterEpoch = z.strictObject({
  type: z.literal("writer/1"),
  epoch: z.int().min(1),
  instance: z.string().min(8).max(64),
  at: UtcText,
});
export type WriterEpoch = z.infer<typeof WriterEpoch>;

/** Who may be the writer, for as long as it keeps saying so; what another does with it is measured by its own clock. */
export const WriterLease = z.strictObject({
  type: z.literal("lease/1"),
  instance: z.string().min(8).max(64),
  leaseMs: z.int().min(100).max(60_000).describe("Not renewed for so long, it is free"),
  released: z.boolean().describe("true: given up, free at once"),
  at: UtcText,
});
export type WriterLease = z.infer<typeof WriterLease>;

export const KillScopes = z.strictObject({ account: AccountId, agent: PrincipalId, conid: ConId });
export type KillScopes = z.infer<typeof KillScopes>;
