import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Adds a bearer token to every request: the suite has no way to give one. */
export async function startTokenProxy(target: URL, token: string): Promise<{ url: string; stop(): void }> {
  const server = createServer((incoming, outgoing) => {
    const { hostname, port } = target;
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
    const asked = request({ hostname, port, method: incoming.method, path: incoming.url, headers, agent: false });
    asked.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on("error", () => outgoing.destroy());
    outgoing.on("close", () => asked.destroy());
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${target.pathname}`, stop };
}
