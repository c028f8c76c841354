import * as z from "zod";
import { Base64Url, PrincipalId, UtcText } from "./primitives.ts";

/** The raw 32 bytes of an Ed25519 public key. */
const Ed25519PublicKey = Base64Url.length(43);

/** WebAuthn's credential id: at most 1,023 bytes. */
export const CredentialId = z
  .string()
  .min(1)
  .max(1_364)
  .regex(/^[A-Za-z0-9_-]+$/)
  .describe("WebAuthn credential id, base64url");

/**
 * A key whose signature counts. `session`: the admin API holds it for its person and uses it after a sign-in.
 * `passkey`: only its person can use it. `policy`: approval holds it and uses it for a standing policy.
 */
export const RosterKey = z.discriminatedUnion("kind", [
  z.strictObject({ keyId: PrincipalId, kind: z.literal("session"), publicKey: Ed25519PublicKey }),
  z.strictObject({
    keyId: PrincipalId,
    kind: z.literal("passkey"),
    credentialId: CredentialId,
    publicKey: z
      .string()
      .max(4_096)
      .regex(/^[A-Za-z0-9_-]+$/)
      .describe("COSE public key, base64url"),
  }),
  z.strictObject({ keyId: PrincipalId, kind: z.literal("policy"), publicKey: Ed25519PublicKey }),
]);
export type RosterKey = z.infer<typeof RosterKey>;

/** One who may approve: a person with session keys and passkeys, or a policy with its own. */
export const RosterApprover = z.strictObject({ person: PrincipalId, keys: z.array(RosterKey).min(1).max(20) });
export type RosterApprover = z.infer<typeof RosterApprover>;

/** Who may approve. A later roster has a higher version. */
export const Roster = z.strictObject({
  type: z.literal("countersign.roster/1"),
  version: z.int().min(1),
  issuedAt: UtcText,
  approvers: z.array(RosterApprover).max(500),
});
export type Roster = z.infer<typeof Roster>;

/** `roster.json`: Ed25519 over the canonical JSON of the roster, by each of the root keys that the services' environment names. */
export const SignedRoster = z.strictObject({
  roster: Roster,
  signatures: z.array(z.strictObject({ keyId: PrincipalId, signature: Base64Url.max(128) })).max(20),
});
export type SignedRoster = z.infer<typeof SignedRoster>;
