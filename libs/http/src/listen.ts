import { type ServerType, serve } from "@hono/node-server";
import type { Hono } from "hono";

/** Listens on one address; port 0 lets the system choose. Rejects when the port is taken. */
export function listen(app: Hono, hostname: string, port: number): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      { fetch: app.fetch, hostname, port, serverOptions: { requestTimeout: 30_000 } },
      (info) => resolve({ port: info.port, close: () => closeServer(server) }),
    );
    server.once("error", reject);
  });
}

/** Idle connections end at once, running answers get to their end. */
function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ("closeIdleConnections" in server) server.closeIdleConnections();
    if ("closeAllConnections" in server) setImmediate(() => server.closeAllConnections());
  });
}
