import type { AuditOutbox } from "@countersign/bus/audit-outbox";
import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { Clock } from "@countersign/clock/clock";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import type { OrderProjection } from "@countersign/orders/projection";
import type { RiskGateConfig } from "./config.ts";
import type { Pricing } from "./costs/bill.ts";
import type { OrderHistory } from "./counters/order-history.ts";
import type { DecisionRecorder } from "./decisions/recorder.ts";
import type { FactGatherer } from "./facts/gather.ts";
import type { Lanes } from "./lanes.ts";
import type { LiveOrders } from "./live-orders.ts";
import type { PolicyInForce } from "./policy.ts";

export interface Deps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly control: Pick<ControlView, "level">;
  /** Refusals on their way to the audit. */
  readonly outbox: AuditOutbox;
  readonly mode: Mode;
  readonly config: RiskGateConfig;
  readonly inForce: PolicyInForce;
  readonly approvalRules: ApprovalRules;
  readonly gatherer: FactGatherer;
  /** How the orders of an account are priced. */
  readonly pricing: (account: string) => Pricing;
  readonly recorder: DecisionRecorder;
  readonly orders: OrderProjection;
  readonly live: LiveOrders;
  readonly history: OrderHistory;
  /** One writer for each proposal, in this process. */
  readonly lanes: Lanes;
}
