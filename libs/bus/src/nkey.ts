import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";

/**
 * NATS keys of users, with Node's own Ed25519. The client library brings one in JavaScript: a process that has just started spends
 * up to 0.3 s of a core on each connection with it, and again after each reconnect.
 */
export interface NKey {
  /** `U` and 55 letters, as the server's configuration names the user. */
  readonly publicKey: string;
  /** What the client library asks when the server wants a proof. */
  readonly authenticator: (nonce?: string) => { nkey: string; sig: string };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SEED = 144;
const USER = 160;
/** PKCS #8 and SubjectPublicKeyInfo of an Ed25519 key: the raw 32 bytes follow. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_LENGTH = 12;

/** Throws when the text is not the seed of a user, without repeating any of it. */
export function readNKey(seed: string): NKey {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, rawSeed(seed)]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = publicText(key);
  const authenticator: NKey["authenticator"] = (nonce) => {
    const sig = nonce ? sign(null, Buffer.from(nonce, "utf8"), key).toString("base64") : "";
    return { nkey: publicKey, sig };
  };
  return { publicKey, authenticator };
}

/** Two bytes that say what it is, 32 of the seed, two of the checksum. */
function rawSeed(text: string): Buffer {
  const bytes = base32Bytes(text);
  const [first = 0, second = 0] = bytes;
  const kind = first & 0b1111_1000;
  const role = ((first & 0b111) << 5) | (second >> 3);
  const whole = bytes.length === 36 && bytes.readUInt16LE(34) === crc16(bytes.subarray(0, 34));
  if (!whole || kind !== SEED || role !== USER) throw new Error("not the seed of a NATS user");
  return bytes.subarray(2, 34);
}

function publicText(key: KeyObject): string {
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI_LENGTH);
  const bytes = Buffer.concat([Buffer.from([USER]), raw, Buffer.alloc(2)]);
  bytes.writeUInt16LE(crc16(bytes.subarray(0, 33)), 33);
  return base32Text(bytes);
}

/** Five bits to a letter; empty when a letter is none, or the last has a bit too many: there is one spelling of a seed. */
function base32Bytes(text: string): Buffer {
  const values = [...text].map((letter) => LETTERS.indexOf(letter));
  if (values.includes(-1)) return Buffer.alloc(0);
  const bits = values.map((value) => value.toString(2).padStart(5, "0")).join("");
  if (/1/.test(bits.slice(bits.length - (bits.length % 8)))) return Buffer.alloc(0);
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Of 35 bytes: 56 letters, no padding. */
function base32Text(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]).join("");
}

/** The checksum of XMODEM. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}
