import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@countersign/config/environment";
import * as z from "zod";
import { CommandError, EXIT } from "./exit-codes.ts";

/** What `npm start` leaves in its data folder for this command line; other keys are for other readers. */
const Connection = z
  .object({
    admin: z.string(),
    nats: z.string(),
    operatorToken: z.string(),
    agentToken: z.string(),
    keysDir: z.string(),
    mode: z.string(),
  })
  .partial();

/** Where things are said, in this order: flags, environment, connection file of the system that was started here last. */
export interface Sources {
  readonly flags: { readonly admin?: string; readonly token?: string; readonly dataDir?: string };
  readonly environment: Environment;
}

/** What a command of an operator needs. */
export interface Settings {
  readonly admin: string;
  readonly operatorToken: string;
  readonly nats: string | undefined;
}

/** What the stdio edge needs: an agent's token and the way to the bus, and nothing of an operator. */
export interface StdioSettings {
  readonly agentToken: string;
  readonly nats: string;
  readonly keysDir: string;
  readonly mode: string;
  readonly configDir: string;
  /** Where people approve, for the agent's answers; undefined when nobody said it. */
  readonly admin: string | undefined;
}

const ROOT = join(import.meta.dirname, "../../..");

export function readSettings({ flags, environment }: Sources): Settings {
  const file = readConnection({ flags, environment });
  const admin = flags.admin ?? environment.adminUrl ?? file.admin;
  const operatorToken = flags.token ?? environment.operatorToken ?? file.operatorToken;
  if (admin === undefined) {
    throw new CommandError(EXIT.usage, "no admin API: start the system, or give --admin URL or COUNTERSIGN_ADMIN_URL");
  }
  if (operatorToken === undefined) {
    throw new CommandError(EXIT.unauthenticated, "no operator token: give --token or COUNTERSIGN_OPERATOR_TOKEN");
  }
  if (!isHttp(admin)) throw new CommandError(EXIT.usage, "the address of the admin API is no http or https URL");
  // It would fail inside the request, with a message that shows the token.
  if (!/^[\x21-\x7e]{1,512}$/.test(operatorToken))
    throw new CommandError(EXIT.unauthenticated, "the operator token is none: it has blanks, line ends or no length");
  return { admin: admin.replace(/\/$/, ""), operatorToken, nats: environment.natsUrl ?? file.nats };
}

/** With nothing behind its path, which ours goes after, and nobody's password in it. */
function isHttp(url: string): boolean {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return false;
  const { username, password, search, hash } = new URL(url);
  return [username, password, search, hash].every((part) => part === "") && !/[?#]/.test(url);
}

/** `--token` is an operator's and does not count here. */
export function readStdioSettings({ flags, environment }: Sources): StdioSettings {
  const file = readConnection({ flags, environment });
  const agentToken = environment.agentToken ?? file.agentToken;
  if (agentToken === undefined) {
    throw new CommandError(EXIT.unauthenticated, "no agent token: give COUNTERSIGN_AGENT_TOKEN");
  }
  const nats = environment.natsUrl ?? file.nats;
  const keysDir = environment.keysDir ?? file.keysDir;
  const mode = environment.mode ?? file.mode;
  if (nats === undefined || keysDir === undefined || mode === undefined) {
    throw new CommandError(EXIT.usage, "start the system first, or set COUNTERSIGN_NATS_URL, _KEYS_DIR and _MODE");
  }
  const admin = flags.admin ?? environment.adminUrl ?? file.admin;
  return { agentToken, nats, keysDir, mode, admin, configDir: environment.configDir ?? join(ROOT, "config") };
}

/** The data folder of the system on this machine. */
export function dataDirIn({ flags, environment }: Sources): string {
  return flags.dataDir ?? environment.dataDir ?? join(ROOT, ".data");
}

function readConnection({ flags, environment }: Sources): z.infer<typeof Connection> {
  const dataDir = dataDirIn({ flags, environment });
  try {
    return Connection.parse(JSON.parse(readFileSync(join(dataDir, "connection.json"), "utf8")));
  } catch {
    // Not there, or not ours: the flags and the environment have to say it.
    return {};
  }
}
