import { DENIALS } from "@countersign/contracts/codes";
import { Fault } from "@countersign/contracts/denial";
import { invalidFields } from "@countersign/http/invalid-fields";
import type { RateLimit } from "@countersign/http/rate-limit";
import { hasRepeatedKey } from "@countersign/http/repeated-key";
import { utf8Text } from "@countersign/http/utf8-text";
import { recordable } from "@countersign/ids/recordable";
import { type Context, Hono } from "hono";
import * as z from "zod";
import { allowedMethods, OPENAPI_PATH } from "./allowed-methods.ts";
import { guards } from "./guards.ts";
import { limitBody } from "./limit-body.ts";
import type { LogEvents } from "./log-events.ts";
import { openApiDocument } from "./openapi.ts";
import type { Operator, OperatorRoster } from "./operators.ts";
import { type PageFile, servePage } from "./pages.ts";
import { deny, type Problem, ProblemAnswer, problemOfDenial, problemOfFault } from "./problem.ts";
import type { Refusals } from "./refusals.ts";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes/registry.ts";
import type { Services } from "./services.ts";
import type { Turns } from "./turns.ts";

/** Of a route that takes none: one that is given all the same is an error there too. */
const NO_QUERY = z.strictObject({});

/** About as long as the reads that wait take. */
const READS_RETRY_MS = 1_000;

export interface AppGiven {
  readonly services: Services;
  readonly operators: OperatorRoster;
  readonly calls: RateLimit;
  readonly turns: Turns;
  readonly refusals: Refusals;
  readonly log: LogEvents;
  readonly pages: ReadonlyMap<string, PageFile>;
}

/** The HTTP side: who asks, whether the request is well formed, and the answer's form. What is asked is in the routes. */
export function createApp(given: AppGiven): Hono {
  const { services, log } = given;
  const app = new Hono();
  app.use("*", guards(services));
  app.use("/api/*", limitBody(services.config.bodyBytesMax));
  let description: string | undefined;
  app.get(OPENAPI_PATH, (context) => {
    // Made once: it takes a third of a second in which no stop is heard, and who asks for it needs no token.
    description ??= JSON.stringify(openApiDocument(ROUTES));
    return context.body(description, 200, { "content-type": "application/json" });
  });
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), route.path.replace(/\{(\w+)\}/g, ":$1"), (context) =>
      run(given, route, context),
    );
  }
  servePage(app, given.pages);
  app.notFound((context) => refuseUnknown(given, context));
  app.onError((error, context) => {
    const operation = `${context.req.method} ${context.req.path}`;
    if (error instanceof ProblemAnswer) return respond(context, error.problem);
    if (error instanceof Fault && error.code !== "INTERNAL") log.fault(operation, error.code, error);
    else log.failed(operation, error);
    return respond(context, problemOfFault(error));
  });
  return app;
}

async function run(given: AppGiven, route: Route, context: Context): Promise<Response> {
  const operator = authenticate(given, context, route);
  if (!operator.scopes.includes(route.scope)) {
    given.refusals.note(`scope ${route.scope} missing`, operator.id, route.id);
    deny("FORBIDDEN", `This needs the scope ${route.scope}.`);
  }
  const params = parse("path", route.params, context.req.param());
  const query = parse("query", route.query ?? NO_QUERY, queryOf(context));
  const body = route.body === undefined ? await noBody(context) : parse("body", route.body, await jsonOf(context));
  const call = { params, query, body, operator, services: given.services };
  const answer = async () => route.response.parse(await route.handle(call as never)) as object;
  const running = route.reads ? given.turns.run(operator.id, answer) : answer();
  return context.json(await (running ?? deny("RATE_LIMITED", undefined, { retryAfterMs: READS_RETRY_MS })));
}

function authenticate({ operators, calls, refusals, services }: AppGiven, context: Context, route?: Route): Operator {
  const header = context.req.header("authorization");
  const operator = operators.byHeader(header);
  if (operator === undefined) {
    refusals.note(header === undefined ? "no token" : "token not known", undefined, context.req.path.slice(0, 100));
    return deny("UNAUTHENTICATED");
  }
  services.seen();
  const waitMs = calls.take(route?.stops ? `${operator.id} stops` : operator.id);
  return waitMs > 0 ? deny("RATE_LIMITED", undefined, { retryAfterMs: waitMs }) : operator;
}

function parse(where: "path" | "query" | "body", schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { message, fields } = invalidFields(parsed.error, { whole: where, unknownKey: `is not known in the ${where}` });
  return deny("INVALID_ARGUMENT", message || undefined, { fields });
}

/** A parameter given twice is an error and not a choice. */
function queryOf(context: Context): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context.req.queries()).map(([key, values]) => [
      key,
      values.length === 1 ? (values[0] ?? "") : values,
    ]),
  );
}

async function jsonOf(context: Context): Promise<unknown> {
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) deny("INVALID_ARGUMENT", "Content-Type must be application/json.");
  const text = await textOf(context);
  const value = parseJson(text);
  // The last would count, and whoever showed it to a person may have shown the first.
  if (hasRepeatedKey(text)) deny("INVALID_ARGUMENT", "The body has a key twice.");
  // What cannot be put on record as it came is judged here: further in it would be an error that nobody foresaw.
  if (recordable(value) !== value) deny("INVALID_ARGUMENT", "The body is nested too deeply, or has half a character.");
  return value;
}

/** Who sends one to a route that takes none means another route, such as the verification against a checkpoint. */
async function noBody(context: Context): Promise<undefined> {
  const text = context.req.method === "POST" ? (await textOf(context)).trim() : "";
  if (text !== "" && text !== "{}") deny("INVALID_ARGUMENT", "This takes no body.");
}

/** A body that was cut off, or that is not UTF-8, is the client's doing; no character of it is replaced by another. */
async function textOf(context: Context): Promise<string> {
  const bytes = await context.req
    .arrayBuffer()
    .catch(() => deny("INVALID_ARGUMENT", "The body did not arrive as a whole."));
  return utf8Text(bytes) ?? deny("INVALID_ARGUMENT", "The body is not UTF-8.");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return deny("INVALID_ARGUMENT", "The body is no JSON.");
  }
}

/** Who forgot the token is told so, and does not look for the mistake in the path. */
function refuseUnknown(given: AppGiven, context: Context): Response {
  const path = context.req.path;
  if (path.startsWith("/api/")) authenticate(given, context);
  const allowed = allowedMethods(path);
  const code = allowed.length > 0 ? "METHOD_NOT_ALLOWED" : "NOT_FOUND";
  const problem = problemOfDenial({ code, message: DENIALS[code].text });
  return respond(context, problem, allowed.length > 0 ? { allow: allowed.join(", ") } : {});
}

function respond(context: Context, problem: Problem, more: Record<string, string> = {}): Response {
  const headers: Record<string, string> = { "content-type": "application/problem+json", ...more };
  if (problem.status === 401) headers["www-authenticate"] = 'Bearer realm="countersign"';
  return context.body(JSON.stringify(problem), problem.status as 400, headers);
}
