import type { Rpc } from "./contract-kinds.ts";

/** A row of the table of subjects that market-data answers. */
export const marketRead = <
  const R extends Pick<Rpc, "subject" | "text" | "schema" | "request" | "reply" | "timeoutMs">,
  const C,
>(
  callers: C,
  row: R,
) => ({ kind: "rpc", server: "market-data", effect: "read", callers, ...row }) as const;
