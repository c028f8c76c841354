import type { EventEmitter } from "node:events";
import { createSystemClock } from "@countersign/clock/clock";
import { type ServerType, serve } from "@hono/node-server";
import type { Hono } from "hono";

/** The supervisor waits 10 s for a process; less than that, for the other steps of its end. */
const GRACE_MS = 3_000;

/** Listens on one address; port 0 lets the system choose. Rejects when the port is taken. */
export function listen(app: Hono, hostname: string, port: number): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      { fetch: app.fetch, hostname, port, serverOptions: { requestTimeout: 30_000 } },
      (info) => resolve({ port: info.port, close: () => closeServer(server, running) }),
    );
    const running = new Running();
    server.on("request", (_: unknown, answer: EventEmitter) => running.began(answer));
    server.once("error", reject);
  });
}

/** Idle connections end at once, running answers get to their end; what still runs after the grace is cut off. */
async function closeServer(server: ServerType, running: Running): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  await running.ended(GRACE_MS);
  if ("closeAllConnections" in server) server.closeAllConnections();
  await closed;
}

/** The requests whose answers are on their way. */
class Running {
  readonly #clock = createSystemClock();
  #count = 0;
  #wake: () => void = () => undefined;

  began(answer: Pick<EventEmitter, "once">): void {
    this.#count += 1;
    // Told once, when the answer has left or its connection has gone.
    answer.once("close", () => {
      this.#count -= 1;
      if (this.#count === 0) this.#wake();
    });
  }

  async ended(waitMs: number): Promise<void> {
    if (this.#count === 0) return;
    const none = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const given = new AbortController();
    await Promise.race([none, this.#clock.sleep(waitMs, given.signal).catch(() => undefined)]);
    given.abort();
  }
}
