import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Where each part listens, on loopback. */
export interface Ports {
  readonly mcp: number;
  readonly admin: number;
  readonly nats: number;
  readonly tws: number;
  readonly natsMonitor: number;
  readonly twsControl: number;
}

/** Six ports in a row from the base, or six free ones. They are fixed here so that a restarted service comes back to its own. */
export async function choosePorts(base: number): Promise<Ports> {
  const ports = base === 0 ? await freePorts(6) : Array.from({ length: 6 }, (_, index) => base + index);
  const [mcp = 0, admin = 0, nats = 0, tws = 0, natsMonitor = 0, twsControl = 0] = ports;
  return { mcp, admin, nats, tws, natsMonitor, twsControl };
}

/** Below what systems give to connections that go out: such a one could take a port before its service is up. */
const FREE = { from: 20_000, to: 32_000 } as const;
const TRIES_MAX = 1_000;

/** All are held open until all are known, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let tries = 0; held.size < count; tries += 1) {
    if (tries === TRIES_MAX) throw new PortError(`no ${count} free ports between ${FREE.from} and ${FREE.to}`);
    const port = randomInt(FREE.from, FREE.to);
    const server = await listenOn(port).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw new PortError(`port ${port} cannot be had: ${error.message}`);
    });
    if (server) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((done) => server.close(done))));
  return [...held.keys()];
}

/** A port is not free. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/** Longer than a service may take to stop: those of a start that was killed are on their way out. */
const LEFT_OVER_MS = 10_000;
const POLL_MS = 100;

/** Waits for what a start that was killed has left, then throws a PortError that names each port somebody else listens on. */
export async function demandFree(ports: Ports, signal?: AbortSignal, waitMs = LEFT_OVER_MS): Promise<void> {
  const endAt = performance.now() + waitMs;
  while (true) {
    const taken = await takenOf(ports);
    if (taken.length === 0) return;
    if (performance.now() >= endAt) {
      const named = taken.map(([part, port]) => `${port} (${part})`).join(", ");
      throw new PortError(`another program listens on ${named}; stop it or choose another --port-base`);
    }
    await sleep(POLL_MS, undefined, signal && { signal });
  }
}

async function takenOf(ports: Ports): Promise<[string, number][]> {
  const taken: [string, number][] = [];
  for (const [part, port] of Object.entries(ports) as [string, number][]) {
    const server = await listenOn(port).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw new PortError(`port ${port} (${part}) cannot be had: ${error.message}`);
      taken.push([part, port]);
    });
    if (server) await new Promise((done) => server.close(done));
  }
  return taken;
}

function listenOn(port: number): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail).listen(port, "127.0.0.1", () => done(server));
  });
}
