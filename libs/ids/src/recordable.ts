import { writesItself } from "./hash.ts";

const CUT = "(nested too deeply)";
const NOT_JSON = "(not JSON)";

/**
 * A value from outside as the record can hold it, so that `canonicalJson` never throws on it: half surrogate pairs become
 * U+FFFD, what lies deeper than `depthMax` and what JSON cannot carry becomes a remark. Anything else stays as it is.
 */
export function recordable(value: unknown, depthMax = 32): unknown {
  return isRecordable(value, depthMax) ? value : remade(value, depthMax);
}

/** Without a copy: nearly all values are, and an order waits for the record. */
function isRecordable(value: unknown, depthMax: number): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depthMax <= 0 || writesItself(value)) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isRecordable(item, depthMax - 1)) return false;
    return true;
  }
  for (const key of Object.keys(value))
    if (!key.isWellFormed() || !isRecordable((value as Readonly<Record<string, unknown>>)[key], depthMax - 1))
      return false;
  return true;
}

function remade(value: unknown, depthMax: number): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value : NOT_JSON;
  if (typeof value !== "object") return NOT_JSON;
  if (depthMax <= 0) return CUT;
  if (Array.isArray(value)) return value.map((item) => remade(item, depthMax - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), remade(item, depthMax - 1)]),
  );
}
