import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureKeys, nkEnvironment } from "@countersign/bus/nkeys-file";
import { provision } from "@countersign/bus/provision";
import { natsBinary, natsConfigFor } from "./nats-binary.ts";
import { PATIENCE_MS } from "./patience.ts";
import { tempDir } from "./temp-dir.ts";

const LOOKS_EVERY_MS = 10;

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
  let restarting: Promise<void> = Promise.resolve();
  // A test process that ends without its hooks must not leave a server behind.
  const lastResort = () => void server.child.kill("SIGKILL");
  process.once("exit", lastResort);
  const end = async (signal: NodeJS.Signals) => {
    if (server.child.exitCode !== null || server.child.signalCode !== null) return;
    const gone = new Promise((done) => server.child.once("exit", done));
    server.child.kill(signal);
    if (signal === "SIGTERM" || signal === "SIGKILL") await gone;
  };
  const again = async () => {
    await end("SIGTERM");
    const ports = [server.url, server.monitorUrl].map((url) => Number(new URL(url).port));
    server = await launch(folder.path, storeDir, keysDir, ports);
  };
  const nats: TestNats = {
    url: server.url,
    monitorUrl: server.monitorUrl,
    keysDir,
    storeDir,
    get pid() {
      return server.child.pid ?? 0;
    },
    kill: end,
    restart: () => {
      restarting = again();
      return restarting;
    },
    stop: async () => {
      // A test that failed may have left a restart half done.
      await restarting.catch(() => undefined);
      await end("SIGKILL");
      process.off("exit", lastResort);
      folder.remove();
    },
  };
  if (options.provisioned) await provisionOrStop(nats);
  return nats;
}

async function provisionOrStop(nats: TestNats): Promise<void> {
  try {
    await provision({ url: nats.url, keysDir: nats.keysDir, log: () => undefined });
  } catch (error) {
    await nats.stop();
    throw error;
  }
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
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOKS_EVERY_MS) {
    if (child.exitCode !== null) throw new Error(`nats-server ended: ${errors}`);
    const ports = /Server is ready/.test(errors) ? readPorts(file) : undefined;
    if (ports !== undefined) return { child, url: ports.nats[0] ?? "", monitorUrl: ports.monitoring[0] ?? "" };
    await new Promise((done) => setTimeout(done, LOOKS_EVERY_MS));
  }
  child.kill("SIGKILL");
  throw new Error(`nats-server was not ready: ${errors}`);
}

/** undefined: the server has not written it, or only a part of it. */
function readPorts(file: string): { nats: string[]; monitoring: string[] } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
