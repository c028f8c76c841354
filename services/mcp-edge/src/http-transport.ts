import { requiredPort } from "@countersign/config/environment";
import { listen } from "@countersign/http/listen";
import type { StartContext } from "@countersign/service/run";
import type { Edge } from "./edge.ts";
import { createHttpApp } from "./http.ts";
import type { Transport } from "./transport.ts";

export async function openHttp(edge: Edge, { environment }: StartContext): Promise<Transport> {
  const { app, close } = createHttpApp(edge);
  const address = { hostname: edge.config.bindHost, port: requiredPort(environment, "mcpPort") };
  const listener = await listen(app, address, edge.deps.clock);
  return {
    ready: { port: listener.port },
    close: async () => {
      await close();
      await listener.close();
    },
  };
}
