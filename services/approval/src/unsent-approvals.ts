import type { Approvals } from "@countersign/contracts/approvals";

/** An approval in the log that the gateway has not taken yet. */
export interface UnsentApproval {
  readonly approvals: Approvals;
  /** When it was recorded: the audit must get the very fact that is in the log. */
  readonly at: string;
  /** Sequence of the approved fact: what a void or an expiry must expect. */
  readonly sequence: number;
  /** The audit has the approval; without that nothing is sent. */
  audited: boolean;
}

/**
 * Approvals that may still be handed to the gateway: those of which it is known that nothing came of the last try, and
 * at start those without any exec fact. What ended in doubt is never in here.
 */
export class UnsentApprovals {
  readonly #waiting = new Map<string, UnsentApproval>();
  readonly #inHand = new Set<string>();

  add(proposalId: string, unsent: UnsentApproval): void {
    this.#waiting.set(proposalId, unsent);
  }

  waiting(): [string, UnsentApproval][] {
    return [...this.#waiting];
  }

  /** It is in hand now, or over; whoever cannot finish with it adds it again. */
  forget(proposalId: string): UnsentApproval | undefined {
    const unsent = this.#waiting.get(proposalId);
    this.#waiting.delete(proposalId);
    return unsent;
  }

  /** Runs `task` as the only one that submits, voids or expires this approval; undefined when somebody else does already. */
  async alone<T>(proposalId: string, task: () => Promise<T>): Promise<T | undefined> {
    if (this.#inHand.has(proposalId)) return undefined;
    this.#inHand.add(proposalId);
    try {
      return await task();
    } finally {
      this.#inHand.delete(proposalId);
    }
  }
}
