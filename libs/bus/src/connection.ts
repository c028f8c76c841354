import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@countersign/clock/clock";
import { USERS, type User } from "@countersign/contracts/accounts";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { type ConnectionOptions, connect, errors, type NatsConnection } from "@nats-io/transport-node";
import { readNKey } from "./nkey.ts";
import { ReplyInbox } from "./reply-inbox.ts";

/** The part of a logger that the bus needs. */
export interface BusLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** One user's connection. `onChange` listeners hear "down" at once and "up" after a reconnect. */
export interface Connection {
  readonly user: User;
  readonly nats: NatsConnection;
  /** Where the answers to this connection's requests arrive. */
  readonly inbox: ReplyInbox;
  readonly jsm: JetStreamManager;
  readonly onChange: Set<(state: "down" | "up") => void>;
  up: boolean;
}

export interface ConnectionSettings {
  readonly url: string;
  readonly keysDir: string;
  readonly service: string;
  readonly clock: Clock;
  readonly log: BusLog;
  /** The connection ended for good: the process should die and be restarted. */
  readonly onClosed: (user: User, reason: string) => void;
}

/** The subject prefix under which only this user receives its replies. */
export function inboxPrefixOf(user: User): string {
  return `_INBOX_${user.replaceAll("-", "_")}`;
}

function readSeed(keysDir: string, user: User): string {
  const file = join(keysDir, `${user}.nk`);
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file} is readable by others; it must have mode 0600`);
  return readFileSync(file, "utf8").trim();
}

/** A machine that starts many processes at once may be too busy to say hello in time. */
const CONNECT_TRIES = 5;

/**
 * Tries again, and waits longer, when the handshake was late on either side; a server that is not there, or that refuses,
 * is not asked again.
 */
export async function connectPatiently(options: ConnectionOptions & { timeout: number }): Promise<NatsConnection> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect({ ...options, timeout: options.timeout * attempt });
    } catch (error) {
      // The server's own "Authentication Timeout" has no class of its own in the client.
      const late = error instanceof errors.TimeoutError || /timeout/i.test(error instanceof Error ? error.message : "");
      if (!late || attempt === CONNECT_TRIES) throw error;
    }
  }
}

export async function openConnection(user: User, settings: ConnectionSettings): Promise<Connection> {
  const nats = await connectPatiently({
    servers: settings.url,
    name: `${settings.service}/${user}`,
    authenticator: readNKey(readSeed(settings.keysDir, user)).authenticator,
    inboxPrefix: inboxPrefixOf(user),
    noAsyncTraces: true,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 3_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
  });
  const usesJetStream = USERS[user].account === "CORE" || USERS[user].account === "AUDIT";
  const inbox = new ReplyInbox(nats, settings.clock, inboxPrefixOf(user));
  const jsm = await jetstreamManager(nats, { checkAPI: false, timeout: 1_000 });
  const connection: Connection = { user, nats, inbox, jsm, onChange: new Set(), up: true };
  watchStatus(connection, settings, usesJetStream);
  return connection;
}

function watchStatus(connection: Connection, settings: ConnectionSettings, usesJetStream: boolean): void {
  const { user, nats, inbox } = connection;
  const change = (state: "down" | "up") => {
    connection.up = state === "up";
    settings.log.warn({ user, usesJetStream }, `NATS connection ${state}`);
    for (const listener of connection.onChange) listener(state);
  };
  void (async () => {
    for await (const status of nats.status()) {
      if (status.type === "disconnect" || status.type === "staleConnection") change("down");
      if (status.type === "reconnect") change("up");
      if (status.type !== "error") continue;
      // A forbidden bare publish shows only here: it is a security event, not noise.
      settings.log.error({ user, error: status.error.message }, "NATS refused something");
      if (status.error instanceof errors.PermissionViolationError) inbox.fail(status.error, status.error.subject);
    }
  })();
  void nats.closed().then((error) => {
    connection.up = false;
    inbox.fail(error instanceof Error ? error : new errors.ClosedConnectionError());
    for (const listener of connection.onChange) listener("down");
    settings.onClosed(user, error instanceof Error ? error.message : "closed");
  });
}
