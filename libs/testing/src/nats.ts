import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureKeys, nkEnvironment } from "@countersign/bus/nkeys-file";
import { provision } from "@countersign/bus/provision";
import { natsBinary, natsConfigFor } from "./nats-binary.ts";
import { tempDir } from "./temp-dir.ts";

export interface TestNats {
  readonly url: string;
  readonly monitorUrl: string;
  readonly keysDir: string;
  readonly storeDir: string;
  readonly pid: number;
  /** Ends the server; the store stays until `stop`. */
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Starts it again on the same store and the same ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real nats-server with the generated configuration, provisioned unless told otherwise, with a store and keys of its own. */
export async function startTestNats(options: { provisioned: boolean } = { provisioned: true }): Promise<TestNats> {
  const folder = tempDir("countersign-nats-");
  const keysDir = join(folder.path, "keys");
  const storeDir = join(folder.path, "store");
  mkdirSync(storeDir);
  await ensureKeys(keysDir);
  let server = await launch(folder.path, storeDir, keysDir, [-1, -1]);
  if (options.provisioned) await provision({ url: server.url, keysDir, log: () => undefined });
  const end = async (signal: NodeJS.Signals) => {
    if (server.child.exitCode !== null || server.child.signalCode !== null) return;
    const gone = new Promise((done) => server.child.once("exit", done));
    server.child.kill(signal);
    if (signal === "SIGTERM" || signal === "SIGKILL") await gone;
  };
  return {
    url: server.url,
    monitorUrl: server.monitorUrl,
    keysDir,
    storeDir,
    get pid() {
      return server.child.pid ?? 0;
    },
    kill: end,
    restart: async () => {
      await end("SIGTERM");
      const ports = [server.url, server.monitorUrl].map((url) => Number(new URL(url).port));
      server = await launch(folder.path, storeDir, keysDir, ports);
    },
    stop: async () => {
      await end("SIGKILL");
      folder.remove();
    },
  };
}

async function launch(folder: string, storeDir: string, keysDir: string, ports: readonly number[]) {
  const [port = -1, monitorPort = -1] = ports;
  const listen = ["-a", "127.0.0.1", "-p", String(port), "-m", String(monitorPort), "--ports_file_dir", folder];
  const binary = natsBinary();
  const args = ["-c", natsConfigFor(binary, folder), "-sd", storeDir, ...listen];
  const env = { PATH: process.env.PATH ?? "", ...nkEnvironment(keysDir) };
  const child = spawn(binary, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const file = join(folder, `nats-server_${child.pid}.ports`);
  for (let tries = 0; tries < 500; tries += 1) {
    if (child.exitCode !== null) throw new Error(`nats-server ended: ${errors}`);
    if (existsSync(file) && /Server is ready/.test(errors)) {
      const found = JSON.parse(readFileSync(file, "utf8")) as { nats: string[]; monitoring: string[] };
      return { child, url: found.nats[0] ?? "", monitorUrl: found.monitoring[0] ?? "" };
    }
    await new Promise((done) => setTimeout(done, 10));
  }
  child.kill("SIGKILL");
  throw new Error(`nats-server was not ready: ${errors}`);
}
