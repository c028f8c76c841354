import { DENIALS, FAULTS } from "../src/codes.ts";
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
  return [
    "# Codes",
    GENERATED,
    "Codes are append-only; a code never changes its meaning. The number is the HTTP status of the admin API.",
    "## Denials",
    "A business no. It is final for these arguments; to repeat the same call gives the same answer.",
    table(["code", "HTTP", "meaning"], denials),
    "## Faults",
    "An operation that failed. Effect `unknown` means that it may have happened: look before you repeat.",
    table(["code", "HTTP", "may be repeated", "meaning"], faults),
    "",
  ].join("\n\n");
}
