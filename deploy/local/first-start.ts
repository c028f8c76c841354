import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "@countersign/ids/hash";
import { randomToken } from "@countersign/ids/ids";
import * as z from "zod";

/** The tokens of the embedded system; the services hold only their hashes. */
const Tokens = z.strictObject({ operatorToken: z.string().min(40), agentToken: z.string().min(40) });
export type Tokens = z.infer<typeof Tokens>;

/**
 * Makes the tokens of an embedded system on its first start and reads them on every later one: one operator, and one agent
 * with the simulator's account.
 */
export function prepareKeys(keysDir: string, account: string): { tokens: Tokens; firstStart: boolean } {
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  const tokensFile = join(keysDir, "tokens.json");
  if (existsSync(tokensFile))
    return { tokens: Tokens.parse(JSON.parse(readFileSync(tokensFile, "utf8"))), firstStart: false };
  const tokens = { operatorToken: randomToken("cs_op"), agentToken: randomToken("cs_agent") };
  const secret = (name: string, text: string) => writeFileSync(join(keysDir, name), text, { mode: 0o600 });
  secret("operators.yaml", operatorsYaml(tokens.operatorToken));
  secret("agents.yaml", agentsYaml(tokens.agentToken, account));
  // Last: its presence says that all the others are there.
  secret("tokens.json", json(tokens));
  return { tokens, firstStart: true };
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
