import { join } from "node:path";
import { ensureKeys, nkEnvironment } from "@countersign/bus/nkeys-file";
import { demandRiskPolicy, prepareRiskPolicy } from "./first-risk-policy.ts";
import { prepareRoster } from "./first-roster.ts";
import { prepareKeys } from "./first-start.ts";
import { findOrFetchNatsServer } from "./nats-server.ts";

/** What the launcher must know before it can start anything; one line of JSON on standard output. */
export interface Prepared {
  readonly binary: string;
  readonly tokens: { readonly operatorToken: string; readonly agentToken: string };
  readonly firstStart: boolean;
  /** The roots of the roster of approvers, as the services expect them in their environment. */
  readonly rosterRoots: string;
  /** The public keys, as the server's configuration expects them. */
  readonly nkEnvironment: Record<string, string>;
}

// Heard between two steps and never in the middle of one: no half of what is made here stays.
process.on("SIGTERM", () => process.exit(143));
/** One shot: keys, tokens and the server's program. A process of its own, so that the launcher stays small for hours. */
const [dataDir, account, configDir, mode] = process.argv.slice(2);
if (dataDir === undefined || account === undefined || configDir === undefined)
  throw new Error("needs a data folder, an account and the folder of the configuration");
const keysDir = join(dataDir, "keys");
const { path: binary } = await findOrFetchNatsServer({
  log: (line) => process.stderr.write(`countersign: ${line}\n`),
});
const { tokens, firstStart } = told(() => prepareKeys(keysDir, account));
await ensureKeys(keysDir);
const rosterRoots = prepareRoster(dataDir);
told(() => {
  if (mode === "paper") demandRiskPolicy(dataDir);
  else prepareRiskPolicy(dataDir, configDir);
});
const prepared: Prepared = { binary, tokens, firstStart, rosterRoots, nkEnvironment: nkEnvironment(keysDir) };
process.stdout.write(`${JSON.stringify(prepared)}\n`);

/** What a person has to mend is one sentence and no stack. */
function told<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    process.stderr.write(`countersign: ${error instanceof Error ? error.message : error}\n`);
    process.exit(78);
  }
}
