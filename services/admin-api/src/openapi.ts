import * as z from "zod";
import { Problem } from "./problem.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document, from the same schemas that judge the requests. */
export function openApiDocument(routes: readonly Route[]): Json {
  const schemas = new Schemas();
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, schemas) };
  schemas.shared.Problem = schemas.of(Problem, "output", "Problem");
  return {
    openapi: "3.1.0",
    info: {
      title: "Countersign admin API",
      version: "1",
      description: "For operators. Decimals are text, times are RFC 3339 in UTC. Errors are application/problem+json.",
    },
    servers: [{ url: "/" }],
    security: [{ operatorToken: [] }],
    paths,
    components: {
      securitySchemes: { operatorToken: { type: "http", scheme: "bearer" } },
      schemas: schemas.shared,
    },
  };
}

/** Turns zod schemas into JSON Schema; what refers to itself goes to the components of the document. */
class Schemas {
  readonly shared: Record<string, unknown> = {};

  of(schema: z.ZodType, io: "input" | "output", owner: string): Json {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    const moved = (node: unknown) =>
      JSON.parse(JSON.stringify(node).replaceAll('"#/$defs/', `"#/components/schemas/${owner}`)) as Json;
    for (const [name, node] of Object.entries($defs)) this.shared[`${owner}${name}`] = moved(node);
    return moved(rest);
  }
}

function operationOf(route: Route, schemas: Schemas): Json {
  const { id, summary, scope, body, response } = route;
  const parameters = [
    ...parametersOf("path", route.params, route.id, schemas),
    ...parametersOf("query", route.query, route.id, schemas),
  ];
  return {
    operationId: id,
    summary,
    "x-scope": scope,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: json(schemas.of(body, "input", `${id}Body`)) } }),
    responses: {
      "200": { description: "Done", content: json(schemas.of(response, "output", `${id}Answer`)) },
      default: {
        description: "Refused or failed; `code` says which",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function parametersOf(
  place: "path" | "query",
  schema: z.ZodObject | undefined,
  owner: string,
  schemas: Schemas,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path" || !(field as z.ZodType).safeParse(undefined).success,
    schema: schemas.of(field as z.ZodType, "input", `${owner}${name}`),
  }));
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}
