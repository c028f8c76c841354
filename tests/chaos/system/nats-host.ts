import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type EmbeddedNats, startEmbeddedNats } from "../../../deploy/local/embedded-nats.ts";
import type { Prepared } from "../../../deploy/local/prepare-job.ts";
import { REPOSITORY_FOLDER } from "../../../deploy/local/repository.ts";
import { freeze } from "../../end-to-end/processes.ts";

export const GENERATED_CONFIG = join(REPOSITORY_FOLDER, "deploy/nats/nats.conf");

export interface NatsHostOptions {
  readonly dataDir: string;
  readonly prepared: Prepared;
  readonly port: number;
  readonly monitorPort: number;
  /** Absent: the generated one. */
  readonly configFile?: string;
}

/** A nats-server of a system: it comes back only when it is told to, always on the same ports. */
export class NatsHost {
  readonly #options: Parameters<typeof startEmbeddedNats>[0];
  #server: EmbeddedNats | undefined;

  constructor({ dataDir, prepared, port, monitorPort, configFile }: NatsHostOptions) {
    this.#options = {
      binary: prepared.binary,
      configFile: configFile ?? GENERATED_CONFIG,
      dataDir,
      port,
      monitorPort,
      log: () => undefined,
      env: prepared.nkEnvironment,
    };
  }

  get runs(): boolean {
    return this.#server !== undefined;
  }

  get port(): number {
    return this.#options.port;
  }

  get pid(): number {
    if (this.#server === undefined) throw new Error("nats-server does not run");
    return this.#server.pid;
  }

  get monitorPort(): number {
    return this.#options.monitorPort;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#options.port}`;
  }

  get monitorUrl(): string {
    return `http://127.0.0.1:${this.#options.monitorPort}`;
  }

  get storeDir(): string {
    return join(this.#options.dataDir, "nats/store");
  }

  async start(): Promise<void> {
    this.#server = await startEmbeddedNats(this.#options);
  }

  /** Gone from one instant to the next; its folder is free afterwards. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    process.kill(server.pid, "SIGKILL");
    await server.exited;
    await server.stop();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    process.kill(server.pid, "SIGCONT");
    await server.stop();
  }

  /** What is on its disk at one instant. It stands still from then on. */
  async freezeAndCopy(folder: string): Promise<void> {
    await freeze(this.pid);
    rmSync(folder, { recursive: true, force: true });
    cpSync(this.storeDir, folder, { recursive: true });
  }

  thaw(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Only while it is not running. */
  restore(folder: string): void {
    if (this.#server !== undefined) throw new Error("nats-server still runs");
    rmSync(this.storeDir, { recursive: true, force: true });
    cpSync(folder, this.storeDir, { recursive: true });
  }
}
