import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** What travels along with a call: the order or call it belongs to, and the W3C trace. */
export interface CallContext {
  readonly correlationId: string;
  readonly traceparent: string;
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
  const traceId = parent?.traceparent.split("-")[1] ?? randomBytes(16).toString("hex");
  return {
    correlationId: correlationId ?? parent?.correlationId ?? randomBytes(10).toString("hex"),
    traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01`,
  };
}
