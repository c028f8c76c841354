import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deny } from "./problem.ts";

/**
 * Refuses a body that is too long. HTTP itself holds a body to the length it was announced with; only one of unknown
 * length is counted as it comes, which takes a web stream and with it most of the time of a short request.
 */
export function limitBody(bytesMax: number): MiddlewareHandler {
  const counted = bodyLimit({ maxSize: bytesMax, onError: () => deny("PAYLOAD_TOO_LARGE") });
  return async (context, next) => {
    if (context.req.method === "GET") return next();
    const length = context.req.header("content-length");
    if (length === undefined) return counted(context, next);
    return Number(length) > bytesMax ? deny("PAYLOAD_TOO_LARGE") : next();
  };
}
