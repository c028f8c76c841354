import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { childEnvironment } from "@countersign/testing/child-environment";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { parse, stringify } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(ROOT, "services/market-data/src/main.ts");
/** As the launcher starts every service: without them the heap grows into memory that it does not need. */
const NODE_FLAGS = [
  "--max-semi-space-size=1",
  "--optimize-for-size",
  "--no-maglev",
  "--no-memory-reducer",
  "--v8-pool-size=1",
];

const ACCOUNT = { lines: 1_000, messages: 400 };

/** Where market-data runs: a nats-server with its keys, and a folder for its configuration. */
interface Place {
  readonly nats: { readonly url: string; readonly keysDir: string };
  readonly folder: { readonly path: string };
}

/** The real market-data in a process of its own, with the shipped configuration but for the settings of its streams. */
export class MarketProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start({ nats, folder }: Place, streams: Record<string, number> = {}): Promise<MarketProcess> {
    const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, "start", "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...childEnvironment(),
        COUNTERSIGN_MODE: "simulator",
        COUNTERSIGN_NATS_URL: nats.url,
        COUNTERSIGN_KEYS_DIR: nats.keysDir,
        COUNTERSIGN_CONFIG_DIR: configWithStreams(folder.path, streams),
      },
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-4_000);
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`market-data was not ready: ${errors}`)), PATIENCE_MS);
      child.once("exit", (code) => reject(new Error(`market-data ended with ${code}: ${errors}`)));
      createInterface({ input: child.stdout }).once("line", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return new MarketProcess(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async kill(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill(signal);
    await gone;
  }
}

function configWithStreams(folder: string, streams: Record<string, number>): string {
  const to = mkdtempSync(join(folder, "config-"));
  cpSync(join(ROOT, "config"), to, { recursive: true });
  const file = join(to, "market-data.yaml");
  const config = parse(readFileSync(file, "utf8"));
  // An account with many lines, so that what the gateway has is what counts.
  const max = { ...config.pacing.max, ...ACCOUNT };
  const pacing = { ...config.pacing, max };
  writeFileSync(file, stringify({ ...config, pacing, streams: { ...config.streams, ...streams } }));
  return to;
}
