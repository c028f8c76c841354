import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { User } from "@countersign/contracts/accounts";
import type { StreamName } from "@countersign/contracts/contract-kinds";
import { type JetStreamManager, jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { connect, nkeyAuthenticator } from "@nats-io/transport-node";
import { inboxPrefixOf } from "./connection.ts";
import { apiCode } from "./errors.ts";
import { STREAM_CONFIGS } from "./streams.ts";

const STREAM_NOT_FOUND = 10059;

/** A stream is not as it must be; nothing may run on it. */
export class ProvisionError extends Error {
  override readonly name = "ProvisionError";
}

export interface ProvisionOptions {
  readonly url: string;
  readonly keysDir: string;
  /** Takes one line of progress. */
  readonly log: (line: string) => void;
}

/** Creates the streams that are missing and checks all; the only code that may, with keys that no service holds. */
export async function provision(options: ProvisionOptions): Promise<void> {
  for (const [name, { provisioner, config }] of Object.entries(STREAM_CONFIGS)) {
    await withManager(options, provisioner, async (manager) => {
      const created = await createMissing(manager, config);
      const returned = (await manager.streams.info(name)).config;
      const differences = differencesOf(config, returned);
      if (differences.length > 0) {
        throw new ProvisionError(`stream ${name} is not as it must be: ${differences.join("; ")}`);
      }
      if (created) options.log(`stream ${name} created`);
    });
  }
}

async function createMissing(
  manager: JetStreamManager,
  config: Partial<StreamConfig> & { name: StreamName },
): Promise<boolean> {
  try {
    await manager.streams.info(config.name);
    return false;
  } catch (error) {
    if (apiCode(error) !== STREAM_NOT_FOUND) throw error;
    await manager.streams.add(config);
    return true;
  }
}

/** What the server returned differently from what was asked: an old server drops what it does not know, and says nothing. */
export function differencesOf(wanted: Partial<StreamConfig>, returned: Partial<StreamConfig>): string[] {
  const fields = Object.keys(wanted) as (keyof StreamConfig)[];
  return fields
    .filter((field) => !same(wanted[field], returned[field]))
    .map((field) => `${field} is ${JSON.stringify(returned[field])}, wanted ${JSON.stringify(wanted[field])}`);
}

/** The server leaves out what is false. */
function same(wanted: unknown, returned: unknown): boolean {
  return isDeepStrictEqual(wanted, returned) || (wanted === false && returned === undefined);
}

async function withManager(
  options: ProvisionOptions,
  user: User,
  task: (manager: JetStreamManager) => Promise<void>,
): Promise<void> {
  const seed = new TextEncoder().encode(readFileSync(join(options.keysDir, `${user}.nk`), "utf8").trim());
  const connection = await connect({
    servers: options.url,
    name: `provision/${user}`,
    authenticator: nkeyAuthenticator(seed),
    inboxPrefix: inboxPrefixOf(user),
    timeout: 5_000,
    maxReconnectAttempts: 3,
  });
  try {
    await task(await jetstreamManager(connection, { checkAPI: false, timeout: 10_000 }));
  } finally {
    await connection.close();
  }
}
