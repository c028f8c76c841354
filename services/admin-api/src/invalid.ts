import type { Denial } from "@countersign/contracts/denial";
import { cleanUntrusted } from "@countersign/log/logger";
import type * as z from "zod";

/** Names every field that is wrong and what would be right; never repeats a value. */
export function invalidArgument(where: "path" | "query" | "body", error: z.ZodError): Denial {
  const fields = error.issues.slice(0, 10).flatMap((issue) => fieldsOf(where, issue));
  const message = fields.map(({ field, problem }) => `${field}: ${problem}`).join("; ");
  return { code: "INVALID_ARGUMENT", message: message.slice(0, 1000).toWellFormed(), detail: { fields } };
}

function fieldsOf(where: string, issue: z.core.$ZodIssue): { field: string; problem: string }[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, 5).map((key) => ({ field: nameOf(key), problem: `is not known in the ${where}` }));
  }
  const field = issue.path.map((part) => nameOf(String(part))).join(".") || where;
  if (issue.code === "invalid_format") return [{ field, problem: `must match ${patternOf(issue)}` }];
  return [{ field, problem: issue.message.replace(/^Invalid input: /, "") }];
}

function patternOf(issue: { pattern?: string | undefined; format: string }): string {
  const pattern = issue.pattern ?? issue.format;
  return pattern.includes("\\u")
    ? "text without control, direction and invisible characters and without half surrogate pairs"
    : pattern;
}

function nameOf(key: string): string {
  return cleanUntrusted(key, 40);
}
