import * as z from "zod";
import { AuditEntry, AuditKind, AuditRecord } from "../audit.ts";
import { SignedCheckpoint } from "../audit-checkpoint.ts";
import { replyOf } from "../denial.ts";
import { Sha256Hex } from "../primitives.ts";

/** append: records in this order, all of them or none. */
export const AppendRequest = z.strictObject({ entries: z.array(AuditEntry).min(1).max(16) });
/** The last of them. Comes only when every record is in the stream and in the local journal. */
export const AppendReply = replyOf(z.strictObject({ seq: z.int().min(1), hash: Sha256Hex }));

export const ListAuditRequest = z.strictObject({
  after: z.int().min(0).describe("Records with a sequence above this"),
  limit: z.int().min(1).max(200),
  kinds: z.array(AuditKind).max(20).nullable(),
  correlationId: z.string().max(64).nullable(),
});
export const ListAuditReply = replyOf(
  z.strictObject({
    records: z.array(z.strictObject({ hash: Sha256Hex, record: AuditRecord })),
    size: z.int().min(0),
    nextAfter: z.int().min(0).nullable(),
  }),
);

/** verify: recompute the chain and the tree of the whole stream and compare both with the journal and with the signed checkpoints. */
export const VerifyAuditRequest = z.strictObject({
  against: SignedCheckpoint.nullable().describe("One that was kept elsewhere; null: only those that the writer has"),
});
export const VerifyAuditReply = replyOf(
  z.strictObject({
    ok: z.boolean(),
    size: z.int().min(0).describe("Records in the stream"),
    root: Sha256Hex.describe("RFC 6962 tree head over the canonical records"),
    head: Sha256Hex.describe("Hash of the last record; 64 zeros when there is none"),
    findings: z.array(z.string().max(500)).max(50).describe("What does not fit; empty when ok"),
    checkpoints: z.int().min(0).describe("Signed checkpoints that were compared"),
    checkpoint: SignedCheckpoint.nullable().describe("The newest, to be kept elsewhere; null: there is none yet"),
  }),
);

/** head: sign how many records there are and what their tree head is, unless the newest checkpoint does already. */
export const AuditHeadRequest = z.strictObject({});
export const AuditHeadReply = replyOf(
  z.strictObject({
    checkpoint: SignedCheckpoint,
    note: z
      .string()
      .max(1_000)
      .describe(
        "The same size and root as a signed note (c2sp.org/tlog-checkpoint), for tools that know no Countersign",
      ),
    verifierKey: z.string().max(300).describe("Of the note, as such tools take it: <origin>+<id>+<key>"),
  }),
);
