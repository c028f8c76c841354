import { Checkpoint, SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { verify } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { parseJson } from "./parse-json.ts";

/** What a signature is made over. */
export function signedText(checkpoint: Checkpoint): string {
  return canonicalJson(Checkpoint.parse(checkpoint));
}

/** One line of the file of checkpoints; undefined: it is none, or its own key did not sign it. */
export function readCheckpoint(line: string): SignedCheckpoint | undefined {
  const parsed = SignedCheckpoint.safeParse(parseJson(line));
  if (!parsed.success) return undefined;
  const { checkpoint, publicKey, signature } = parsed.data;
  return verify(publicKey, signedText(checkpoint), signature) ? parsed.data : undefined;
}
