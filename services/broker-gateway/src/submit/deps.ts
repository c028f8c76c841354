import type { OrderBus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { Clock } from "@countersign/clock/clock";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import type { Logger } from "@countersign/log/logger";
import type { Roster } from "@countersign/roster/roster";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { Live } from "../live/live-gates.ts";
import type { OrderIds } from "../order-ids.ts";
import type { ExecLog } from "../orders/exec-log.ts";
import type { OrderTable } from "../orders/order-table.ts";
import type { Serial } from "../serial.ts";
import type { Link } from "../session/link.ts";
import type { RateLimiter } from "../session/rate-limiter.ts";
import type { StandingPolicy } from "./verify-policy.ts";

/** Everything that sending one order needs. */
export interface SubmitDeps {
  readonly bus: OrderBus;
  readonly view: ControlView;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mode: Mode;
  readonly roster: Roster;
  readonly approvalRules: ApprovalRules;
  readonly live: Pick<Live, "refusal">;
  /** Absent: nothing is sent that a policy approved. */
  readonly standing?: StandingPolicy;
  readonly audit: AuditTrail;
  readonly execLog: ExecLog;
  readonly table: OrderTable;
  readonly orderIds: OrderIds;
  readonly link: Link;
  readonly limiter: RateLimiter;
  /** From the verdict to the intent: what one order reserves is known when the next one is judged. */
  readonly reserving: Serial;
  /** From the choice of an order id to its use: TWS refuses an id below one that it has seen. */
  readonly sendLane: Serial;
  readonly writerEpoch: number;
  /** Without any word of TWS for so long after the send, the order is UNKNOWN. */
  readonly acknowledgeWithinMs: number;
  readonly reconcileSoon: (why: string) => void;
  /** The last reading of the broker was complete. */
  readonly readingIsClean: () => boolean;
}
