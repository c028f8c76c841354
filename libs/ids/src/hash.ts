import { hash } from "node:crypto";
import canonicalize from "canonicalize";

export function sha256(data: Uint8Array | string): Buffer {
  return hash("sha256", data, "buffer");
}

export function sha256Hex(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

/** RFC 8785 JSON. Throws TypeError on what JSON cannot carry (undefined, NaN, functions) instead of dropping it. */
export function canonicalJson(value: unknown): string {
  if (!isJson(value)) assertJson(value, "$");
  // RFC 8785 takes text and numbers as JSON.stringify writes them (sections 3.2.2.2 and 3.2.2.3).
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
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

/** A member of this name that is no function is a name like any other. */
export function writesItself(value: object): boolean {
  return "toJSON" in value && typeof value.toJSON === "function";
}

/** Without a word about where it is not: most values are, and somebody waits for each. */
function isJson(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || writesItself(value)) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isJson(item)) return false;
    return true;
  }
  for (const key of Object.keys(value))
    if (!key.isWellFormed() || !isJson((value as Readonly<Record<string, unknown>>)[key])) return false;
  return true;
}

/** Half of a surrogate pair has no UTF-8, and an object that writes itself is not what it looks like. */
function assertJson(value: unknown, path: string): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError(`${path} has half a surrogate pair`);
    return;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${path} is not a finite number`);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) assertJson(item, `${path}[${index}]`);
    return;
  }
  if (typeof value !== "object") throw new TypeError(`${path} is ${typeof value}, which JSON cannot carry`);
  if (writesItself(value)) throw new TypeError(`${path} writes itself`);
  for (const [key, item] of Object.entries(value)) {
    assertJson(key, path);
    assertJson(item, `${path}.${key}`);
  }
}
