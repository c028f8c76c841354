import { type Clock, utcText } from "@countersign/clock/clock";
import type { DenialCode } from "@countersign/contracts/codes";
import type { ApprovalStatement, SignedApproval, Ticket } from "@countersign/contracts/order";
import { canonicalJson } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";
import type { Roster } from "@countersign/roster/roster";
import { deny } from "./problem.ts";
import type { SessionKey, SessionKeys } from "./session-keys.ts";

interface Found {
  readonly keyId: string;
  readonly key: SessionKey;
}

export interface ToApprove {
  readonly ticket: Ticket;
  readonly ticketHash: string;
  readonly approver: string;
  readonly reason: string | null;
  /** Rules that the person has typed; empty: none. */
  readonly confirmed: readonly string[];
}

/** Signs on behalf of the operator whose token was verified. The keys never leave this object. */
export class ApprovalSigner {
  readonly #keys: SessionKeys;
  readonly #options: { clock: Clock; roster: Roster; ttlSeconds: number };

  constructor(keys: SessionKeys, options: { clock: Clock; roster: Roster; ttlSeconds: number }) {
    this.#keys = keys;
    this.#options = options;
  }

  /** What the person's signature covers: the whole ticket, from now on and for as long as an approval lives. */
  statement({ confirmed, ...given }: ToApprove): ApprovalStatement {
    const { clock, ttlSeconds } = this.#options;
    const nowMs = clock.nowMs();
    return {
      type: "countersign.approval/1",
      ...given,
      approvedAt: utcText(nowMs),
      expiresAt: utcText(nowMs + ttlSeconds * 1_000),
      nonce: newNonce(),
      by: "person",
      ...(confirmed.length > 0 && { confirmed: [...confirmed] }),
    };
  }

  /** A countersignature with the person's session key; refused for whoever has none here and on the roster. */
  approve(given: ToApprove): SignedApproval {
    const { keyId, key } = this.#keyOf(given.approver);
    const statement = this.statement(given);
    return { statement, keyId, signature: key.sign(canonicalJson(statement)) };
  }

  /** The person's signature under another document than an approval, by its canonical JSON. */
  signDocument(person: string, document: object): { keyId: string; signature: string } {
    const { keyId, key } = this.#keyOf(person);
    return { keyId, signature: key.sign(canonicalJson(document)) };
  }

  /** Why this person cannot sign with a session key; undefined: they can. */
  problem(person: string): { readonly code: DenialCode; readonly message: string } | undefined {
    const found = this.#find(person);
    return "code" in found ? found : undefined;
  }

  #keyOf(person: string): Found {
    const found = this.#find(person);
    return "code" in found ? deny(found.code, found.message) : found;
  }

  #find(person: string): Found | { code: DenialCode; message: string } {
    const { roster } = this.#options;
    const status = roster.status();
    if (!status.ok) return { code: "ROSTER_REFUSED", message: `No roster to rely on: ${status.reason}` };
    const key = this.#keys.get(person);
    const listed = roster.keysOf(person).find((one) => one.kind === "session" && one.publicKey === key?.publicKey);
    if (key !== undefined && listed !== undefined) return { keyId: listed.keyId, key };
    return { code: "NOT_AN_APPROVER", message: `${person} has no session key that stands on the roster.` };
  }
}
