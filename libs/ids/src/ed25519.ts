import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";

/** SubjectPublicKeyInfo header of an Ed25519 key: the raw 32 bytes follow. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export interface KeyPair {
  /** PKCS #8 in PEM. */
  readonly privateKeyPem: string;
  /** The raw 32 bytes, base64url. */
  readonly publicKey: string;
}

export function generateKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync("ed25519");
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { privateKeyPem, publicKey: publicKeyOf(privateKeyPem) };
}

/** Raw public key of a private key, base64url. */
export function publicKeyOf(privateKeyPem: string): string {
  const spki = createPublicKey(createPrivateKey(privateKeyPem)).export({ type: "spki", format: "der" });
  return spki.subarray(SPKI_PREFIX.length).toString("base64url");
}

/** Signature over the UTF-8 text, base64url. */
export function sign(privateKeyPem: string, text: string): string {
  return signBytes(null, Buffer.from(text, "utf8"), createPrivateKey(privateKeyPem)).toString("base64url");
}

/** False for a wrong signature and for any malformed key or signature; never throws. */
export function verify(publicKey: string, text: string, signature: string): boolean {
  const key = readPublicKey(publicKey);
  const bytes = Buffer.from(signature, "base64url");
  // The decoder forgives stray characters; a signature has one spelling only.
  if (key === undefined || bytes.length !== 64 || bytes.toString("base64url") !== signature) return false;
  return verifyBytes(null, Buffer.from(text, "utf8"), key, bytes);
}

function readPublicKey(publicKey: string): KeyObject | undefined {
  const raw = Buffer.from(publicKey, "base64url");
  if (raw.length !== 32) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}
