import { cleanUntrusted } from "@countersign/log/logger";
import type * as z from "zod";

const FIELDS_MAX = 10;
const KEYS_MAX = 5;
const KEY_LENGTH_MAX = 40;
const MESSAGE_LENGTH_MAX = 1_000;

/** A type and no interface, so that it counts as JSON. */
export type InvalidField = { field: string; problem: string };

/**
 * Names every field that is wrong and what would be right; never repeats a value. `whole` stands for the input itself,
 * `unknownKey` is said of a key that nobody knows. The message is empty when the error names nothing.
 */
export function invalidFields(
  error: z.ZodError,
  say: { whole: string; unknownKey: string },
): { message: string; fields: InvalidField[] } {
  const fields = error.issues.slice(0, FIELDS_MAX).flatMap((issue) => fieldsOf(issue, say));
  const message = fields.map(({ field, problem }) => `${field}: ${problem}`).join("; ");
  return { message: message.slice(0, MESSAGE_LENGTH_MAX).toWellFormed(), fields };
}

function fieldsOf(issue: z.core.$ZodIssue, say: { whole: string; unknownKey: string }): InvalidField[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, KEYS_MAX).map((key) => ({ field: nameOf(key), problem: say.unknownKey }));
  }
  const field = issue.path.map((part) => nameOf(String(part))).join(".") || say.whole;
  if (issue.code === "invalid_format") return [{ field, problem: `must match ${patternOf(issue)}` }];
  return [{ field, problem: issue.message.replace(/^Invalid input: /, "") }];
}

/** Patterns that only keep characters out are said in words. */
function patternOf(issue: { pattern?: string | undefined; format: string }): string {
  const pattern = issue.pattern ?? issue.format;
  if (pattern === "/\\S/") return "text that is not only blanks";
  return pattern.includes("\\u") ? "text without control, direction and invisible characters and half pairs" : pattern;
}

function nameOf(key: string): string {
  return cleanUntrusted(key, KEY_LENGTH_MAX);
}
