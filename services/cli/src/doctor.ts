import { connect } from "node:net";
import { BROKER_CONDITIONS, type BrokerConditionCode } from "@countersign/contracts/broker-conditions";
import { call, URGENT_MS } from "./admin-client.ts";
import type { CommandInput } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { plain, print, printJson } from "./terminal.ts";

const HEALTH = "/api/v1/health";
const NATS_PORT = 4222;

interface Health {
  readonly ok: boolean;
  readonly summary: string;
  readonly layers: readonly { layer: string; ok: boolean; detail: string }[];
  readonly broker: { readonly conditions: readonly { code: string; detail: string }[] } | null;
}

/** Names the failing layer in one sentence. When not even the admin API answers, looks whether NATS is there below it. */
export async function doctor(input: CommandInput): Promise<ExitCode> {
  const health: Health = await call(input.settings, "GET", HEALTH, undefined, URGENT_MS).catch(
    async (error: unknown) => {
      if (!(error instanceof CommandError) || error.exitCode !== EXIT.unavailable) throw error;
      const below = await natsAnswers(input.settings.nats);
      throw new CommandError(EXIT.unavailable, `${error.message}; ${below}`);
    },
  );
  const lines = health.layers.map((one) => `${one.ok ? "ok  " : "FAIL"}  ${one.layer.padEnd(9)} ${plain(one.detail)}`);
  const broker = (health.broker?.conditions ?? []).map(explained);
  if (input.flags.json) printJson(health);
  else print([plain(health.summary), ...lines, ...broker].join("\n"));
  return health.ok ? EXIT.ok : EXIT.unavailable;
}

/** What is wrong on the way to TWS, and what to do about it. */
function explained({ code, detail }: { code: string; detail: string }): string {
  const condition = code in BROKER_CONDITIONS ? BROKER_CONDITIONS[code as BrokerConditionCode] : undefined;
  if (condition === undefined) return `TWS   ${plain(code)}: ${plain(detail)}`;
  return `TWS   ${code}: ${condition.sentence} (${plain(detail)})\n      -> ${condition.fix}`;
}

/** A server of NATS speaks first; nothing is sent to it. */
function natsAnswers(url: string | undefined): Promise<string> {
  if (url === undefined) return Promise.resolve("where NATS is, is not known here");
  if (!URL.canParse(url)) return Promise.resolve(`the address of NATS is none: ${url}`);
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || NATS_PORT), timeout: 2_000 });
    const end = (text: string) => {
      resolve(text);
      socket.destroy();
    };
    socket.once("data", (data) =>
      end(data.toString().startsWith("INFO") ? `NATS at ${url} answers` : `${url} is no NATS server`),
    );
    socket.once("timeout", () => end(`NATS fails: ${url} does not answer`));
    socket.once("error", (error) => end(`NATS fails: ${url}: ${error.message}`));
    // It took the connection and ended it without a word.
    socket.once("close", () => end(`${url} is no NATS server`));
  });
}
