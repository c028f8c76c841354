import { join } from "node:path";
import type { PaperAccount, StartArguments } from "./arguments.ts";
import type { Tokens } from "./first-start.ts";
import type { Ports } from "./ports.ts";
import { writeWhole } from "./write-whole.ts";

/** Everything is ready: the connection file for the command line, and one line of JSON or a few words on standard output. */
export function announce(settings: StartArguments, ports: Ports, nats: string, tokens: Tokens): void {
  const { paper } = settings;
  const ready = {
    ready: true,
    mode: paper === undefined ? "simulator" : "paper",
    mcp: `http://127.0.0.1:${ports.mcp}/mcp`,
    admin: `http://127.0.0.1:${ports.admin}`,
    nats,
    tws: paper === undefined ? `127.0.0.1:${ports.tws}` : `${paper.twsHost}:${paper.twsPort}`,
    ...tokens,
  };
  const connection = {
    ...ready,
    keysDir: join(settings.dataDir, "keys"),
    ...(paper === undefined && { twsControl: `http://127.0.0.1:${ports.twsControl}` }),
  };
  writeWhole(join(settings.dataDir, "connection.json"), `${JSON.stringify(connection, null, 2)}\n`);
  if (settings.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else process.stdout.write(welcome(ready, paper));
}

type Shown = { mcp: string; admin: string; tws: string; operatorToken: string; agentToken: string };

function welcome(ready: Shown, paper: PaperAccount | undefined): string {
  const mode =
    paper === undefined
      ? "simulator (no real broker, no real money)"
      : `paper (account ${paper.account}, TWS at ${ready.tws})`;
  return [
    "",
    `  Countersign is ready. Mode: ${mode}.`,
    "",
    `  approval page   ${ready.admin}`,
    `  operator token  ${ready.operatorToken}`,
    `  MCP endpoint    ${ready.mcp}`,
    `  agent token     ${ready.agentToken}`,
    "",
    "  Ctrl-C stops everything.",
    "",
    "",
  ].join("\n");
}
