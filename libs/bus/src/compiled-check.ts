import type * as z from "zod";
import {
  type Bound,
  boundsOf,
  type Definition,
  definitionOf,
  NotCompiled,
  numeral,
  part,
  whenThere,
} from "./schema-definition.ts";

/** True only for what the schema takes and gives back unchanged. */
export type Check = (value: unknown) => boolean;

const NO_OBJECT = `typeof v !== "object" || v === null || Object.getPrototypeOf(v) !== Object.prototype`;
const NO_LIST = "!Array.isArray(v) || Object.getPrototypeOf(v) !== Array.prototype";

/**
 * Writes one function that answers in one pass whether a schema takes a value as it is. It knows the kinds of schemas that
 * give back what they were given: strict objects, lists, records, unions, and plain values with their bounds. Undefined for
 * any other. What the function refuses may still be good: that is for the schema to judge.
 */
export function compiledCheck(schema: z.ZodType): Check | undefined {
  const writer = new Writer();
  try {
    const root = writer.expression(schema, "value");
    const source = `${writer.functions.join("\n")}\nreturn (value) => ${root};`;
    // The text is made of schemas of ours alone, and their names and values are quoted.
    return new Function("refs", source)(writer.refs) as Check;
  } catch (error) {
    if (error instanceof NotCompiled) return undefined;
    throw error;
  }
}

class Writer {
  /** Regular expressions, sets and schemas that the source names by their place. */
  readonly refs: unknown[] = [];
  readonly functions: string[] = [];
  readonly #names = new Map<z.core.$ZodType, string>();

  /** Source that is true when the schema takes what the variable holds. */
  expression(schema: z.core.$ZodType, variable: string): string {
    const definition = definitionOf(schema);
    const base = this.#plain(schema, definition, variable) ?? `${this.#functionOf(schema, definition)}(${variable})`;
    const bounds = boundsOf(definition).map((bound) => this.#bound(bound, variable));
    return `(${[base, ...bounds].join(" && ")})`;
  }

  #functionOf(schema: z.core.$ZodType, definition: Definition): string {
    let name = this.#names.get(schema);
    if (name === undefined) {
      name = `f${this.#names.size}`;
      this.#names.set(schema, name);
      this.functions.push(`function ${name}(v) { ${this.#body(definition)} }`);
    }
    return name;
  }

  /** What fits into an expression; undefined: it takes a function. */
  #plain(schema: z.core.$ZodType, definition: Definition, v: string): string | undefined {
    const { type, format, coerce } = definition;
    if (coerce === true) throw new NotCompiled("coerces");
    switch (type) {
      case "string":
        if (format !== undefined) throw new NotCompiled(`a string of the format ${format}`);
        return `typeof ${v} === "string"`;
      case "number":
        if (format !== undefined && format !== "safeint") throw new NotCompiled(`a number of the format ${format}`);
        return `Number.${format === undefined ? "isFinite" : "isSafeInteger"}(${v})`;
      case "boolean":
        return `typeof ${v} === "boolean"`;
      case "null":
        return `${v} === null`;
      case "never":
        return "false";
      case "enum":
      case "literal":
        return this.#oneOf([...(schema._zod.values ?? [])], v);
      case "unknown":
        return "true";
      case "nullable":
        return `(${v} === null || ${this.expression(part(definition.innerType), v)})`;
      case "nonoptional":
        return `(${v} !== undefined && ${this.expression(whenThere(part(definition.innerType)), v)})`;
      default:
        return undefined;
    }
  }

  #oneOf(values: readonly unknown[], v: string): string {
    const isFew = values.length > 0 && values.length <= 8 && values.every((value) => typeof value === "string");
    if (!isFew) return `${this.#ref(new Set(values))}.has(${v})`;
    return `(${values.map((value) => `${v} === ${JSON.stringify(value)}`).join(" || ")})`;
  }

  #bound({ check, format, pattern, fn, ...bound }: Bound, v: string): string {
    switch (check) {
      case "max_length":
        return `${v}.length <= ${numeral(bound.maximum)}`;
      case "min_length":
        return `${v}.length >= ${numeral(bound.minimum)}`;
      case "length_equals":
        return `${v}.length === ${numeral(bound.length)}`;
      case "less_than":
        return `${v} <${bound.inclusive ? "=" : ""} ${numeral(bound.value)}`;
      case "greater_than":
        return `${v} >${bound.inclusive ? "=" : ""} ${numeral(bound.value)}`;
      case "string_format":
        // One that remembers where it stopped would answer differently the next time.
        if (format !== "regex" || pattern === undefined || pattern.global || pattern.sticky) break;
        return `${this.#ref(pattern)}.test(${v})`;
      case "custom":
        // A condition in code takes or refuses, and changes nothing; anything but a plain yes is for the schema to judge.
        if (typeof fn === "function") return `${this.#ref(fn)}(${v}) === true`;
    }
    throw new NotCompiled(`the bound ${check}`);
  }

  #body(definition: Definition): string {
    const { type } = definition;
    if (type === "array") return this.#list(definition);
    if (type === "object") return this.#object(definition);
    if (type === "record") return this.#record(definition);
    if (type === "tuple") return this.#tuple(definition);
    if (type !== "union") throw new NotCompiled(type);
    return `return ${["false", ...(definition.options ?? []).map((option) => this.expression(option, "v"))].join(" || ")};`;
  }

  #list({ element }: Definition): string {
    const isGood = this.expression(part(element), "e");
    return `if (${NO_LIST}) return false;
      for (let i = 0; i < v.length; i++) { const e = v[i]; if (!${isGood}) return false; }
      return true;`;
  }

  #object({ shape, catchall }: Definition): string {
    if (catchall === undefined || definitionOf(catchall).type !== "never") throw new NotCompiled("an open object");
    const fields = Object.entries(shape ?? {}).map(([key, schema], index) => {
      const name = JSON.stringify(key);
      const isGood = this.expression(whenThere(schema), `k${index}`);
      const check = `const k${index} = v[${name}]; if (!${isGood}) return false; n++;`;
      return definitionOf(schema).type === "optional" ? `if (${name} in v) { ${check} }` : check;
    });
    return `if (${NO_OBJECT}) return false; let n = 0;\n${fields.join("\n")}\nfor (const _ in v) n--; return n === 0;`;
  }

  #record({ keyType, valueType }: Definition): string {
    if (definitionOf(part(keyType)).type !== "string") throw new NotCompiled("keys of a record");
    const isGood = `${this.expression(part(keyType), "k")} && ${this.expression(part(valueType), "e")}`;
    return `if (${NO_OBJECT}) return false;
      for (const k in v) { const e = v[k]; if (k === "__proto__" || !(${isGood})) return false; }
      return true;`;
  }

  #tuple({ items = [], rest }: Definition): string {
    if (rest || items.some(({ _zod }) => _zod.optin !== undefined)) throw new NotCompiled("an open tuple");
    const parts = items.map(
      (item, index) => `const t${index} = v[${index}]; if (!${this.expression(item, `t${index}`)}) return false;`,
    );
    return `if (${NO_LIST} || v.length !== ${items.length}) return false;\n${parts.join("\n")}\nreturn true;`;
  }

  #ref(value: unknown): string {
    return `refs[${this.refs.push(value) - 1}]`;
  }
}
