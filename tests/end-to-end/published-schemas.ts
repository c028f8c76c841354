import { createRequire } from "node:module";
import type { HttpAnswer } from "./system.ts";

/** What is looked at of a JSON schema validator. */
interface Validator {
  compile(schema: object): { (value: unknown): boolean; errors?: { instancePath: string; message?: string }[] | null };
}

/** The one that the legacy MCP client brings along: nothing of it made the schemas, or judged the answers before. */
const requireOfClient = createRequire(
  createRequire(import.meta.url).resolve("@modelcontextprotocol/sdk/client/index.js"),
);
const { Ajv2020 } = requireOfClient("ajv/dist/2020.js") as { Ajv2020: new (options: object) => Validator };
// Not optimized: each check is used a few times, and an order with all that is shown of it is a large schema.
const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  validateFormats: false,
  logger: false,
  code: { optimize: false },
});

type Check = (value: unknown) => void;
type Json = Record<string, unknown>;
/** By address and name: compiled once for all tests of a file. */
const checks = new Map<string, Check>();

/** Throws when the value does not fit the schema, and says where. */
export function checkOf(schema: object, what: string): Check {
  const fits = ajv.compile(schema);
  return (value) => {
    if (fits(value)) return;
    const found = (fits.errors ?? [])
      .slice(0, 5)
      .map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
    throw new Error(`${what} does not answer as its published schema says: ${found.join("; ")}`);
  };
}

async function checkFrom(address: string, what: string, schemaOf: () => Promise<object | undefined>): Promise<Check> {
  const key = `${address} ${what}`;
  const known = checks.get(key);
  if (known !== undefined) return known;
  const check = checkOf((await schemaOf()) ?? { not: {} }, what);
  checks.set(key, check);
  return check;
}

/** The structured content of a tool's result, by the schema that `list` gives for it. */
export async function checkResult(
  mcp: string,
  name: string,
  value: unknown,
  list: () => Promise<{ name: string; outputSchema: object }[]>,
): Promise<void> {
  const check = await checkFrom(mcp, name, async () => (await list()).find((tool) => tool.name === name)?.outputSchema);
  check(value);
}

const documents = new Map<string, Promise<Json>>();

export function documentOf(admin: string): Promise<Json> {
  const document = documents.get(admin) ?? fetch(`${admin}/api/v1/openapi.json`).then((answer) => answer.json());
  documents.set(admin, document as Promise<Json>);
  return document as Promise<Json>;
}

/** An answer of the admin API, by the OpenAPI document that it serves; what is refused must be a problem. */
export async function checkAnswer(admin: string, method: string, path: string, answer: HttpAnswer): Promise<void> {
  if (!path.startsWith("/api/") || path.includes("openapi.json")) return;
  const isDone = answer.status === 200;
  const what = isDone ? `${method} ${templateOf(await documentOf(admin), path)}` : "a problem of the admin API";
  const check = await checkFrom(admin, what, async () => schemaOf(await documentOf(admin), what, isDone));
  check(answer.body);
  const type = isDone ? "application/json" : "application/problem+json";
  if (!answer.type.startsWith(type)) throw new Error(`${what} answers as ${answer.type} and not as ${type}`);
}

/** The path of the document that this one is an example of; itself when there is none. */
function templateOf({ paths }: Json, path: string): string {
  const [bare = ""] = path.split("?");
  const matches = (one: string) =>
    new RegExp(`^${one.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(bare);
  return Object.keys(paths as Json).find(matches) ?? bare;
}

/** One schema with everything it refers to; undefined: such an answer is not described. */
function schemaOf({ paths, components }: Json, what: string, isDone: boolean): object | undefined {
  if (!isDone) return { $ref: "#/components/schemas/Problem", components };
  const [method = "", path = ""] = what.split(" ");
  const operation = (paths as Record<string, Json>)[path]?.[method.toLowerCase()] as Json | undefined;
  const described = (operation?.responses as Json | undefined)?.["200"] as {
    content: Record<string, { schema: Json }>;
  };
  const schema = described?.content["application/json"]?.schema;
  return schema === undefined ? undefined : { ...schema, components };
}
