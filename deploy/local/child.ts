import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { REPOSITORY_FOLDER } from "./repository.ts";

export interface ChildSettings {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Node's own, besides those of every service. Absent: none. */
  readonly flags?: readonly string[];
  /** One line about the child's life. */
  readonly log: (line: string) => void;
  /** File descriptor for what the child writes; absent: our own standard error. */
  readonly output?: number;
}

const READY_DEADLINE_MS = 120_000;
const STOP_DEADLINE_MS = 10_000;
const RESTART_DELAY_MS_MAX = 5_000;
/**
 * Kept small: eight processes share two processors, and none of them holds much. Optimizing compilers leave holes of tens of
 * megabytes in memory that is not given back; of the two, only the one that wins something compiles, and one thread helps.
 * Nothing collects the whole heap because it was quiet for a while: a service is always quiet between two orders.
 */
const NODE_FLAGS = [
  "--disable-warning=ExperimentalWarning",
  "--max-semi-space-size=1",
  "--optimize-for-size",
  "--no-maglev",
  "--no-memory-reducer",
  "--v8-pool-size=1",
];
/** What Node is started with for one verb of a service. What it compiled is found again only under the same flags. */
export function processArguments(name: string, flags: readonly string[], words: readonly string[]): string[] {
  return [...NODE_FLAGS, ...flags, join(REPOSITORY_FOLDER, "services", name, "src", "main.ts"), ...words];
}

/** One pool for all threads of a process: each thread's own would hold what it once needed. Linux with glibc; elsewhere it says nothing. */
const MALLOC = { MALLOC_ARENA_MAX: "1" };

/** One service as a process of its own; started again when it dies, until it is told to stop. */
export class Child {
  readonly #settings: ChildSettings;
  #process: ChildProcess | undefined;
  #stopping = false;
  #failures = 0;

  constructor(settings: ChildSettings) {
    this.#settings = settings;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the service says that it is ready; rejects when it ends before, or says nothing for two minutes: the first start compiles, and all start at once. */
  start(): Promise<void> {
    const { name, args, env, log, flags = [], output = process.stderr.fd } = this.#settings;
    const child = spawn(process.execPath, processArguments(name, flags, ["start", ...args]), {
      cwd: REPOSITORY_FOLDER,
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...MALLOC, ...env },
      // Standard output of a service joins our standard error: ours belongs to the one line of JSON.
      stdio: ["ignore", output, output, "ipc"],
      // Ctrl-C in a terminal goes to the whole group; only the launcher knows in which order to stop.
      detached: true,
    });
    this.#process = child;
    child.once("exit", (code, signal) => this.#onExit(code, signal));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} was not ready in time`)), READY_DEADLINE_MS);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`${name} ended with code ${code} before it was ready`)));
      child.on("message", (message) => {
        if (typeof message !== "object" || message === null || !("type" in message) || message.type !== "ready") return;
        clearTimeout(timer);
        this.#failures = 0;
        log(`${name} ready (pid ${child.pid})`);
        resolve();
      });
    });
  }

  #onExit(code: number | null, signal: string | null): void {
    if (this.#stopping) return;
    this.#failures += 1;
    const delayMs = Math.min(RESTART_DELAY_MS_MAX, 100 * 2 ** this.#failures);
    this.#settings.log(`${this.#settings.name} ended (${signal ?? code}); again in ${delayMs} ms`);
    setTimeout(() => {
      if (!this.#stopping) this.start().catch((error: unknown) => this.#settings.log(String(error)));
    }, delayMs);
  }

  /** SIGTERM, after 10 s SIGKILL; resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(timer);
  }
}
