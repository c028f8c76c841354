import { randomInt } from "node:crypto";
import { newNonce } from "./ids.ts";

/** The only door to chance where what a service does depends on it; passed in like the clock. */
export interface Random {
  /** 128 random bits, base64url. */
  nonce(): string;
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
}

export const systemRandom: Random = { nonce: newNonce, below: (limit) => randomInt(limit) };
