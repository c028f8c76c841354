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

/** A new Ed25519 key: private half as PKCS #8 PEM, public half raw, base64url. */
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

/** Reads the key once; what it returns makes the signature over a UTF-8 text, base64url. */
export function createSigner(privateKeyPem: string): (text: string) => string {
  const key = createPrivateKey(privateKeyPem);
  return (text) => signBytes(null, Buffer.from(text, "utf8"), key).toString("base64url");
}

/** One signature over the UTF-8 text, base64url. */
export function sign(privateKeyPem: string, text: string): string {
  return createSigner(privateKeyPem)(text);
}

/** False for a wrong signature and for any malformed key or signature; never throws. */
export function verify(publicKey: string, text: string, signature: string): boolean {
  const key = readPublicKey(publicKey);
  const bytes = Buffer.from(signature, "base64url");
  // The decoder forgives stray characters; a signature has one spelling only.
  if (key === undefined || bytes.length !== 64 || !isOneSpelling(signature)) return false;
  return verifyBytes(null, Buffer.from(text, "utf8"), key, bytes);
}

/** Whether this is the one spelling of its bytes in base64url: the last letter may have bits that no byte needs. */
export function isOneSpelling(text: string): boolean {
  return Buffer.from(text, "base64url").toString("base64url") === text;
}

/** Public keys that were read before: a few approvers sign everything. Begun anew when it is full. */
const read = new Map<string, KeyObject>();
const READ_MAX = 256;

function readPublicKey(publicKey: string): KeyObject | undefined {
  const known = read.get(publicKey);
  if (known !== undefined) return known;
  const key = parsePublicKey(publicKey);
  if (key === undefined) return undefined;
  if (read.size >= READ_MAX) read.clear();
  read.set(publicKey, key);
  return key;
}

function parsePublicKey(publicKey: string): KeyObject | undefined {
  const raw = Buffer.from(publicKey, "base64url");
  if (raw.length !== 32) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}
