import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

/** What travels along with a call: the order or call it belongs to, and the W3C trace. */
export interface CallContext {
  readonly correlationId: string;
  readonly traceparent: string;
  /** Wall time after which nobody waits for the answer of the running handler; absent: not known. */
  readonly deadlineMs?: number;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the handler that runs now; undefined outside of one. */
export function currentContext(): CallContext | undefined {
  return storage.getStore();
}

export function runInContext<T>(context: CallContext, task: () => T): T {
  return storage.run(context, task);
}

/** Continues the trace of the running handler, or starts one. */
export function childContext(correlationId: string | undefined): CallContext {
  const parent = currentContext();
  const traceId = parent?.traceparent.split("-")[1] ?? randomHex(32);
  return {
    correlationId: correlationId ?? parent?.correlationId ?? randomHex(20),
    traceparent: `00-${traceId}-${randomHex(16)}-01`,
  };
}

/** From node's own supply of random UUIDs, which costs a hundredth of asking the system each time. */
function randomHex(digits: number): string {
  return randomUUID().replaceAll("-", "").slice(0, digits);
}
