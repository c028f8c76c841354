import { loadConfig } from "@countersign/config/load";
import { OPERATOR } from "@countersign/contracts/asker";
import { AccountId, PrincipalId, Sha256Hex } from "@countersign/contracts/primitives";
import { TokenRoster } from "@countersign/http/token-roster";
import * as z from "zod";

/** One agent: who it is, what proves it, which accounts it may ask about, and which tools it sees (absent: all). */
export const Agent = z.strictObject({
  id: PrincipalId.refine((id) => id !== OPERATOR, "this name stands for people"),
  tokenSha256: Sha256Hex.describe("SHA-256 of the bearer token; the token itself is nowhere"),
  accounts: z.array(AccountId).min(1).max(50),
  tools: z
    .array(z.string().regex(/^[a-z_]{3,40}$/))
    .max(40)
    .optional(),
});
export type Agent = z.infer<typeof Agent>;

export const AgentsFile = z.strictObject({ agents: z.array(Agent).min(1).max(1_000) });

/** The agents, found by their tokens. */
export type AgentRoster = TokenRoster<Agent>;

export function readAgents(file: string): AgentRoster {
  return new TokenRoster(file, loadConfig({ schema: AgentsFile, file }).config.agents);
}
