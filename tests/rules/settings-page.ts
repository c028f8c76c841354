import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ApprovalRules } from "@countersign/contracts/demand";
import { parse } from "yaml";
import * as z from "zod";
import { table } from "../../contracts/generate/markdown.ts";
import { AdminApiConfig } from "../../services/admin-api/src/config.ts";
import { ApprovalConfig } from "../../services/approval/src/config.ts";
import { AuditWriterConfig } from "../../services/audit-writer/src/config.ts";
import { BrokerGatewayConfig } from "../../services/broker-gateway/src/config.ts";
import { MarketDataConfig } from "../../services/market-data/src/config.ts";
import { McpEdgeConfig } from "../../services/mcp-edge/src/config.ts";
import { RiskGateConfig } from "../../services/risk-gate/src/config.ts";
import { ROOT } from "../architecture/source-files.ts";

/** The files of config/ with the schemas that refuse what is wrong in them. The policies have pages of their own. */
const FILES: Readonly<Record<string, z.ZodType>> = {
  "broker-gateway.yaml": BrokerGatewayConfig,
  "risk-gate.yaml": RiskGateConfig,
  "approval.yaml": ApprovalConfig,
  "approvals.yaml": ApprovalRules,
  "audit-writer.yaml": AuditWriterConfig,
  "admin-api.yaml": AdminApiConfig,
  "mcp-edge.yaml": McpEdgeConfig,
  "market-data.yaml": MarketDataConfig,
};

type Node = z.core.JSONSchema.JSONSchema;

export interface Setting {
  /** As in the file, with dots. */
  readonly path: string;
  readonly shipped: string;
  readonly allowed: string;
  /** Empty: nobody has said it. */
  readonly meaning: string;
}

/** docs/generated/settings.md: every setting with what is shipped, what is allowed and what it means. */
export function settingsPage(): string {
  const sections = Object.keys(FILES).flatMap((file) => [
    `## ${file}`,
    table(
      ["setting", "shipped", "allowed", "meaning"],
      settingsOf(file).map(({ path, shipped, allowed, meaning }) => [
        `\`${path}\``,
        `\`${shipped}\``,
        allowed,
        meaning,
      ]),
    ),
  ]);
  const head = [
    "# Settings",
    '<!-- Generated from the schemas of the services by "npm run generate". Do not edit. -->',
    "Every key must be there, and no other: nothing has a default. `Ms` is milliseconds, `Max` and `Min` are still allowed. The risk policy " +
      "has [a page of its own](../risk-policy.md), as have [auto-approval](../auto-approval.md) and [live trading](../live.md).",
  ];
  return `${[...head, ...sections].join("\n\n")}\n`;
}

/** Of one file, in its order. What has no words of its own means what the table around it says. */
export function settingsOf(file: string): Setting[] {
  const schema = FILES[file];
  if (schema === undefined) throw new Error(`${file} has no schema here`);
  const values: unknown = parse(readFileSync(join(ROOT, "config", file), "utf8"));
  return leaves(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }), values, "", "");
}

export const SETTINGS_FILES = Object.keys(FILES);

function leaves(node: Node, value: unknown, path: string, above: string): Setting[] {
  const meaning = node.description ?? above;
  if (node.properties === undefined)
    return [{ path, shipped: JSON.stringify(value) ?? "", allowed: allowedOf(node), meaning }];
  return Object.entries(node.properties).flatMap(([key, child]) => {
    const inner = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
    return leaves(child as Node, inner, path === "" ? key : `${path}.${key}`, meaning);
  });
}

function allowedOf(node: Node): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return node.enum.map((one) => JSON.stringify(one)).join(", ");
  if (node.anyOf !== undefined) return node.anyOf.map((one) => allowedOf(one as Node)).join(" or ");
  const { type, minimum, maximum, exclusiveMinimum } = node;
  if (type === "integer" || type === "number") {
    const from = exclusiveMinimum === undefined ? `${minimum}` : `more than ${exclusiveMinimum}`;
    return `${type === "number" ? "number, " : ""}${from} to ${maximum}`;
  }
  if (type === "array") return "list";
  return type === "object" ? "table" : type === "string" ? "text" : `${type}`;
}
