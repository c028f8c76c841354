import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type FolderLock, LockHeldError, tryLockFolder } from "./folder-lock.mjs";
import { reapLeftOver, recordServer } from "./left-over-server.ts";
import { checkConfig, configFileFor } from "./nats-config-check.ts";
import { askVersion } from "./nats-lookup.ts";
import { EmbeddedNatsError, type RunningServer, type ServerExit, spawnNats } from "./nats-process.ts";

export interface EmbeddedNatsOptions {
  readonly binary: string;
  /** Its `$NAME` references are resolved from `env`; address, ports and store folder are set here whatever it says. */
  readonly configFile: string;
  /** The store, the record of the process and the lock lie in `nats/` below it. */
  readonly dataDir: string;
  /** 0: a free port. */
  readonly port: number;
  /** 0: a free port. */
  readonly monitorPort: number;
  /** Takes each line the server writes, without the newline. */
  readonly log: (line: string) => void;
  /** The only variables that the server gets besides PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends a start that is under way; a server that is up is ended by `stop`. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedNats {
  readonly url: string;
  readonly monitorUrl: string;
  readonly pid: number;
  readonly version: string;
  /** Settles when the server has ended, by `stop` or by itself. */
  readonly exited: Promise<ServerExit>;
  /** SIGTERM, after 5 s SIGKILL; resolves when the process is gone and the data folder is free again. */
  stop(): Promise<void>;
}

/**
 * Starts a nats-server of our own on loopback and waits until it is healthy. A server that a killed parent left on the
 * same data folder is ended first. Throws EmbeddedNatsError or NatsConfigError, with nothing left running.
 */
export async function startEmbeddedNats(options: EmbeddedNatsOptions): Promise<EmbeddedNats> {
  options.signal?.throwIfAborted();
  const folder = join(resolve(options.dataDir), "nats");
  const storeDir = join(folder, "store");
  mkdirSync(storeDir, { recursive: true, mode: 0o700 });
  const lock = lockData(folder);
  const recordFile = join(folder, "server.json");
  try {
    const reaped = await reapLeftOver(recordFile);
    if (reaped !== undefined) options.log(`ended nats-server ${reaped}, left over from a parent that was killed`);
    const version = await askVersion(options.binary);
    if (version === undefined) throw new EmbeddedNatsError(`${options.binary} is not a working nats-server`);
    const env = { ...inherited(), ...options.env };
    const configFile = configFileFor({ configFile: options.configFile, version, folder });
    await checkConfig({ binary: options.binary, configFile, env });
    const server = await spawnNats({
      ...options,
      configFile,
      env,
      storeDir,
      portsFolder: join(folder, "ports"),
      onSpawn: (pid) => recordServer(recordFile, pid),
    });
    return describe({ server, version, lock, recordFile });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lockData(folder: string): FolderLock {
  try {
    return tryLockFolder(join(folder, "lock"));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const owner = error.ownerPid === undefined ? "another process" : `process ${error.ownerPid}`;
    throw new EmbeddedNatsError(
      `the data folder ${folder} is in use by ${owner}; stop it or choose another --data-dir`,
      { cause: error },
    );
  }
}

function inherited(): Record<string, string> {
  const { PATH, HOME } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) };
}

interface Parts {
  readonly server: RunningServer;
  readonly version: string;
  readonly lock: FolderLock;
  readonly recordFile: string;
}

function describe({ server, version, lock, recordFile }: Parts): EmbeddedNats {
  const exited = server.exited.then((exit) => {
    rmSync(recordFile, { force: true });
    return exit;
  });
  return {
    url: server.url,
    monitorUrl: server.monitorUrl,
    pid: server.pid,
    version,
    exited,
    async stop() {
      await server.stop();
      await exited;
      lock.release();
    },
  };
}
