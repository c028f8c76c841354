import * as z from "zod";
import { Actor } from "./order.ts";
import { Json, Sha256Hex, UtcText } from "./primitives.ts";

/** Kinds of audit records: the edges of an order, the kill switch, what agents called, who was refused. */
export const AUDIT_KINDS = [
  "order.edge",
  "order.refused",
  "approval.refused",
  "kill.changed",
  "kill.tripped",
  "kill.reset",
  "kill.report",
  "tool.called",
  "security.refused",
  "service.started",
  "service.stopped",
  "broker.link",
  "broker.fault",
  "reconciliation",
  "audit.gap",
  "policy.assessed",
  "policy.changed",
  "riskPolicy.changed",
  "session.reopened",
] as const;
export const AuditKind = z.enum(AUDIT_KINDS);
export type AuditKind = z.infer<typeof AuditKind>;

/** A body of more bytes as JSON may be refused: a record of what has happened leaves its longest parts out. */
export const AUDIT_BODY_BYTES_MAX = 48_000;

/** What a producer hands in. Who the producer is follows from the subject, not from a field. */
export const AuditEntry = z.strictObject({
  kind: AuditKind,
  at: UtcText.describe("The producer's clock"),
  correlationId: z.string().min(1).max(64).describe("Proposal id, or an id of the call"),
  actor: Actor,
  body: z.record(z.string().max(64), Json),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What stands in the stream AUDIT. `hash` of a record is SHA-256 of the canonical JSON of this object; `prev` is the hash before it. */
export const AuditRecord = z.strictObject({
  type: z.literal("countersign.audit/1"),
  seq: z.int().min(1).describe("Gap-free; equals the stream's sequence"),
  at: UtcText.describe("The writer's clock"),
  producer: z.string().max(40),
  prev: Sha256Hex.describe("64 zeros for the first record"),
  entry: AuditEntry,
});
export type AuditRecord = z.infer<typeof AuditRecord>;
