const CUT = "(nested too deeply)";
const NOT_JSON = "(not JSON)";

/**
 * A value from outside as the record can hold it, so that `canonicalJson` never throws on it: half surrogate pairs become
 * U+FFFD, what lies deeper than `depthMax` and what JSON cannot carry becomes a remark. Anything else stays as it is.
 */
export function recordable(value: unknown, depthMax = 32): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value : NOT_JSON;
  if (typeof value !== "object") return NOT_JSON;
  if (depthMax <= 0) return CUT;
  if (Array.isArray(value)) return value.map((item) => recordable(item, depthMax - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), recordable(item, depthMax - 1)]),
  );
}
