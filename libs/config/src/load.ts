import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type * as z from "zod";
import { ConfigError } from "./config-error.ts";

export { ConfigError };

export interface LoadedConfig<T> {
  readonly config: T;
  /** SHA-256 in hex of the configuration as parsed: what a verdict or a record refers to. */
  readonly hash: string;
}

/** Reads a strict YAML file by a strict schema. All errors at once, each with its place. */
export function loadConfig<S extends z.ZodType>(options: { schema: S; file: string }): LoadedConfig<z.output<S>> {
  const { schema, file } = options;
  const parsed = schema.safeParse(readYaml(file));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(top)"}: ${issue.message}`);
    throw new ConfigError(`${file}:\n${lines.join("\n")}`);
  }
  return { config: parsed.data, hash: createHash("sha256").update(sortedJson(parsed.data)).digest("hex") };
}

/** The plain value of a YAML 1.2 file; duplicate keys, aliases and several documents are errors. */
export function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read`, { cause });
  }
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true, strict: true });
  const problems = [...document.errors, ...document.warnings].map((problem) => `  ${problem.message}`);
  if (problems.length > 0) throw new ConfigError(`${file}:\n${problems.join("\n")}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new ConfigError(`${file}: aliases are not allowed`, { cause });
  }
  if (value === null || value === undefined) throw new ConfigError(`${file} is empty`);
  if (hasProto(value)) throw new ConfigError(`${file}: __proto__ is no name`);
  return value;
}

/** No schema sees that key where the names are free: it would say something that nobody reads. */
function hasProto(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(hasProto);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
