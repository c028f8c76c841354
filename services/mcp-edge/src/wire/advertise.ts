import * as z from "zod";

type JsonSchema = Record<string, unknown>;

/** Marks an object whose inside is checked but not listed in the definition: tokens are the reader's money. */
export const BRIEF = { "x-brief": "object" };
/** The same for a text of which the possible values are told elsewhere. */
export const BRIEF_TEXT = { "x-brief": "string" };
/** The same for a list. */
export const BRIEF_LIST = { "x-brief": "array" };
/** Marks a text of which the form is told elsewhere: its type is listed, with these words if there are any. */
export const plain = (words = "") => ({ "x-plain": words });

/** The same arguments as another tool's, in as few words as that: names, types and choices. */
export function briefly<S extends z.ZodRawShape>(shape: S): S {
  return Object.fromEntries(
    Object.entries(shape).map(([name, one]) => [name, (one as z.ZodType).meta(plain())]),
  ) as unknown as S;
}

/**
 * The JSON Schema that clients see. It says the same as the zod schema, in fewer words: patterns that only keep control
 * characters out, descriptions of outputs, what holds deep inside and bounds that mean nothing are left away.
 */
export function advertise(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  const short = shorten(json, io) as JsonSchema;
  const { required, additionalProperties } = json;
  return {
    ...short,
    ...(required === undefined ? {} : { required }),
    ...(additionalProperties === false ? { additionalProperties } : {}),
  };
}

function shorten(value: unknown, io: "input" | "output"): unknown {
  if (Array.isArray(value)) return value.map((item) => shorten(item, io));
  if (value === null || typeof value !== "object") return value;
  const node = value as JsonSchema;
  if (node["x-brief"] !== undefined) return { type: node["x-brief"] };
  if (node["x-plain"] !== undefined) return plainly(node, io);
  const nullable = nullableType(node, io);
  if (nullable !== undefined) return nullable;
  const kept = Object.entries(withoutLookahead(node)).filter(([key, item]) => keeps(key, item, io));
  return Object.fromEntries(
    kept.map(([key, item]) => [key, key === "properties" ? mapValues(item, io) : shorten(item, io)]),
  );
}

function plainly({ type, enum: choices, items, "x-plain": words }: JsonSchema, io: "input" | "output"): JsonSchema {
  const description = words === "" ? {} : { description: words };
  const inside = items === undefined ? {} : { items: shorten(items, io) };
  return { type, ...(choices === undefined ? {} : { enum: choices }), ...inside, ...description };
}

function mapValues(properties: unknown, io: "input" | "output"): JsonSchema {
  return Object.fromEntries(Object.entries(properties as JsonSchema).map(([key, item]) => [key, shorten(item, io)]));
}

function keeps(key: string, item: unknown, io: "input" | "output"): boolean {
  // Said once, at the top.
  if (key === "required" || key === "additionalProperties") return false;
  if (key === "pattern") return io === "input" && !String(item).includes("\\u");
  if (key === "description" || key === "maxLength" || key === "minLength" || key === "maxItems") return io === "input";
  if (key === "maximum" || key === "minimum") return io === "input" && Math.abs(Number(item)) < Number.MAX_SAFE_INTEGER;
  return true;
}

/** Many clients compile patterns with engines that have no lookahead; what it forbids is refused here all the same. */
function withoutLookahead({ maxLength, ...node }: JsonSchema): JsonSchema {
  if (typeof node.pattern !== "string") return maxLength === undefined ? node : { ...node, maxLength };
  return {
    ...node,
    pattern: node.pattern.replace(/^\^\(\?!.*?\$\)/, "^"),
    ...(node.pattern.includes("\\u") ? { maxLength } : {}),
  };
}

/** anyOf [X, null] of a plain type is one word: type [X, null]. */
function nullableType(node: JsonSchema, io: "input" | "output"): JsonSchema | undefined {
  const options = node.anyOf;
  if (!Array.isArray(options) || options.length !== 2) return undefined;
  const [first, second] = options.map((option) => shorten(option, io) as JsonSchema);
  if (first === undefined || second?.type !== "null" || typeof first.type !== "string") return undefined;
  if (first.enum !== undefined) return undefined;
  return { ...first, type: [first.type, "null"] };
}
