import { AUDIT_BODY_BYTES_MAX } from "@countersign/contracts/audit";
import * as z from "zod";

/** Every bound of this service; none has a default. */
export const AuditWriterConfig = z.strictObject({
  pendingMax: z
    .int()
    .min(16)
    .max(10_000)
    .describe("Records sealed and not yet durable in both places; beyond it: BUSY"),
  recordBytesMax: z
    .int()
    .min(AUDIT_BODY_BYTES_MAX + 8_000)
    .max(64_000)
    .describe("Largest record as canonical JSON; below the stream's limit"),
  readsInFlight: z.int().min(1).max(512).describe("Reads of the stream at once when listing, verifying or repairing"),
  listScanMax: z.int().min(200).max(100_000).describe("Records that one list call may look at when it filters"),
  listBytesMax: z.int().min(65_536).max(180_000).describe("Size of the records in one list reply"),
  retention: z
    .strictObject({
      days: z.int().min(1).max(36_500).describe("How long records are kept; live trading asks for 2555 at least"),
      exportBeforePurge: z.boolean().describe("Nothing is purged that was not exported before"),
    })
    .describe("Nothing deletes a record today: the stream refuses it. This is what is promised of any later purge"),
  checkpoints: z
    .strictObject({
      everyMs: z
        .int()
        .min(100)
        .max(86_400_000)
        .describe("How often what was recorded since is signed, and at the stop"),
      copyFolder: z
        .string()
        .startsWith("/")
        .nullable()
        .describe("A second place for them, on a disk that others own; null: beside the journal only"),
    })
    .describe("Signed statements of size and tree head, outside NATS"),
  openWaitMs: z.int().min(100).max(20_000).describe("How long the start waits for the stream before it serves unready"),
});
export type AuditWriterConfig = z.infer<typeof AuditWriterConfig>;
