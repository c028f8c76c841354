import type { FlexService } from "./flex-service.ts";

/** Not by import, which evaluates every export and so brings in the client of `fetch`: 12 MB of memory. */
const { createServer } = process.getBuiltinModule("node:http");
const HOST = "127.0.0.1";

/** The Flex Web Service on a loopback port. Resolves with the port. */
export function startFlexServer(service: FlexService, port: number): Promise<{ port: number; close: () => void }> {
  let base = "";
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? "/", base);
    const userAgent = request.headers["user-agent"] ?? "";
    const asked =
      url === null || request.method !== "GET" ? undefined : { path: url.pathname, parameters: url.searchParams };
    const text = asked === undefined ? undefined : service.answer({ ...asked, userAgent, base });
    response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/xml;charset=utf-8" });
    response.end(text ?? "");
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("no TCP address"));
      base = `http://${HOST}:${address.port}`;
      const close = () => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ port: address.port, close });
    });
  });
}
