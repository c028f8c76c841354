import * as z from "zod";
import { Sha256Hex, UtcText } from "./primitives.ts";

/** So many records, and nothing but these: who has it can tell later whether any of them was changed or taken away. */
export const Checkpoint = z.strictObject({
  type: z.literal("countersign.checkpoint/1"),
  size: z.int().min(1).describe("Records"),
  head: Sha256Hex.describe("Hash of the last of them, which hangs on all before it"),
  root: Sha256Hex.describe("RFC 6962 tree head over them"),
  at: UtcText,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** Signed by the audit writer over the RFC 8785 JSON of the checkpoint. */
export const SignedCheckpoint = z.strictObject({
  checkpoint: Checkpoint,
  publicKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .describe("Ed25519, base64url"),
  signature: z
    .string()
    .regex(/^[A-Za-z0-9_-]{86}$/)
    .describe("Ed25519, base64url"),
});
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;
