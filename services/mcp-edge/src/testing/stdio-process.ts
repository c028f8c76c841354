import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { sha256Hex } from "@countersign/ids/hash";
import { childEnvironment } from "@countersign/testing/child-environment";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { TOKEN } from "./edge-under-test.ts";

export const ROOT = join(import.meta.dirname, "../../../..");

/** A real nats-server on which nobody else serves, with one agent in the folder of the keys. */
export async function natsWithAgent(): Promise<TestNats> {
  const nats = await startTestNats();
  const agent = `{ id: agent, tokenSha256: ${sha256Hex(TOKEN)}, accounts: [DU1234567] }`;
  writeFileSync(join(nats.keysDir, "agents.yaml"), `agents: [${agent}]\n`);
  return nats;
}

/** The real process for one client. `lines` is what it answers, `said` what stands on standard error; without `read` nobody reads it. */
export function startStdio(
  nats: Pick<TestNats, "url" | "keysDir">,
  given: { token?: string; configDir?: string; read?: false } = {},
) {
  const child = spawn(process.execPath, [join(ROOT, "services/mcp-edge/src/main.ts"), "start", "--stdio"], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...childEnvironment(),
      COUNTERSIGN_MODE: "simulator",
      COUNTERSIGN_NATS_URL: nats.url,
      COUNTERSIGN_KEYS_DIR: nats.keysDir,
      COUNTERSIGN_CONFIG_DIR: given.configDir ?? join(ROOT, "config"),
      COUNTERSIGN_AGENT_TOKEN: given.token ?? TOKEN,
    },
  });
  const lines: string[] = [];
  const read = () => createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  if (given.read !== false) read();
  let err = "";
  child.stderr.on("data", (data) => {
    err += data;
  });
  const exited = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  return { child, lines, exited, read, said: () => err };
}

export const say = (child: ChildProcess, message: object) =>
  child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

/** What a request of the newer protocol carries. */
export const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
