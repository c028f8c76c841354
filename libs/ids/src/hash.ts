import { createHash } from "node:crypto";

export function sha256(data: Uint8Array | string): Buffer {
  return createHash("sha256").update(data).digest();
}

export function sha256Hex(data: Uint8Array | string): string {
  return sha256(data).toString("hex");
}

/** RFC 8785 JSON. Throws TypeError on what JSON cannot carry (undefined, NaN, functions) instead of dropping it. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError("not a finite number");
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new TypeError(`${typeof value}, which JSON cannot carry`);
  }
}

function canonicalArray(value: readonly unknown[]): string {
  let text = "";
  for (const item of value) text += `${text === "" ? "" : ","}${canonicalJson(item)}`;
  return `[${text}]`;
}

/** Names in the order of their UTF-16 units, which is how sort() compares. */
function canonicalObject(value: object): string {
  if ("toJSON" in value) throw new TypeError("an object that writes itself");
  let text = "";
  for (const name of Object.keys(value).sort()) {
    const member = canonicalJson((value as Record<string, unknown>)[name]);
    text += `${text === "" ? "" : ","}${quoted(name)}:${member}`;
  }
  return `{${text}}`;
}

const NEEDS_NO_ESCAPE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

function quoted(text: string): string {
  if (NEEDS_NO_ESCAPE.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError("half a surrogate pair");
  return JSON.stringify(text);
}

/** SHA-256 in hex of the canonical JSON. */
export function canonicalHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** RFC 4648 alphabet in lower case, no padding. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}
