import type { Readable, Writable } from "node:stream";
import type { Clock } from "@countersign/clock/clock";
import { CredentialError } from "@countersign/config/config-error";
import { required } from "@countersign/config/environment";
import type { StartContext } from "@countersign/service/run";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Edge } from "./edge.ts";
import { createServer } from "./mcp-server.ts";
import { OpenRequests } from "./open-requests.ts";
import { messageLines } from "./stdio-lines.ts";
import type { Transport } from "./transport.ts";

/** Longer than any call waits. */
const LAST_ANSWERS_MS = 30_000;

/**
 * One client on standard input and output, as the agent whose token is in the environment; ends with the input, when what
 * was asked before has its answers, or when nobody reads the output any more.
 */
export function openStdio(edge: Edge, { environment, signal }: StartContext): Transport {
  const agent = edge.roster.byToken(required(environment, "agentToken"));
  if (agent === undefined) throw new CredentialError("COUNTERSIGN_AGENT_TOKEN is not the token of an agent");
  const { stdin, stdout } = process;
  const open = new OpenRequests(edge.deps.clock);
  const reply = (line: string) => stdout.write(line);
  const lines = messageLines(edge.config.bodyBytesMax, reply, { open, room: () => roomIn(stdout) });
  // A bug in there would leave a process that hears nothing and never ends.
  lines.once("error", (error) => {
    throw error;
  });
  // Each answer that waits for room has listeners of its own.
  stdout.setMaxListeners(0);
  // The SDK goes deaf and dumb at the end of its input, so that it does not see it here.
  const transport = new AnsweringTransport(stdin.pipe(lines, { end: false }), open, {
    // Of UTF-8, and beside what is left of the line before.
    maxBufferSize: 4 * edge.config.bodyBytesMax + 65_536,
  });
  const handle = serveStdio((context) => createServer(edge, agent, context), {
    transport,
    onerror: edge.log.protocolError,
  });
  const stop = () => {
    // A second signal would mean: at once, and not in order.
    if (!signal.aborted) process.kill(process.pid, "SIGTERM");
  };
  stdout.once("error", stop);
  stopWithInput(edge.deps.clock, { lines, open, stop });
  return { ready: { stdio: true, agent: agent.id }, close: () => handle.close() };
}

/** When the last line has been heard, each question has its answer, and the answers have left; but not for ever. */
function stopWithInput(clock: Clock, given: { lines: Writable; open: OpenRequests; stop: () => void }): void {
  const { lines, open, stop } = given;
  const { stdin, stdout } = process;
  let ended = false;
  stdin.once("end", () => {
    ended = true;
    clock.setTimeout(stop, LAST_ANSWERS_MS);
    // The last line counts without its end as well.
    lines.write("\n", () => void open.answered(LAST_ANSWERS_MS).then(() => stdout.write("", stop)));
  });
  stdin.once("close", () => {
    if (!ended) stop();
  });
}

/** Who asks and does not read must not fill the memory of this machine: nothing more is heard until the answers have left. */
function roomIn(output: Writable): Promise<void> | undefined {
  if (!output.writableNeedDrain) return undefined;
  return new Promise((resolve) => output.once("drain", resolve));
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
