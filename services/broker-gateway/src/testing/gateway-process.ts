import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { childEnvironment } from "@countersign/testing/child-environment";
import type { World } from "../test-support.ts";
import { eventually } from "./eventually.ts";

const MAIN = join(import.meta.dirname, "../main.ts");
const CONFIG = join(import.meta.dirname, "../../../../config");

/** The gateway as users run it, in a process of its own. */
export class GatewayProcess {
  readonly #child: ChildProcess;
  #out = "";
  readonly exited: Promise<number | null>;

  constructor(world: World, configDir = CONFIG) {
    const dataDir = join(world.folder.path, "data");
    mkdirSync(dataDir, { recursive: true });
    this.#child = spawn(process.execPath, [MAIN, "start", "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...childEnvironment(),
        COUNTERSIGN_MODE: "simulator",
        COUNTERSIGN_NATS_URL: world.nats.url,
        COUNTERSIGN_KEYS_DIR: world.nats.keysDir,
        COUNTERSIGN_CONFIG_DIR: configDir,
        COUNTERSIGN_DATA_DIR: dataDir,
        COUNTERSIGN_ROSTER_ROOTS: world.people.rootsText,
        COUNTERSIGN_TWS_HOST: "127.0.0.1",
        COUNTERSIGN_TWS_PORT: String(world.simulator.port),
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#out = (this.#out + text).slice(-20_000);
      });
    }
    this.exited = new Promise((resolve) => this.#child.once("exit", (code) => resolve(code)));
  }

  says(text: string): Promise<true> {
    return eventually(() => (this.#out.includes(text) ? (true as const) : undefined));
  }

  said(text: string): boolean {
    return this.#out.includes(text);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async end(name: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGCONT");
    this.#child.kill(name);
    await this.exited;
  }
}
