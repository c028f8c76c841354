import type { Bus } from "@countersign/bus/bus";
import { ControlView } from "@countersign/bus/control-view";
import { OrderFeed } from "@countersign/bus/order-feed";
import { Tripwire } from "@countersign/bus/tripwire";
import type { Clock } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import { OrderProjection } from "@countersign/orders/projection";
import type { RiskGateConfig } from "./config.ts";
import type { FeeTable } from "./costs/fee-table.ts";
import { OrderHistory } from "./counters/order-history.ts";
import { DecisionRecorder } from "./decisions/recorder.ts";
import type { Deps } from "./deps.ts";
import { AgentUses } from "./facts/agent-use.ts";
import { OwnWorkingOrders } from "./facts/book/own-working.ts";
import { FactGatherer } from "./facts/gather.ts";
import { serveRiskGate } from "./handlers.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { Lanes } from "./lanes.ts";
import { LiveOrders } from "./live-orders.ts";
import { openAccounts } from "./open-accounts.ts";
import { OpenStops } from "./open-stops.ts";
import type { PolicyInForce } from "./policy.ts";
import { flushRefusals, refusalsOf } from "./refusals.ts";
import { completeUnjudged } from "./stored.ts";

export interface Given {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly config: RiskGateConfig;
  readonly inForce: PolicyInForce;
  readonly approvalRules: ApprovalRules;
  readonly fees: FeeTable;
  /** A proposal could not be judged now; it is tried again. */
  readonly onUnjudged: (proposalId: string, error: unknown) => void;
}

/** Loads the log, serves, completes what is not judged, and beats until the returned function is called. Throws a Fault when the log cannot be read. */
export async function openRiskGate(given: Given): Promise<() => void> {
  const { bus, clock, mode, config, inForce, approvalRules, onUnjudged } = given;
  const control = await ControlView.open(bus, clock);
  const feed = await OrderFeed.open(bus, clock);
  const orders = new OrderProjection();
  const live = new LiveOrders(orders);
  const own = new OwnWorkingOrders(orders);
  const stops = new OpenStops(orders);
  const history = new OrderHistory(orders, { clock, sessionZone: config.watch.sessionZone });
  const agentUses = new AgentUses({ orders, clock, sessionZone: config.watch.sessionZone });
  orders.attach(feed);
  history.loaded();
  const record = (entry: AuditEntry) =>
    void bus.audit(entry).catch((error: unknown) => given.onUnjudged(entry.correlationId, error));
  const wire = new Tripwire({ bus, view: control, clock, log: bus.log, service: "risk-gate", record });
  const accounts = openAccounts({ bus, clock, config, inForce, orders, own, control, wire });
  const sources = { control, live, history, stops, agentUses, ...accounts };
  const gatherer = new FactGatherer({ bus, clock, mode, config, inForce, ...sources });
  const outbox = refusalsOf(bus);
  const judging = { inForce, approvalRules, gatherer, control };
  const pricing = (account: string) => ({ table: given.fees, plan: inForce.policy.pricing[account] ?? null });
  const recorder = new DecisionRecorder(bus);
  const deps: Deps = {
    ...{ bus, clock, mode, config, ...judging, outbox, orders, live, history },
    ...{ pricing, recorder, lanes: new Lanes() },
  };
  serveRiskGate(deps);
  control.alsoStop((scopes) => feed.stands() ?? wire.unwritten(scopes));
  const stopCompleting = keepCompleting(deps, onUnjudged);
  const stopBeat = startHeartbeat({ bus, clock, mode, control, orders, feed });
  return () => {
    stopCompleting();
    accounts.stop();
    wire.close();
    stopBeat();
    feed.close();
    control.close();
  };
}

/** Judges what a crash or a fault left unjudged, now and every so often, until the returned function is called. */
function keepCompleting(deps: Deps, onUnjudged: Given["onUnjudged"]): () => void {
  let running = false;
  let before: ReadonlySet<string> = new Set();
  const completeAll = async () => {
    if (running) return;
    running = true;
    // What was not there at the last look may be in another process's hands just now.
    const unjudged = deps.live.unjudged();
    const left = unjudged.filter((id) => before.has(id));
    before = new Set(unjudged);
    await completeUnjudged(deps, left, onUnjudged).finally(() => {
      running = false;
    });
  };
  void completeAll();
  const timer = deps.clock.setInterval(() => {
    void completeAll();
    void flushRefusals(deps.outbox, deps.clock);
  }, deps.config.unjudgedEveryMs);
  return () => timer.cancel();
}
