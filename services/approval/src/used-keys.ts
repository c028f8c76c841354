import type { OrderFact } from "@countersign/bus/order-feed";
import { canonicalHash } from "@countersign/ids/hash";

/** What an agent asked for with a key. */
export interface KeyUse {
  readonly operation: "withdraw" | "cancel";
  readonly proposalId: string;
  readonly reason: string;
}

/** first: nobody used it yet; again: for just this; other: for something else. */
export type KeyState = "first" | "again" | "other";

/**
 * The idempotency keys of withdrawals and cancels, each agent's own. Built from the logs, so that they hold after a
 * restart; one that is being used counts at once, before its fact is there. Proposals have their keys in their ids.
 */
export class UsedKeys {
  readonly #uses = new Map<string, string>();

  /** Takes in the keys of what happened. */
  readonly learn = ({ proposalId, body }: OrderFact): void => {
    if (body.type !== "withdrawn/1" && body.type !== "cancelRequested/1" && body.type !== "voided/1") return;
    const { actor, reason, idempotencyKey } = body;
    if (idempotencyKey === undefined || actor?.kind !== "agent") return;
    const operation = body.type === "withdrawn/1" ? "withdraw" : "cancel";
    this.#uses.set(nameOf(actor.id, idempotencyKey), canonicalHash({ operation, proposalId, reason }));
  };

  /** Keeps a key for this use from now on. Without a key it is always the first time. */
  take(agent: string, key: string | undefined, use: KeyUse): KeyState {
    if (key === undefined) return "first";
    const name = nameOf(agent, key);
    const before = this.#uses.get(name);
    const hash = canonicalHash({ ...use });
    if (before === undefined) this.#uses.set(name, hash);
    if (before === undefined) return "first";
    return before === hash ? "again" : "other";
  }

  /** Nothing came of its first use: the key is free again. */
  release(agent: string, key: string | undefined): void {
    if (key !== undefined) this.#uses.delete(nameOf(agent, key));
  }
}

/** Neither an agent's id nor a key has a space in it. */
function nameOf(agent: string, key: string): string {
  return `${agent} ${key}`;
}
