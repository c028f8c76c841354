import * as z from "zod";
import type { Operator, Scope } from "./operators.ts";
import type { Services } from "./services.ts";

/** What a handler gets: input that has passed its schemas, and who asks. */
export interface RouteCall<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly operator: Operator;
  readonly services: Services;
}

/** One operation as data: the server, the checks and the OpenAPI document are all made from it. */
export interface Route {
  readonly method: "get" | "post" | "put";
  /** With `{id}` for parameters, as OpenAPI writes it. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly scope: Scope;
  /** It makes smaller what is at risk, and has a call rate of its own: whatever else asks too much must not hold it up. */
  readonly stops?: true;
  /** It reads through much of the record: one at a time of one operator. */
  readonly reads?: true;
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodObject | undefined;
  readonly response: z.ZodType;
  handle(call: RouteCall<never, never, never>): Promise<unknown>;
}

/** A number in an address: digits and nothing else; `1e3`, `0x10`, ` 10` and nothing at all are none. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const digits = (text: unknown) => (typeof text === "string" && /^(0|[1-9][0-9]*)$/.test(text) ? Number(text) : text);
  const whole = z.int({
    error: ({ code }) => (code === "invalid_type" ? "must be digits and nothing else" : undefined),
  });
  return z.preprocess(digits, whole.min(min).max(max));
}

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;

export function defineRoute<
  Response extends z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodObject | undefined = undefined,
>(route: {
  method: Route["method"];
  path: string;
  id: string;
  summary: string;
  scope: Scope;
  stops?: true;
  reads?: true;
  params?: Params;
  query?: Query;
  body?: Body;
  response: Response;
  handle(call: RouteCall<OutputOf<Params>, OutputOf<Query>, OutputOf<Body>>): Promise<z.input<Response>>;
}): Route {
  const { params, query, body, handle } = route;
  return { ...route, params, query, body, handle: handle as Route["handle"] };
}
