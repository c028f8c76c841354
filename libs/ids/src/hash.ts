import { hash } from "node:crypto";

export function sha256(data: Uint8Array | string): Buffer {
  return hash("sha256", data, "buffer");
}

export function sha256Hex(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

/**
 * RFC 8785 JSON. Throws TypeError on what JSON cannot carry (undefined, NaN, functions, half of a surrogate pair, objects
 * that write themselves) instead of dropping it. One walk, because a verdict is hashed while somebody waits.
 */
export function canonicalJson(value: unknown): string {
  const text = plainJson(value) ?? write(value);
  if (text === undefined) throw new TypeError(refusal(value, "$") ?? "not a JSON value");
  return text;
}

const UNUSUAL = Symbol("unusual");
/** Up to so many keys are sorted faster by hand. */
const FEW_KEYS = 16;

/**
 * The same for what consists of plain values, lists and objects: a copy with sorted keys, written by the engine itself, in
 * half the time. Undefined for anything else, good or bad.
 */
function plainJson(value: unknown): string | undefined {
  const sorted = sortedCopy(value);
  if (sorted === UNUSUAL) return undefined;
  const text = JSON.stringify(sorted);
  // Perhaps half of a surrogate pair, which the engine writes as an escape.
  return text.includes("\\ud") ? undefined : text;
}

function sortedCopy(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : UNUSUAL;
  if (typeof value !== "object") return UNUSUAL;
  return Array.isArray(value) ? copyOfList(value) : copyOfObject(value);
}

function copyOfList(list: readonly unknown[]): unknown {
  const copy: unknown[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const item = sortedCopy(list[at]);
    if (item === UNUSUAL) return UNUSUAL;
    copy.push(item);
  }
  return copy;
}

function copyOfObject(value: object): unknown {
  if (Object.getPrototypeOf(value) !== Object.prototype || "toJSON" in value) return UNUSUAL;
  const copy: { [key: string]: unknown } = {};
  for (const key of sortedKeys(value)) {
    const first = key.charCodeAt(0);
    // An object keeps keys that look like an index in an order of its own, and one key is no key.
    if ((first >= 48 && first <= 57) || key === "__proto__") return UNUSUAL;
    const item = sortedCopy((value as { readonly [key: string]: unknown })[key]);
    if (item === UNUSUAL) return UNUSUAL;
    copy[key] = item;
  }
  return copy;
}

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] as string;
    let to = at;
    for (; to > 0 && (keys[to - 1] as string) > key; to -= 1) keys[to] = keys[to - 1] as string;
    keys[to] = key;
  }
  return keys;
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
