import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { encode, Prefix } from "@nats-io/nkeys";
import { Codec } from "@nats-io/nkeys/lib/codec.js";

/**
 * NATS keys of users: written and read by the client library, proved with Node's own Ed25519. The library brings one in
 * JavaScript: a process that has just started spends up to 0.3 s of a core on each connection with it, and again after each
 * reconnect.
 */
export interface NKey {
  /** `U` and 55 letters, as the server's configuration names the user. */
  readonly publicKey: string;
  /** What the client library asks when the server wants a proof. */
  readonly authenticator: (nonce?: string) => { nkey: string; sig: string };
}

/** PKCS #8 and SubjectPublicKeyInfo of an Ed25519 key: the raw 32 bytes follow (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_LENGTH = 12;

/** Throws when the text is not the seed of a user, without repeating any of it. */
export function readNKey(seed: string): NKey {
  const der = Buffer.concat([PKCS8_PREFIX, rawSeed(seed)]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = publicText(key);
  const authenticator: NKey["authenticator"] = (nonce) => {
    const sig = nonce ? encode(sign(null, Buffer.from(nonce, "utf8"), key)) : "";
    return { nkey: publicKey, sig };
  };
  return { publicKey, authenticator };
}

/** There is one spelling of a seed; the library's reader would forgive some letters. */
function rawSeed(text: string): Uint8Array {
  const raw = decoded(text);
  if (raw === undefined || lettersOf(Codec.encodeSeed(Prefix.User, raw)) !== text)
    throw new Error("not the seed of a NATS user");
  return raw;
}

function decoded(text: string): Uint8Array | undefined {
  try {
    const { buf } = Codec.decodeSeed(Buffer.from(text, "utf8"));
    return buf.length === 32 ? buf : undefined;
  } catch {
    // What the library says of it may repeat it.
    return undefined;
  }
}

function publicText(key: KeyObject): string {
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI_LENGTH);
  return lettersOf(Codec.encode(Prefix.User, raw));
}

const lettersOf = (letters: Uint8Array) => Buffer.from(letters).toString("ascii");
