import { timingSafeEqual } from "node:crypto";
import { ConfigError, loadConfig } from "@countersign/config/load";
import { AccountId, PrincipalId, Sha256Hex } from "@countersign/contracts/primitives";
import { sha256 } from "@countersign/ids/hash";
import * as z from "zod";

/** One agent: who it is, what proves it, which accounts it may ask about, and which tools it sees (absent: all). */
export const Agent = z.strictObject({
  id: PrincipalId,
  tokenSha256: Sha256Hex.describe("SHA-256 of the bearer token; the token itself is nowhere"),
  accounts: z.array(AccountId).min(1).max(50),
  tools: z
    .array(z.string().regex(/^[a-z_]{3,40}$/))
    .max(40)
    .optional(),
});
export type Agent = z.infer<typeof Agent>;

export const AgentsFile = z.strictObject({ agents: z.array(Agent).min(1).max(1_000) });

/** Who may call. Tokens are compared as hashes, in constant time, against every agent. */
export class AgentRoster {
  readonly #agents: readonly { agent: Agent; hash: Buffer }[];

  constructor(agents: readonly Agent[]) {
    const repeated = (values: string[]) => values.find((value, index) => values.indexOf(value) !== index);
    const double = repeated(agents.map((agent) => agent.id)) ?? repeated(agents.map((agent) => agent.tokenSha256));
    if (double !== undefined) throw new ConfigError(`agents.yaml: ${double} stands there twice`);
    this.#agents = agents.map((agent) => ({ agent, hash: Buffer.from(agent.tokenSha256, "hex") }));
  }

  get size(): number {
    return this.#agents.length;
  }

  /** The agent whose token this is, or undefined. */
  byToken(token: string): Agent | undefined {
    const hash = sha256(token);
    let found: Agent | undefined;
    for (const entry of this.#agents) {
      if (timingSafeEqual(entry.hash, hash)) found = entry.agent;
    }
    return found;
  }

  /** The agent of an `Authorization: Bearer` header; undefined for anything else. */
  byHeader(authorization: string | undefined): Agent | undefined {
    const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization ?? "")?.[1];
    return token === undefined ? undefined : this.byToken(token);
  }
}

export function readAgents(file: string): AgentRoster {
  return new AgentRoster(loadConfig({ schema: AgentsFile, file }).config.agents);
}
