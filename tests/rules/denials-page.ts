import { DENIALS } from "@countersign/contracts/codes";
import { table } from "../../contracts/generate/markdown.ts";
import { RULES } from "../../services/risk-gate/src/rules/registry.ts";
import { GENERATED } from "./page.ts";

/** docs/generated/denials.md: every code of a denial, with the rules of the gate that answer with it. */
export function denialsPage(): string {
  const rows = Object.entries(DENIALS).map(([code, { status, text }]) => {
    const rules = RULES.filter(({ codes }) => codes.some((one) => one === code));
    const links = rules.map(({ name }) => `[${name}](rules.md#${name.toLowerCase()})`).join(", ");
    return [`\`${code}\``, String(status), text, links];
  });
  return [
    "# Denials",
    GENERATED,
    "A denial is a business no: data with a stable code, and final for these arguments. Codes are append-only. The last column names the rules of the risk gate that answer with the code; `FACT_INVALID` is also the answer of any rule that meets a number that is none, and `TOO_MANY_CONFIRMATIONS` that of the verdict as a whole. Faults stand in [codes.md](codes.md).",
    table(["code", "HTTP", "meaning", "rules"], rows),
    "",
  ].join("\n\n");
}
