import { timingSafeEqual } from "node:crypto";
import { ConfigError, loadConfig } from "@countersign/config/load";
import { PrincipalId, Sha256Hex } from "@countersign/contracts/primitives";
import { sha256 } from "@countersign/ids/hash";
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

/** Who may call. Tokens are compared as hashes, in constant time, against every operator. */
export class OperatorRoster {
  readonly #operators: readonly { operator: Operator; hash: Buffer }[];

  constructor(operators: readonly Operator[]) {
    const repeated = (values: string[]) => values.find((value, index) => values.indexOf(value) !== index);
    const double = repeated(operators.map((one) => one.id)) ?? repeated(operators.map((one) => one.tokenSha256));
    if (double !== undefined) throw new ConfigError(`operators.yaml: ${double} stands there twice`);
    this.#operators = operators.map((operator) => ({ operator, hash: Buffer.from(operator.tokenSha256, "hex") }));
  }

  get size(): number {
    return this.#operators.length;
  }

  /** The operator of an `Authorization: Bearer` header; undefined for anything else. */
  byHeader(authorization: string | undefined): Operator | undefined {
    const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return undefined;
    const hash = sha256(token);
    let found: Operator | undefined;
    for (const entry of this.#operators) {
      if (timingSafeEqual(entry.hash, hash)) found = entry.operator;
    }
    return found;
  }
}

export function readOperators(file: string): OperatorRoster {
  return new OperatorRoster(loadConfig({ schema: OperatorsFile, file }).config.operators);
}
