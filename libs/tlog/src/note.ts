import { createHash } from "node:crypto";
import { verify } from "@countersign/ids/ed25519";

/** Ed25519, as signed notes number their algorithms. */
const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
/** A name goes between spaces and before a plus. */
const NAME = /^[^\s+]{1,200}$/u;

/** Who signs: a name, and an Ed25519 key under it. */
export interface NoteSigner {
  readonly name: string;
  /** Raw, base64url. */
  readonly publicKey: string;
  /** Over the UTF-8 text, base64url. */
  readonly sign: (text: string) => string;
}

/** What a log is at one time: so many entries, and nothing but these. */
export interface TreeHead {
  /** Name of the log; one log has one for ever. */
  readonly origin: string;
  readonly size: number;
  /** RFC 6962 tree head, hex. */
  readonly root: string;
}

/** The key as tools for notes take it: `<name>+<id>+<key>`. Throws a TypeError for a name that no note can carry. */
export function verifierKeyOf({ name, publicKey }: Pick<NoteSigner, "name" | "publicKey">): string {
  if (!NAME.test(name)) throw new TypeError(`no name of a key: ${name}`);
  const key = keyBytes(publicKey);
  return `${name}+${keyId(name, key).toString("hex")}+${key.toString("base64")}`;
}

/** The text with its signature below. The text ends with a newline and has no control characters but newlines. */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = Buffer.from(signer.sign(text), "base64url");
  const id = keyId(signer.name, keyBytes(signer.publicKey));
  return `${text}\n— ${signer.name} ${Buffer.concat([id, signature]).toString("base64")}\n`;
}

/** The text that this key signed; undefined: the note has no good signature of it. Signatures of others are passed over. */
export function openNote(note: string, verifierKey: string): string | undefined {
  const key = readVerifierKey(verifierKey);
  const end = note.lastIndexOf("\n\n");
  if (key === undefined || end === -1 || !note.endsWith("\n")) return undefined;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  const mine = lines.filter((line) => line.startsWith(`— ${key.name} `)).map((line) => line.split(" ")[2] ?? "");
  return mine.some((part) => isSignature(part, key, text)) ? text : undefined;
}

/** The text of a tree head, as a note signs it. */
export function treeHeadText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\n`;
}

/** Undefined: the text is no tree head. Lines below the root are for others. */
export function readTreeHead(text: string): TreeHead | undefined {
  const [origin = "", size = "", root = ""] = text.split("\n");
  const bytes = Buffer.from(root, "base64");
  const isHead = origin !== "" && /^(0|[1-9]\d{0,15})$/.test(size) && bytes.length === 32;
  if (!isHead || bytes.toString("base64") !== root) return undefined;
  return { origin, size: Number(size), root: bytes.toString("hex") };
}

interface VerifierKey {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: string;
}

/** Undefined: it is no key, or its id is not that of its name and key. */
function readVerifierKey(text: string): VerifierKey | undefined {
  const [name = "", id = "", ...rest] = text.split("+");
  // Base64 has pluses of its own.
  const key = Buffer.from(rest.join("+"), "base64");
  if (!NAME.test(name) || key.length !== 33 || key[0] !== ED25519 || keyId(name, key).toString("hex") !== id)
    return undefined;
  return { name, id: keyId(name, key), publicKey: key.subarray(1).toString("base64url") };
}

function isSignature(part: string, key: VerifierKey, text: string): boolean {
  const bytes = Buffer.from(part, "base64");
  if (bytes.length !== KEY_ID_BYTES + SIGNATURE_BYTES || bytes.toString("base64") !== part) return false;
  if (!bytes.subarray(0, KEY_ID_BYTES).equals(key.id)) return false;
  return verify(key.publicKey, text, bytes.subarray(KEY_ID_BYTES).toString("base64url"));
}

function keyBytes(publicKey: string): Buffer {
  return Buffer.concat([Uint8Array.of(ED25519), Buffer.from(publicKey, "base64url")]);
}

/** The first four bytes of SHA-256 over name, newline and key with its algorithm before it. */
function keyId(name: string, key: Buffer): Buffer {
  return createHash("sha256").update(`${name}\n`).update(key).digest().subarray(0, KEY_ID_BYTES);
}
