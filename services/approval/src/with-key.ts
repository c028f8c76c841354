import { denied, Fault, type Reply } from "@countersign/contracts/denial";
import type { KeyState, KeyUse, UsedKeys } from "./used-keys.ts";

/**
 * Runs what an agent asked for with a key: refused when the key stands for something else, free again when nothing came
 * of it. `task` hears whether the key was used for just this before.
 */
export async function withKey<T>(
  keys: UsedKeys,
  agent: string,
  key: string | undefined,
  use: KeyUse,
  task: (state: Exclude<KeyState, "other">) => Promise<Reply<T>>,
): Promise<Reply<T>> {
  const state = keys.take(agent, key, use);
  if (state === "other") return denied("IDEMPOTENCY_KEY_REUSED");
  const release = () => state === "first" && keys.release(agent, key);
  try {
    const reply = await task(state);
    if (reply.outcome === "denied") release();
    return reply;
  } catch (error) {
    if (error instanceof Fault && error.effect === "none") release();
    throw error;
  }
}
