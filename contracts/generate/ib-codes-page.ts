import { IB_CODES, type IbCode, LINK_BEHAVIOURS, ORDER_BEHAVIOURS, REQUEST_BEHAVIOURS } from "../src/ib-codes.ts";
import { GENERATED, table } from "./markdown.ts";

/** docs/generated/ib-codes.md: what TWS says with a number, and what the gateway does about it. */
export function ibCodesPage(): string {
  const sorted = [...IB_CODES].sort((a, b) => a.code - b.code || (a.upTo ?? 0) - (b.upTo ?? 0));
  return [
    "# Codes of TWS",
    GENERATED,
    "A code that is not listed proves nothing: the order that it names is looked up at the broker, never taken for " +
      "cancelled, and the code is recorded.",
    table(["code", "class", "meaning", "behaviour", "note"], sorted.flatMap(rowsOf)),
    "## About an order",
    behaviours(ORDER_BEHAVIOURS),
    "## About a question",
    behaviours(REQUEST_BEHAVIOURS),
    "## About the link",
    behaviours(LINK_BEHAVIOURS),
    "",
  ].join("\n\n");
}

function rowsOf(row: IbCode): string[][] {
  const code = row.upTo === undefined ? String(row.code) : `${row.code} to ${row.upTo}`;
  const narrower = (row.texts ?? []).map((part) => [
    code,
    row.class,
    `with "${part.has}": ${part.meaning}`,
    saysOf(part),
    "",
  ]);
  return [[code, row.class, row.meaning, saysOf(row), row.note], ...narrower];
}

function saysOf({ order, request, link }: Pick<IbCode, "order" | "request" | "link">): string {
  const parts = Object.entries({ order, request, link }).filter(([, behaviour]) => behaviour !== undefined);
  return parts.map(([what, behaviour]) => `${what}: ${behaviour}`).join(", ");
}

function behaviours(of: Readonly<Record<string, string>>): string {
  return table(
    ["behaviour", "what the gateway does"],
    Object.entries(of).map(([name, text]) => [`\`${name}\``, text]),
  );
}
