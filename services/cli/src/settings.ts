import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@countersign/config/environment";
import * as z from "zod";
import { CommandError, EXIT } from "./exit-codes.ts";

/** What `npm start` leaves in its data folder for this command line; other keys are for other readers. */
const Connection = z.object({
  admin: z.string(),
  nats: z.string(),
  operatorToken: z.string(),
  agentToken: z.string(),
  keysDir: z.string(),
  mode: z.string(),
});

export interface Settings {
  readonly admin: string;
  readonly operatorToken: string;
  readonly agentToken: string | undefined;
  readonly nats: string | undefined;
  readonly keysDir: string | undefined;
  readonly dataDir: string | undefined;
  readonly mode: string | undefined;
  readonly configDir: string;
}

const ROOT = join(import.meta.dirname, "../../..");

/** Flags first, then the environment, then the connection file of the system that was started here last. */
export function readSettings(
  flags: { admin?: string; token?: string; dataDir?: string },
  environment: Environment,
): Settings {
  const dataDir = flags.dataDir ?? environment.dataDir ?? join(ROOT, ".data");
  const file = readConnection(join(dataDir, "connection.json"));
  const admin = flags.admin ?? environment.adminUrl ?? file?.admin;
  const operatorToken = flags.token ?? environment.operatorToken ?? file?.operatorToken;
  if (admin === undefined) {
    throw new CommandError(EXIT.usage, "no admin API: start the system, or give --admin URL or COUNTERSIGN_ADMIN_URL");
  }
  if (operatorToken === undefined) {
    throw new CommandError(EXIT.unauthenticated, "no operator token: give --token or COUNTERSIGN_OPERATOR_TOKEN");
  }
  return {
    admin: admin.replace(/\/$/, ""),
    operatorToken,
    agentToken: environment.agentToken ?? file?.agentToken,
    nats: environment.natsUrl ?? file?.nats,
    keysDir: environment.keysDir ?? file?.keysDir,
    dataDir: file === undefined ? environment.dataDir : dataDir,
    mode: environment.mode ?? file?.mode,
    configDir: environment.configDir ?? join(ROOT, "config"),
  };
}

function readConnection(path: string): z.infer<typeof Connection> | undefined {
  try {
    return Connection.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Not there, or not ours: the flags and the environment have to say it.
    return undefined;
  }
}
