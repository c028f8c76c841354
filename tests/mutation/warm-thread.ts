import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type WorkerRequest } from "vitest/node";

/** After so many runs a thread is replaced: each one leaves a few listeners in it. */
const RUNS_MAX = 40;
const STOPPED = { __vitest_worker_response__: true, type: "stopped" };
type Listener = (message: unknown) => void;

let kept: { readonly thread: ThreadsPoolWorker; runs: number } | undefined;

/**
 * A thread that outlives a run of tests and takes the next one: the runner, zod and whatever else lies in node_modules are
 * loaded once. The project's own modules are loaded anew for each mutant, see fresh-modules.ts. One run at a time.
 */
class WarmThread implements PoolWorker {
  readonly name = "warm";
  readonly #options: PoolOptions;
  #listeners: { readonly event: string; readonly callback: Listener }[] = [];
  #thread: ThreadsPoolWorker | undefined;
  #isIdle = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (kept !== undefined && kept.runs >= RUNS_MAX) await endWarmThread();
    kept ??= await startThread(this.#options);
    kept.runs += 1;
    this.#thread = kept.thread;
  }

  /** The thread stays, unless it is stopped in the middle of a run. */
  async stop(): Promise<void> {
    for (const { event, callback } of this.#listeners) this.#thread?.off(event, callback);
    this.#listeners = [];
    this.#thread = undefined;
    if (!this.#isIdle) await endWarmThread();
  }

  /** It is asked to stop when its run is over, and answers instead of the thread. */
  send(message: WorkerRequest): void {
    if (message.type !== "stop") {
      this.#thread?.send(message);
      return;
    }
    this.#isIdle = true;
    queueMicrotask(() => {
      for (const { event, callback } of this.#listeners) if (event === "message") callback(STOPPED);
    });
  }

  on(event: string, callback: Listener): void {
    this.#listeners.push({ event, callback });
    this.#thread?.on(event, callback);
  }

  off(event: string, callback: Listener): void {
    this.#listeners = this.#listeners.filter((one) => one.event !== event || one.callback !== callback);
    this.#thread?.off(event, callback);
  }

  deserialize(data: unknown): unknown {
    return data;
  }
}

async function startThread(options: PoolOptions): Promise<NonNullable<typeof kept>> {
  const thread = new ThreadsPoolWorker(options);
  await thread.start();
  thread.on("exit", () => {
    if (kept?.thread === thread) kept = undefined;
  });
  return { thread, runs: 0 };
}

export const warmPool = { name: "warm", createPoolWorker: (options: PoolOptions) => new WarmThread(options) };

export async function endWarmThread(): Promise<void> {
  const thread = kept?.thread;
  kept = undefined;
  await thread?.stop();
}
