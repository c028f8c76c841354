import { OPERATOR } from "@countersign/contracts/asker";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import type { Reply } from "@countersign/contracts/denial";
import * as z from "zod";
import { expectOk } from "./problem.ts";
import { type Route, type RouteCall, wholeNumber } from "./route.ts";

type Shape = Readonly<Record<string, z.ZodType>>;
type Call = RouteCall<object | undefined, object | undefined, object | undefined>;

/**
 * A question of the bus as an operation of the API: it takes what the question takes, and answers with the value of the
 * reply. "get": what is asked stands in the path and the query; "post": in the body, in the form that it has on the bus.
 * Who asks is never the caller's to say: in the queue for the broker all people are one, ahead of the agents.
 */
export function questionRoute(rpc: Rpc, given: { id: string; path: string; method: "get" | "post" }): Route {
  const { asker, ...asked } = shapeOf(rpc.request);
  const by = asker === undefined ? {} : { asker: OPERATOR };
  const absent = Object.fromEntries(Object.keys(asked).map((name) => [name, null]));
  const handle = async ({ params, query, body, services }: Call) => {
    const request = body === undefined ? { ...absent, ...params, ...query, ...by } : { ...body, ...by };
    return expectOk((await services.backend.request(rpc, request)) as Reply<unknown>);
  };
  return {
    ...given,
    summary: rpc.text,
    scope: "read",
    ...(given.method === "get"
      ? { ...addressOf(given.path, asked), body: undefined }
      : { params: undefined, query: undefined, body: z.strictObject(asked) }),
    response: answerOf(rpc.reply),
    handle: handle as Route["handle"],
  };
}

/** What the path names stands in it, a number as digits. What may be null may be left out of the query. */
function addressOf(path: string, asked: Shape): Pick<Route, "params" | "query"> {
  const params: Record<string, z.ZodType> = {};
  const query: Record<string, z.ZodType> = {};
  for (const [name, field] of Object.entries(asked)) {
    if (path.includes(`{${name}}`))
      params[name] =
        field instanceof z.ZodNumber ? wholeNumber(field.minValue ?? 0, field.maxValue ?? undefined) : field;
    else if (field instanceof z.ZodNullable) query[name] = (field.unwrap() as z.ZodType).optional();
    else throw new TypeError(`${name} of a question must stand in ${path}`);
  }
  return {
    params: Object.keys(params).length === 0 ? undefined : z.strictObject(params),
    query: z.strictObject(query),
  };
}

function shapeOf(schema: z.ZodType): Shape {
  if (!(schema instanceof z.ZodObject)) throw new TypeError("a question that is no object");
  return schema.shape as Shape;
}

/** What a reply holds when it is ok. */
function answerOf(reply: z.ZodType): z.ZodType {
  const options = reply instanceof z.ZodDiscriminatedUnion ? (reply.options as z.ZodType[]) : [];
  const value = options.map((option) => shapeOf(option).value).find((one) => one !== undefined);
  if (value === undefined) throw new TypeError("a reply without a value");
  return value;
}
