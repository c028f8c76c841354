import { GENERATED, table } from "./markdown.ts";
import { type JsonSchema, jsonSchemas, PAGES, schemasIn, schemaUri } from "./schemas.ts";

const PREFIX = schemaUri("");

/** docs/generated/messages.md: every message, field by field. */
export function messagesPage(): string {
  const schemas = jsonSchemas();
  const sections = PAGES.map(({ title, modules }) => {
    const names = schemasIn(modules).map(([name]) => name);
    names.sort(byConversation);
    const bodies = names.map((name) => section(name, schemas[name]));
    return [`## ${title}`, ...bodies].join("\n\n");
  });
  return [
    "# Messages",
    GENERATED,
    "Unknown fields are refused. Every field is required unless it says otherwise; `null` is a value of its own.",
    ...sections,
    "",
  ].join("\n\n");
}

/** By name, but a request before its reply. */
function byConversation(a: string, b: string): number {
  const key = (name: string) => name.replace(/Reply$/, "Request reply");
  return key(a).localeCompare(key(b), "en");
}

function section(name: string, schema: JsonSchema | undefined): string {
  if (schema === undefined) throw new Error(`no schema named ${name}`);
  const answer = answerValue(schema);
  if (answer !== undefined) return [`### ${name}`, `Denied with a ${DENIAL}, or ok with:`, body(answer)].join("\n\n");
  return [`### ${name}`, body(schema)].join("\n\n");
}

const DENIAL = "[Denial](#denial)";

/** What a reply holds when it is ok; undefined for a schema that is no reply. */
function answerValue(schema: JsonSchema): JsonSchema | undefined {
  const variants = (schema.oneOf ?? []) as JsonSchema[];
  if (variants.length !== 2) return undefined;
  const [ok, denied] = variants.map(propertiesOf);
  return denied?.denial === undefined ? undefined : ok?.value;
}

function body(schema: JsonSchema): string {
  const properties = propertiesOf(schema);
  if (properties === undefined) return describe(schema);
  const required = schema.required as string[] | undefined;
  const rows = Object.entries(properties).map(([field, value]) => {
    const optional = required?.includes(field) === true ? "" : " (may be absent)";
    return [`\`${field}\`${optional}`, shape(value), text(value)];
  });
  const fields = rows.length === 0 ? "No fields." : table(["field", "type", ""], rows);
  return text(schema) === "" ? fields : `${text(schema)}\n\n${fields}`;
}

const propertiesOf = (schema: JsonSchema) => schema.properties as Record<string, JsonSchema> | undefined;
const text = (schema: JsonSchema) => (typeof schema.description === "string" ? schema.description : "");
const describe = (schema: JsonSchema) => [shape(schema), text(schema)].filter(Boolean).join(". ");

/** The type of a value in a few words; named schemas are links. */
function shape(schema: JsonSchema): string {
  if (typeof schema.$ref === "string") return link(schema.$ref);
  const variants = (schema.oneOf ?? schema.anyOf ?? schema.allOf) as JsonSchema[] | undefined;
  if (variants !== undefined) return variants.map(shape).join(" or ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.type === "array") return `list of ${shape(schema.items as JsonSchema)}${bounds(schema, "Items")}`;
  if (schema.type === "object") return objectShape(schema);
  if (schema.type === "string") return `text${bounds(schema, "Length")}${pattern(schema)}`;
  return `${schema.type ?? "any JSON"}${bounds(schema, "imum")}`;
}

function link(reference: string): string {
  const name = reference.slice(PREFIX.length);
  return name === "Json" ? "any JSON" : `[${name}](#${name.toLowerCase()})`;
}

function objectShape(schema: JsonSchema): string {
  const properties = propertiesOf(schema);
  if (properties === undefined) return "object with any keys";
  return `{ ${Object.entries(properties)
    .map(([field, value]) => `${field}: ${shape(value)}`)
    .join("; ")} }`;
}

function bounds(schema: JsonSchema, what: "Items" | "Length" | "imum"): string {
  const [low, high] = [schema[`min${what}`], schema[`max${what}`]];
  const least = low === undefined ? [] : [`at least ${low}`];
  // The largest safe integer is only zod's way to say "no limit".
  const most = high === undefined || high === Number.MAX_SAFE_INTEGER ? [] : [`at most ${high}`];
  const all = low === Number.MIN_SAFE_INTEGER ? most : [...least, ...most];
  return all.length === 0 ? "" : `, ${all.join(", ")}`;
}

function pattern(schema: JsonSchema): string {
  return typeof schema.pattern === "string" && schema.pattern.length <= 60 ? `, \`${schema.pattern}\`` : "";
}
