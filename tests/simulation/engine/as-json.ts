/**
 * How a message gets from one process to another. Apart: as a copy of its own. Shared: as the very object, because nobody
 * changes what was said. Frozen: the same, and whoever tries to change it fails.
 */
export type Sharing = "apart" | "shared" | "frozen";

/** What is left of a value after a journey as JSON text, without the text. Anything but plain values takes the journey. */
export function asJson<T>(value: T, sharing: Sharing): T {
  if (sharing === "apart" || !isPlain(value)) return copied(value) as T;
  if (sharing === "frozen") freeze(value);
  return value;
}

/** It is what its own text says. */
function isPlain(value: unknown): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (!isPlain((value as { readonly [key: string]: unknown })[key])) return false;
  return true;
}

function copied(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "object") return JSON.parse(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((item) => copied(item ?? null));
  if (Object.getPrototypeOf(value) !== Object.prototype) return JSON.parse(JSON.stringify(value));
  const copy: { [key: string]: unknown } = {};
  for (const key of Object.keys(value)) {
    const item = (value as { readonly [key: string]: unknown })[key];
    if (item !== undefined) copy[key] = copied(item);
  }
  return copy;
}

/** With all that is in it. */
export function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  for (const [key, item] of Object.entries(value)) {
    // A follower of the log keeps one of equal results of rules; what it says stays the same.
    if (key === "rules" && Array.isArray(item)) for (const one of item) freeze(one);
    else freeze(item);
  }
  Object.freeze(value);
}
