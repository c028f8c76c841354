import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/load";
import { sha256Hex } from "@countersign/ids/hash";
import { randomToken } from "@countersign/ids/ids";
import * as z from "zod";
import { writeWhole } from "./write-whole.ts";

/** The tokens of the embedded system; the services hold only their hashes. */
const Tokens = z.strictObject({ operatorToken: z.string().min(40), agentToken: z.string().min(40) });
export type Tokens = z.infer<typeof Tokens>;

/** There from the making of the tokens until a start has come through. */
const NOT_STARTED_YET = "not-started-yet";

/**
 * Makes the tokens of an embedded system on its first start and reads them on every later one: one operator, and one agent
 * with the simulator's account. It is the first start until one has come through, however many were ended before.
 */
export function prepareKeys(keysDir: string, account: string): { tokens: Tokens; firstStart: boolean } {
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  const tokensFile = join(keysDir, "tokens.json");
  const firstStart = existsSync(join(keysDir, NOT_STARTED_YET));
  if (existsSync(tokensFile)) return { tokens: readTokens(tokensFile), firstStart };
  const tokens = { operatorToken: randomToken("cs_op"), agentToken: randomToken("cs_agent") };
  const secret = (name: string, text: string) => writeWhole(join(keysDir, name), text);
  secret("operators.yaml", operatorsYaml(tokens.operatorToken));
  secret("agents.yaml", agentsYaml(tokens.agentToken, account));
  secret(NOT_STARTED_YET, "");
  // Last: its presence says that all the others are there.
  secret("tokens.json", json(tokens));
  return { tokens, firstStart: true };
}

/** Nothing of the file is repeated: it holds secrets. */
function readTokens(file: string): Tokens {
  try {
    return Tokens.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new ConfigError(`${file} does not hold the tokens of a start; restore it, or take another --data-dir`);
  }
}

/** The kill switch was armed; from now on only a person loosens it. */
export function firstStartIsOver(keysDir: string): void {
  rmSync(join(keysDir, NOT_STARTED_YET), { force: true });
}

function operatorsYaml(token: string): string {
  return [
    "operators:",
    "  - id: operator",
    `    tokenSha256: ${sha256Hex(token)}`,
    '    scopes: [read, approve, cancel, "kill:tighten", "kill:loosen"]',
    "",
  ].join("\n");
}

function agentsYaml(token: string, account: string): string {
  return ["agents:", "  - id: agent", `    tokenSha256: ${sha256Hex(token)}`, `    accounts: [${account}]`, ""].join(
    "\n",
  );
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
