import type { EventEmitter } from "node:events";
import type { Clock } from "@countersign/clock/clock";
import { InFlight } from "@countersign/clock/in-flight";
import { type ServerType, serve } from "@hono/node-server";
import type { Hono } from "hono";

/** The supervisor waits 10 s for a process; less than that, for the other steps of its end. */
const GRACE_MS = 3_000;

/**
 * A connection without a request is kept so long. A client that was busy for as long as the server keeps it sends into a
 * connection that is just being closed, and cannot know whether it was heard; Node's own 5 s are less than a busy moment.
 */
const KEEP_ALIVE_MS = 30_000;

export interface Address {
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** Listens on one address. Rejects when the port is taken. */
export function listen(
  app: Hono,
  { hostname, port }: Address,
  clock: Clock,
): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const answers = new InFlight(clock);
    const server: ServerType = serve(
      { fetch: app.fetch, hostname, port, serverOptions: { requestTimeout: 30_000, keepAliveTimeout: KEEP_ALIVE_MS } },
      (info) => resolve({ port: info.port, close: () => closeServer(server, answers) }),
    );
    server.on("request", (_: unknown, answer: EventEmitter) => {
      answers.began(answer);
      // Told once, when the answer has left or its connection has gone.
      answer.once("close", () => answers.ended(answer));
    });
    server.once("error", reject);
  });
}

/** Idle connections end at once, running answers get to their end; what still runs after the grace is cut off. */
async function closeServer(server: ServerType, answers: InFlight): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  await answers.landed(GRACE_MS);
  if ("closeAllConnections" in server) server.closeAllConnections();
  await closed;
}
