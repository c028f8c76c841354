import { RPCS } from "@countersign/contracts/subjects";
import { approve } from "./approve.ts";
import { cancel } from "./cancel.ts";
import { close } from "./close.ts";
import type { Deps } from "./deps.ts";
import { reject, withdraw } from "./refuse.ts";

export const SERVED = [RPCS.approve, RPCS.reject, RPCS.withdraw, RPCS.cancel, RPCS.close];

/** People reach approve, reject and close over OPS; agents reach withdraw and cancel over CORE, and nothing else. */
export function serveDecisions(deps: Deps): void {
  deps.bus.serve(RPCS.approve, ({ approval }) => approve(deps, approval));
  deps.bus.serve(RPCS.reject, (request) => reject(deps, request));
  deps.bus.serve(RPCS.withdraw, (request) => withdraw(deps, request));
  deps.bus.serve(RPCS.cancel, (request) => cancel(deps, request));
  deps.bus.serve(RPCS.close, (request) => close(deps, request));
}
