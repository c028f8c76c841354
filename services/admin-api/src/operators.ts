import { loadConfig } from "@countersign/config/load";
import { PrincipalId, Sha256Hex } from "@countersign/contracts/primitives";
import { TokenRoster } from "@countersign/http/token-roster";
import * as z from "zod";

/** What an operator may do. Tightening the kill switch and loosening it are two things. */
export const SCOPES = ["read", "approve", "cancel", "kill:tighten", "kill:loosen"] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

export const Operator = z.strictObject({
  id: PrincipalId,
  tokenSha256: Sha256Hex.describe("SHA-256 of the bearer token; the token itself is nowhere"),
  scopes: z.array(Scope).min(1).max(SCOPES.length),
});
export type Operator = z.infer<typeof Operator>;

export const OperatorsFile = z.strictObject({ operators: z.array(Operator).min(1).max(500) });

/** The operators, found by their tokens. */
export type OperatorRoster = TokenRoster<Operator>;

export function readOperators(file: string): OperatorRoster {
  return new TokenRoster(file, loadConfig({ schema: OperatorsFile, file }).config.operators);
}
