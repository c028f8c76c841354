import type { Broadcast, Fact, Rpc } from "../contract-kinds.ts";

/** Rows of the one table of subjects: each keeps the types of just its own schemas. */
export const rpc = <const R extends Omit<Rpc, "kind">>(row: R) => ({ kind: "rpc", ...row }) as const;
export const fact = <const F extends Omit<Fact, "kind">>(row: F) => ({ kind: "fact", ...row }) as const;
export const broadcast = <const B extends Omit<Broadcast, "kind">>(row: B) => ({ kind: "broadcast", ...row }) as const;

/** How long a question may take, and a write, where the row has no reason of its own. */
export const READ_MS = 2_000;
export const WRITE_MS = 5_000;
