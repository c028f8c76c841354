import { denied } from "@countersign/contracts/denial";
import type { SignedApproval } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { approve } from "./approve.ts";
import { refusalEntry } from "./audit-entries.ts";
import { cancel } from "./cancel.ts";
import { close } from "./close.ts";
import { type Deps, now } from "./deps.ts";
import { reject, withdraw } from "./refuse.ts";

export const SERVED = [
  RPCS.approve,
  RPCS.reject,
  RPCS.withdraw,
  RPCS.cancel,
  RPCS.close,
  RPCS.autoStatus,
  RPCS.setAutoMode,
];

/** People reach approve, reject and close over OPS; agents reach withdraw and cancel over CORE, and nothing else. */
export function serveDecisions(deps: Deps): void {
  deps.bus.serve(RPCS.approve, ({ approval }) =>
    approval.statement.by === "policy" ? refuseForeignPolicy(deps, approval) : approve(deps, approval),
  );
  deps.bus.serve(RPCS.reject, (request) => reject(deps, request));
  deps.bus.serve(RPCS.withdraw, (request) => withdraw(deps, request));
  deps.bus.serve(RPCS.cancel, (request) => cancel(deps, request));
  deps.bus.serve(RPCS.close, (request) => close(deps, request));
}

/** In the name of the policy this service itself signs, and nobody hands such an approval in. */
async function refuseForeignPolicy(deps: Deps, approval: SignedApproval): Promise<ReturnType<typeof denied>> {
  const answer = denied("APPROVAL_INVALID", "an approval by policy is not handed in");
  await deps.outbox.note(refusalEntry(now(deps), approval, answer.denial));
  return answer;
}
