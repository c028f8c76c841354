import { required, requiredPort } from "@countersign/config/environment";
import { ConfigError } from "@countersign/config/load";
import { listen } from "@countersign/http/listen";
import type { StartContext } from "@countersign/service/run";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Edge } from "./edge.ts";
import { createHttpApp } from "./http.ts";
import { createServer } from "./mcp-server.ts";
import { messageLines } from "./stdio-lines.ts";

export interface Transport {
  readonly ready: object;
  close(): Promise<void>;
}

export async function openHttp(edge: Edge, { environment }: StartContext): Promise<Transport> {
  const { app, close } = createHttpApp(edge);
  const listener = await listen(app, edge.config.bindHost, requiredPort(environment, "mcpPort"));
  return {
    ready: { port: listener.port },
    close: async () => {
      await close();
      await listener.close();
    },
  };
}

/** One client on standard input and output, as the agent whose token is in the environment; ends with the input. */
export function openStdio(edge: Edge, { environment, signal }: StartContext): Transport {
  const agent = edge.roster.byToken(required(environment, "agentToken"));
  if (agent === undefined) throw new ConfigError("COUNTERSIGN_AGENT_TOKEN is not the token of an agent");
  const lines = messageLines(edge.config.bodyBytesMax, (line) => process.stdout.write(line));
  const transport = new StdioServerTransport(process.stdin.pipe(lines), process.stdout, {
    // Of UTF-8, and beside what is left of the line before.
    maxBufferSize: 4 * edge.config.bodyBytesMax + 65_536,
  });
  const handle = serveStdio((context) => createServer(edge, agent, context), {
    transport,
    onerror: edge.log.protocolError,
  });
  let ended = false;
  const stop = () => {
    // A second signal would mean: at once, and not in order.
    if (!ended && !signal.aborted) process.kill(process.pid, "SIGTERM");
    ended = true;
  };
  process.stdin.once("end", stop).once("close", stop);
  return { ready: { stdio: true, agent: agent.id }, close: () => handle.close() };
}
