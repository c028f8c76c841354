import type { SignedApproval } from "@countersign/contracts/order";
import { signCountOf } from "./passkey.ts";

/**
 * How far each passkey has counted. A count that does not rise means that two devices hold the same key, or that something
 * is replayed. Rebuilt from the decision logs, so that a restart forgets nothing.
 */
export class SignCounts {
  readonly #last = new Map<string, number>();

  /** A signature that stands in a log. */
  learn(approval: SignedApproval): void {
    if (!("passkey" in approval)) return;
    const count = signCountOf(approval.passkey);
    this.#last.set(approval.keyId, Math.max(count, this.#last.get(approval.keyId) ?? 0));
  }

  /** Takes the count of a verified signature; false: it did not rise. A passkey that never counted need not. */
  take(approval: SignedApproval): boolean {
    if (!("passkey" in approval)) return true;
    const last = this.#last.get(approval.keyId) ?? 0;
    const count = signCountOf(approval.passkey);
    if (last === 0 && count === 0) return true;
    if (count <= last) return false;
    this.#last.set(approval.keyId, count);
    return true;
  }
}
