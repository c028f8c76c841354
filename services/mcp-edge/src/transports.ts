import type { Readable } from "node:stream";
import { required, requiredPort } from "@countersign/config/environment";
import { ConfigError } from "@countersign/config/load";
import { listen } from "@countersign/http/listen";
import type { StartContext } from "@countersign/service/run";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Edge } from "./edge.ts";
import { createHttpApp } from "./http.ts";
import { createServer } from "./mcp-server.ts";
import { OpenRequests } from "./open-requests.ts";
import { messageLines } from "./stdio-lines.ts";

export interface Transport {
  readonly ready: object;
  close(): Promise<void>;
}

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

/** Longer than any call waits. */
const LAST_ANSWERS_MS = 30_000;

/**
 * One client on standard input and output, as the agent whose token is in the environment; ends with the input, when what
 * was asked before has its answers.
 */
export function openStdio(edge: Edge, { environment, signal }: StartContext): Transport {
  const agent = edge.roster.byToken(required(environment, "agentToken"));
  if (agent === undefined) throw new ConfigError("COUNTERSIGN_AGENT_TOKEN is not the token of an agent");
  const open = new OpenRequests(edge.deps.clock);
  const lines = messageLines(edge.config.bodyBytesMax, (line) => process.stdout.write(line), open);
  // The SDK goes deaf and dumb at the end of its input, so that it does not see it here.
  const transport = new AnsweringTransport(process.stdin.pipe(lines, { end: false }), open, {
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
    if (!signal.aborted) process.kill(process.pid, "SIGTERM");
  };
  process.stdin.once("end", () => {
    ended = true;
    // The last line counts without its end as well.
    lines.write("\n", () => void open.answered(LAST_ANSWERS_MS).then(stop));
  });
  process.stdin.once("close", () => {
    if (!ended) stop();
  });
  return { ready: { stdio: true, agent: agent.id }, close: () => handle.close() };
}

/** The SDK's transport on standard output, which says what it has answered. */
class AnsweringTransport extends StdioServerTransport {
  readonly #open: OpenRequests;

  constructor(input: Readable, open: OpenRequests, options: { maxBufferSize: number }) {
    super(input, process.stdout, options);
    this.#open = open;
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    try {
      await super.send(message);
    } finally {
      this.#open.left(message);
    }
  }
}
