import { connect } from "node:net";
import { call } from "./admin-client.ts";
import type { CommandInput } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { plain } from "./format.ts";

interface Health {
  readonly ok: boolean;
  readonly summary: string;
  readonly layers: readonly { layer: string; ok: boolean; detail: string }[];
}

/** Names the failing layer in one sentence. When not even the admin API answers, looks whether NATS is there below it. */
export async function doctor(input: CommandInput): Promise<ExitCode> {
  const health: Health = await call(input.settings, "GET", "/api/v1/health").catch(async (error: unknown) => {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.unavailable) throw error;
    const below = await natsAnswers(input.settings.nats);
    throw new CommandError(EXIT.unavailable, `${error.message}; ${below}`);
  });
  const lines = health.layers.map((one) => `${one.ok ? "ok  " : "FAIL"}  ${one.layer.padEnd(9)} ${plain(one.detail)}`);
  const text = input.flags.json ? JSON.stringify(health) : [plain(health.summary), ...lines].join("\n");
  process.stdout.write(`${text}\n`);
  return health.ok ? EXIT.ok : EXIT.unavailable;
}

/** A server of NATS speaks first; nothing is sent to it. */
function natsAnswers(url: string | undefined): Promise<string> {
  if (url === undefined) return Promise.resolve("where NATS is, is not known here");
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 2_000 });
    const end = (text: string) => {
      socket.destroy();
      resolve(text);
    };
    socket.once("data", (data) =>
      end(data.toString().startsWith("INFO") ? `NATS at ${url} answers` : `${url} is no NATS server`),
    );
    socket.once("timeout", () => end(`NATS fails: ${url} does not answer`));
    socket.once("error", (error) => end(`NATS fails: ${url}: ${error.message}`));
  });
}
