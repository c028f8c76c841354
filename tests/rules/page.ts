import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import { table } from "../../contracts/generate/markdown.ts";
import { RiskPolicy } from "../../services/risk-gate/src/policy.ts";
import { RULES } from "../../services/risk-gate/src/rules/registry.ts";
import { isOff, type Rule } from "../../services/risk-gate/src/rules/rule.ts";
import { ROOT } from "../architecture/source-files.ts";
import { type RuleTestFile, scanRuleTests } from "./scan.ts";

export const GENERATED = '<!-- Generated from the registry of rules by "npm run generate". Do not edit. -->';
const code = (text: string) => `\`${text}\``;

/** docs/generated/rules.md: every rule with where it comes from, what it computes, what is shipped, and what shows it. */
export function rulesPage(scanned = scanRuleTests()): string {
  const { config } = loadConfig({ schema: RiskPolicy, file: join(ROOT, "config/risk-policy.yaml") });
  const shipped = RiskPolicy.parse(config);
  return [
    "# Rules of the risk gate",
    GENERATED,
    "All rules run on every order. One that denies denies the order; one that asks for a confirmation lets it pass, and every approval must name the rule. A fact that a rule needs and that is missing denies. The limits shown are those of the shipped `config/risk-policy.yaml`; none has a default.",
    "`denies`, `boundary`, `missing` and `property` are the tests that every rule has: what it refuses, both sides of its limit, inputs that are not there, and a few hundred random cases.",
    table(
      ["rule", "source", "holds"],
      RULES.map(({ name, source, description }) => [`[${name}](#${name.toLowerCase()})`, source, description]),
    ),
    ...RULES.flatMap((rule) =>
      section(
        rule,
        shipped,
        scanned.find((file) => file.rule === rule.name),
      ),
    ),
    "",
  ].join("\n\n");
}

function section(rule: Rule, shipped: RiskPolicy, file: RuleTestFile | undefined): string[] {
  const { name, description, source, formula, inputs, unit, codes } = rule;
  const rows = [
    ["source", source],
    ["formula", formula],
    ["reads", inputs.map(code).join(", ") || "the order alone"],
    ["unit", unit],
    ["shipped", limitsText(rule, shipped)],
    ["codes", codes.map(code).join(", ")],
  ];
  return [`## ${name}`, `${description}.`, table(["", ""], rows), testsText(file)];
}

function limitsText({ name, limits, mayBeOff }: Rule, shipped: RiskPolicy): string {
  if (limits === null) return "nothing to set";
  const block = shipped.rules[name];
  if (isOff(block)) return `off: ${block.off}`;
  const values = Object.entries(block as object).map(([key, value]) => `${code(key)} ${code(JSON.stringify(value))}`);
  return `${values.join(", ")}${mayBeOff === true ? "; may be switched off with a reason" : ""}`;
}

function testsText(file: RuleTestFile | undefined): string {
  if (file === undefined) return "Tests: not in a file of its own yet.";
  const { denies, confirms, boundary, missingDenies, property, passes } = file.names;
  const kinds = { denies, confirms, boundary, missing: missingDenies, property, passes };
  const lines = Object.entries(kinds).flatMap(([kind, names]) =>
    names.length === 0 ? [] : [`- ${kind}: ${names.join("; ")}`],
  );
  return [`Tests in \`${file.path}\`:`, "", ...lines].join("\n");
}
