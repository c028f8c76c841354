import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { User } from "@countersign/contracts/accounts";
import type { StreamName } from "@countersign/contracts/contract-kinds";
import { type JetStreamManager, jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { connectPatiently, inboxPrefixOf } from "./connection.ts";
import { apiCode } from "./errors.ts";
import { readNKey } from "./nkey.ts";
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
  /** Copies of each stream, on as many servers of a cluster. Absent: one. */
  readonly replicas?: 1 | 3 | 5;
}

/**
 * Creates the streams that are missing, brings the fields that may change to what they must be, and checks all that the
 * server returns. Never creates anew, never makes a log shorter. The only code that may, with keys that no service holds.
 */
export async function provision(options: ProvisionOptions): Promise<void> {
  const rows = Object.values(STREAM_CONFIGS);
  for (const user of new Set(rows.map(({ provisioner }) => provisioner))) {
    await withManager(options, user, async (manager) => {
      const own = rows.filter(({ provisioner }) => provisioner === user);
      for (const { config } of own) await provisionStream(manager, config, options);
    });
  }
}

async function provisionStream(manager: JetStreamManager, wanted: Wanted, options: ProvisionOptions): Promise<void> {
  const config = { ...wanted, num_replicas: options.replicas ?? 1 };
  const returned = await createOrUpdate(manager, config, options.log);
  const differences = differencesOf(config, returned);
  if (differences.length === 0) return;
  throw new ProvisionError(`stream ${config.name} is not as it must be: ${differences.join("; ")}`);
}

type Wanted = Partial<StreamConfig> & { name: StreamName };

async function createOrUpdate(
  manager: JetStreamManager,
  wanted: Wanted,
  log: ProvisionOptions["log"],
): Promise<StreamConfig> {
  const existing = await find(manager, wanted.name);
  if (existing === undefined) {
    const created = await manager.streams.add(wanted);
    log(`stream ${wanted.name} created`);
    return created.config;
  }
  const different = differentFields(wanted, existing);
  // With one field that cannot be changed the rest is not touched either: a person looks first.
  if (different.length === 0 || !different.every((field) => mayChange(field, wanted, existing))) return existing;
  const updated = await manager.streams.update(wanted.name, wanted);
  log(`stream ${wanted.name} updated: ${different.join(", ")}`);
  return updated.config;
}

async function find(manager: JetStreamManager, name: StreamName): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    if (apiCode(error) !== STREAM_NOT_FOUND) throw error;
    return undefined;
  }
}

/** Fields whose change loses no message: every stream refuses when it is full, none drops what it holds. */
function mayChange(field: keyof StreamConfig, wanted: Wanted, existing: StreamConfig): boolean {
  if (field === "max_msgs_per_subject") return (wanted.max_msgs_per_subject ?? 0) > existing.max_msgs_per_subject;
  return ["max_bytes", "max_msg_size", "duplicate_window", "republish"].includes(field);
}

/** What the server returned differently from what was asked: an old server drops what it does not know, and says nothing. */
export function differencesOf(wanted: Partial<StreamConfig>, returned: Partial<StreamConfig>): string[] {
  return differentFields(wanted, returned).map(
    (field) => `${field} is ${JSON.stringify(returned[field])}, wanted ${JSON.stringify(wanted[field])}`,
  );
}

function differentFields(wanted: Partial<StreamConfig>, returned: Partial<StreamConfig>): (keyof StreamConfig)[] {
  const fields = Object.keys(wanted) as (keyof StreamConfig)[];
  return fields.filter(
    (field) => !same(wanted[field], returned[field]) && !(field === "num_replicas" && enough(wanted, returned)),
  );
}

/** More copies than a service must have are as good: how many there are is decided where the cluster is. */
function enough(
  { num_replicas: wanted = 1 }: Partial<StreamConfig>,
  { num_replicas: found = 0 }: Partial<StreamConfig>,
) {
  return found >= wanted;
}

/** The server leaves out what is false. */
function same(wanted: unknown, returned: unknown): boolean {
  return isDeepStrictEqual(wanted, returned) || (wanted === false && returned === undefined);
}

/** Opens a connection with the keys of a provisioner for one task. */
export async function withManager(
  options: ProvisionOptions,
  user: User,
  task: (manager: JetStreamManager) => Promise<void>,
): Promise<void> {
  const seed = readFileSync(join(options.keysDir, `${user}.nk`), "utf8").trim();
  const connection = await connectPatiently({
    servers: options.url,
    name: `provision/${user}`,
    authenticator: readNKey(seed).authenticator,
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
