import { spawn } from "node:child_process";
import { join } from "node:path";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { StdioSettings } from "./settings.ts";

const ROOT = join(import.meta.dirname, "../../..");
const TOKEN_OF_NOBODY = 77;
const CONFIG = 78;

/** The stdio edge for the configuration of an MCP client: speaks JSON-RPC on standard input and output, and nothing else. */
export async function mcp(settings: StdioSettings): Promise<ExitCode> {
  const { agentToken, nats, keysDir, mode, admin, configDir } = settings;
  const child = spawn(process.execPath, [join(ROOT, "services/mcp-edge/src/main.ts"), "start", "--stdio"], {
    stdio: "inherit",
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      NODE_COMPILE_CACHE: join(ROOT, ".cache/node-compile"),
      COUNTERSIGN_MODE: mode,
      COUNTERSIGN_NATS_URL: nats,
      COUNTERSIGN_KEYS_DIR: keysDir,
      COUNTERSIGN_CONFIG_DIR: configDir,
      ...(admin === undefined ? {} : { COUNTERSIGN_ADMIN_URL: admin }),
      COUNTERSIGN_AGENT_TOKEN: agentToken,
      COUNTERSIGN_LOG_LEVEL: "warn",
    },
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  return exitOfEdge(code);
}

/** What the edge ends with (libs/service), as every other command says it. */
function exitOfEdge(code: number | null): ExitCode {
  if (code === 0) return EXIT.ok;
  if (code === TOKEN_OF_NOBODY) return EXIT.unauthenticated;
  return code === CONFIG ? EXIT.usage : EXIT.unavailable;
}
