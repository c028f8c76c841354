import { join } from "node:path";
import { type Environment, required } from "@countersign/config/environment";
import { parseApprovalOrigin } from "./passkey.ts";
import { parseRoots } from "./roots.ts";
import { type Roster, rosterInFile } from "./roster.ts";
import { seenInFile } from "./seen-version.ts";

export const ROSTER_FILE = "roster.json";

/** The roster of a service: in its keys folder, signed by the roots its environment names. Missing settings: ConfigError. */
export function openRoster(environment: Environment, service: string): Roster {
  const { approvalOrigin } = environment;
  return rosterInFile({
    ...(approvalOrigin !== undefined && { passkeys: parseApprovalOrigin(approvalOrigin) }),
    file: join(required(environment, "keysDir"), ROSTER_FILE),
    roots: parseRoots(required(environment, "rosterRoots")),
    seen: seenInFile(join(required(environment, "dataDir"), service, "roster-seen.json")),
  });
}
