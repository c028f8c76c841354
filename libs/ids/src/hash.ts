import { createHash, hash } from "node:crypto";

export function sha256(data: Uint8Array | string): Buffer {
  return createHash("sha256").update(data).digest();
}

export function sha256Hex(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

/**
 * RFC 8785 JSON. Throws TypeError on what JSON cannot carry (undefined, NaN, functions, half of a surrogate pair, objects
 * that write themselves) instead of dropping it. One walk, because a verdict is hashed while somebody waits.
 */
export function canonicalJson(value: unknown): string {
  const text = write(value);
  if (text === undefined) throw new TypeError(refusal(value, "$") ?? "not a JSON value");
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

/** Undefined: something in it is no JSON. */
function write(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : undefined;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? list(value) : record(value as Readonly<Record<string, unknown>>);
    default:
      return undefined;
  }
}

/** What stands between quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string | undefined {
  if (PLAIN.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : undefined;
}

function list(items: readonly unknown[]): string | undefined {
  let joined = "[";
  for (let index = 0; index < items.length; index += 1) {
    const item = write(items[index]);
    if (item === undefined) return undefined;
    joined += index === 0 ? item : `,${item}`;
  }
  return `${joined}]`;
}

function record(value: Readonly<Record<string, unknown>>): string | undefined {
  if ("toJSON" in value) return undefined;
  let joined = "{";
  for (const key of Object.keys(value).sort()) {
    const [name, item] = [quoted(key), write(value[key])];
    if (name === undefined || item === undefined) return undefined;
    joined += joined === "{" ? `${name}:${item}` : `,${name}:${item}`;
  }
  return `${joined}}`;
}

/** What is wrong and where; only asked for when something is. */
function refusal(value: unknown, path: string): string | undefined {
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value === "string") return value.isWellFormed() ? undefined : `${path} has half a surrogate pair`;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is not a finite number`;
  if (typeof value !== "object") return `${path} is ${typeof value}, which JSON cannot carry`;
  if (Array.isArray(value)) return first(Array.from(value, (item, index) => refusal(item, `${path}[${index}]`)));
  if ("toJSON" in value) return `${path} writes itself`;
  return first(Object.entries(value).map(([key, item]) => refusal(key, path) ?? refusal(item, `${path}.${key}`)));
}

const first = (found: readonly (string | undefined)[]) => found.find((one) => one !== undefined);
