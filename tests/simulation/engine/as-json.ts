/** What is left of a value after a journey as JSON text, without the text. Anything but plain values takes the journey. */
export function asJson<T>(value: T): T {
  return copied(value) as T;
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
