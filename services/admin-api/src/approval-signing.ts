import { type Clock, utcText } from "@countersign/clock/clock";
import type { ApprovalStatement, SignedApproval, Ticket } from "@countersign/contracts/order";
import { createSigner } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";

/** Signs on behalf of the operator whose token was verified. The key never leaves this object. */
export class ApprovalSigner {
  readonly #sign: (text: string) => string;
  readonly #options: { clock: Clock; keyId: string; ttlSeconds: number };

  constructor(privateKeyPem: string, options: { clock: Clock; keyId: string; ttlSeconds: number }) {
    this.#sign = createSigner(privateKeyPem);
    this.#options = options;
  }

  /** A countersignature over the whole ticket. */
  approve(given: { ticket: Ticket; ticketHash: string; approver: string; reason: string | null }): SignedApproval {
    const { clock, keyId, ttlSeconds } = this.#options;
    const nowMs = clock.nowMs();
    const statement: ApprovalStatement = {
      type: "countersign.approval/1",
      ...given,
      approvedAt: utcText(nowMs),
      expiresAt: utcText(nowMs + ttlSeconds * 1_000),
      nonce: newNonce(),
    };
    return { statement, keyId, signature: this.#sign(canonicalJson(statement)) };
  }
}
