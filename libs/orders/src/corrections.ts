/**
 * TWS corrects an execution by another one whose id differs in the last segment alone, and is higher: `….01.01` becomes
 * `….01.02`. The highest one counts; those before it stay in the log.
 */
export function rootOf(execId: string): string {
  const cut = execId.lastIndexOf(".");
  return cut > 0 ? execId.slice(0, cut) : execId;
}

/** True: `a` corrects `b`. Both must be of one root. */
export function corrects(a: string, b: string): boolean {
  return versionOf(a) > versionOf(b);
}

/** Of each execution the version that counts, in the order in which they came first. */
export function counting<T extends { readonly execId: string }>(executions: Iterable<T>): T[] {
  const byRoot = new Map<string, T>();
  for (const execution of executions) {
    const root = rootOf(execution.execId);
    const known = byRoot.get(root);
    if (known === undefined || corrects(execution.execId, known.execId)) byRoot.set(root, execution);
  }
  return [...byRoot.values()];
}

function versionOf(execId: string): number {
  const version = Number(execId.slice(execId.lastIndexOf(".") + 1));
  return Number.isSafeInteger(version) ? version : 0;
}
