import { ROUTES } from "./routes/registry.ts";

export const OPENAPI_PATH = "/api/v1/openapi.json";

const SERVED = [{ method: "get", path: OPENAPI_PATH }, ...ROUTES].map(({ method, path }) => ({
  path: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
  // What answers GET answers HEAD.
  methods: method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()],
}));

/** What may be done with a path of the API; nothing: there is no such path. */
export function allowedMethods(path: string): string[] {
  return SERVED.filter((one) => one.path.test(path)).flatMap(({ methods }) => methods);
}
