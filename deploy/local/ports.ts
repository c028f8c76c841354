import { createServer } from "node:net";
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

/** All are held open until all are known, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenOn(0)));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
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

function listenOn(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail).listen(port, "127.0.0.1", () => done(server));
  });
}
