import type { AuditOutbox } from "@countersign/bus/audit-outbox";
import type { OrderBus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import { FACTS } from "@countersign/contracts/subjects";
import type { OrderProjection, OrderRecord } from "@countersign/orders/projection";
import type { Roster } from "@countersign/roster/roster";
import type { SignCounts } from "@countersign/roster/sign-counts";
import type { ApprovalConfig } from "./config.ts";
import type { LateDecisions } from "./late-decisions.ts";
import type { LogEvents } from "./log-events.ts";
import type { LedgerLog } from "./policy/ledger-log.ts";
import type { UnsentApprovals } from "./unsent-approvals.ts";
import type { UsedKeys } from "./used-keys.ts";

/** What the handlers work with; built once in main. */
export interface Deps {
  readonly bus: OrderBus;
  readonly clock: Clock;
  readonly config: ApprovalConfig;
  readonly mode: Mode;
  readonly approvalRules: ApprovalRules;
  readonly roster: Roster;
  readonly orders: OrderProjection;
  readonly control: Pick<ControlView, "level" | "autoOff">;
  readonly outbox: AuditOutbox;
  readonly unsent: UnsentApprovals;
  readonly late: LateDecisions;
  readonly keys: UsedKeys;
  readonly signCounts: SignCounts;
  /** How the standing policy stands. */
  readonly ledger: LedgerLog;
  readonly log: LogEvents;
}

/** The wall time as the wire has it. */
export function now(deps: Pick<Deps, "clock">): string {
  return utcText(deps.clock.nowMs());
}

/**
 * The order as the log has it. When what this process knows does not satisfy, it waits until it knows at least what
 * stood in the log at the time of the call: nobody is refused because a copy was late.
 */
export async function orderWhen(
  deps: Pick<Deps, "bus" | "clock" | "config" | "orders">,
  proposalId: string,
  satisfies: (record: OrderRecord) => boolean,
): Promise<OrderRecord | undefined> {
  const known = deps.orders.get(proposalId);
  if (known !== undefined && satisfies(known)) return known;
  const { lastSequence } = await deps.bus.streamState(FACTS.proposal);
  await deps.orders.waitFor(lastSequence, { clock: deps.clock, timeoutMs: deps.config.catchUpMs });
  return deps.orders.get(proposalId);
}
