import type * as z from "zod";
import { type Check, compiledCheck } from "./compiled-check.ts";

const checks = new WeakMap<z.ZodType, Check | "none">();

/**
 * As the schema's own `safeParse`. What a schema takes as it is, is recognised by a function compiled from it, in a fifth of
 * the time; all else is the schema's to judge. The result may be the very value that was given.
 */
export function parseMessage<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  let check = checks.get(schema);
  if (check === undefined) {
    check = compiledCheck(schema) ?? "none";
    checks.set(schema, check);
  }
  if (check !== "none" && check(value)) return { success: true, data: value as z.output<S> };
  return schema.safeParse(value);
}
