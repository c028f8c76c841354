import { createServer } from "node:net";

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
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function listenAnywhere(): Promise<ReturnType<typeof createServer>> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail).listen(0, "127.0.0.1", () => done(server));
  });
}
