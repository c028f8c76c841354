import type * as z from "zod";

/** The parts of a schema's definition that a compiled check is written from. */
export interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Bound } }[];
  readonly coerce?: boolean;
  readonly format?: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly catchall?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly items?: readonly z.core.$ZodType[];
  readonly rest?: z.core.$ZodType | null;
  readonly keyType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
}

export interface Bound {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly length?: number;
  readonly value?: unknown;
  /** A condition in code. */
  readonly fn?: unknown;
  readonly inclusive?: boolean;
}

/** A schema that may change what it takes, or that says something for which there is no source. */
export class NotCompiled extends Error {
  override readonly name = "NotCompiled";
}

export function definitionOf(schema: z.core.$ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

export function boundsOf(definition: Definition): Bound[] {
  return (definition.checks ?? []).map(({ _zod }) => _zod.def);
}

/** A part that its parent cannot be without. */
export function part(schema: z.core.$ZodType | undefined): z.core.$ZodType {
  if (schema === undefined) throw new NotCompiled("a part is missing");
  return schema;
}

/** What an optional one takes when it is there; any other schema itself. */
export function whenThere(schema: z.core.$ZodType): z.core.$ZodType {
  const definition = definitionOf(schema);
  if (definition.type !== "optional") return schema;
  if (boundsOf(definition).length > 0) throw new NotCompiled("bounds of an optional one");
  return part(definition.innerType);
}

/** A bound as source. */
export function numeral(value: unknown): string {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new NotCompiled(`bound ${String(value)}`);
  return String(value);
}
