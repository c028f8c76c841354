import * as z from "zod";
import { AccountId, ProposalId, Sha256Hex, UtcText } from "../primitives.ts";

/** Bytes of one piece before they are compressed. */
export const PIECE_BYTES_MAX = 96 * 1024;
/** Deflated bytes that fit into a message with everything around them. */
const PACKED_MAX = 160 * 1024;

const Packed = z
  .string()
  .min(1)
  .max(PACKED_MAX)
  .regex(/^[A-Za-z0-9_-]+$/)
  .describe("Raw deflate in base64url without padding");

/**
 * What a verdict was made of, taken down before the verdict was written: enough to make it again, byte for byte. Large
 * values stand in records of their own, once for as many verdicts as name them.
 */
export const JudgedFact = z.strictObject({
  type: z.literal("judged/1"),
  proposalId: ProposalId,
  account: AccountId,
  at: UtcText.describe("When the facts were gathered"),
  engine: Sha256Hex.describe("Of the code that judged: rules, facts and arithmetic"),
  policyHash: Sha256Hex,
  policyValue: Sha256Hex.describe("Of the canonical JSON of the policy; it is a value of its own"),
  inputsHash: Sha256Hex,
  verdictHash: Sha256Hex,
  outcome: z.enum(["pass", "deny"]),
  inputs: Packed.describe("Table of the inputs, the values that are small, and the hashes of those that are not"),
});
export type JudgedFact = z.infer<typeof JudgedFact>;

/** A piece of a large value: a position list, the open orders, bars, a policy. */
export const JudgedValuePiece = z.strictObject({
  type: z.literal("judgedValue/1"),
  hash: Sha256Hex.describe("Of the canonical JSON of the whole value"),
  piece: z.int().min(1).max(1_000),
  pieces: z.int().min(1).max(1_000),
  data: Packed.describe("Of the canonical JSON, in pieces of at most 96 KiB"),
});
export type JudgedValuePiece = z.infer<typeof JudgedValuePiece>;
