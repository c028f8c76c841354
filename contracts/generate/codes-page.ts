import { DENIALS, FAULTS } from "../src/codes.ts";
import { TEMPORARY_DENIALS } from "../src/denial.ts";
import { GENERATED, table } from "./markdown.ts";

/** docs/generated/codes.md: every code that leaves the system. */
export function codesPage(): string {
  const denials = Object.entries(DENIALS).map(([code, { status, text }]) => [`\`${code}\``, String(status), text]);
  const faults = Object.entries(FAULTS).map(([code, { status, retryable, text }]) => [
    `\`${code}\``,
    String(status),
    retryable ? "yes" : "no",
    text,
  ]);
  const temporary = TEMPORARY_DENIALS.map((code) => `\`${code}\``).join(", ");
  return [
    "# Codes",
    GENERATED,
    "Codes are append-only; a code never changes its meaning. The number is the HTTP status of the admin API.",
    "## Denials",
    `A business no. It is final for these arguments; to repeat the same call gives the same answer. Only ${temporary} go away by waiting.`,
    table(["code", "HTTP", "meaning"], denials),
    "## Faults",
    "An operation that failed. Effect `unknown` means that it may have happened: look before you repeat.",
    table(["code", "HTTP", "may be repeated", "meaning"], faults),
    "",
  ].join("\n\n");
}
