import { timingSafeEqual } from "node:crypto";
import { ConfigError } from "@countersign/config/load";
import { sha256 } from "@countersign/ids/hash";

/** Somebody who may call; the token itself is nowhere. */
export interface TokenHolder {
  readonly id: string;
  /** SHA-256 of the bearer token, in hex. */
  readonly tokenSha256: string;
}

/** Who may call. Tokens are compared as hashes, in constant time, against every holder. */
export class TokenRoster<Holder extends TokenHolder> {
  readonly #entries: readonly { holder: Holder; hash: Buffer }[];

  /** Throws ConfigError when two share an id or a token; `file` is named in it. */
  constructor(file: string, holders: readonly Holder[]) {
    const repeated = (values: string[]) => values.find((value, index) => values.indexOf(value) !== index);
    const double = repeated(holders.map((one) => one.id)) ?? repeated(holders.map((one) => one.tokenSha256));
    if (double !== undefined) throw new ConfigError(`${file}: ${double} stands there twice`);
    this.#entries = holders.map((holder) => ({ holder, hash: Buffer.from(holder.tokenSha256, "hex") }));
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Whose token this is, or undefined. */
  byToken(token: string): Holder | undefined {
    const hash = sha256(token);
    let found: Holder | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.hash, hash)) found = entry.holder;
    }
    return found;
  }

  /** Whose token an `Authorization: Bearer` header has; undefined for anything else. */
  byHeader(authorization: string | undefined): Holder | undefined {
    const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization ?? "")?.[1];
    return token === undefined ? undefined : this.byToken(token);
  }
}
