import { AuditOutbox } from "@countersign/bus/audit-outbox";
import { ControlView } from "@countersign/bus/control-view";
import { OrderFeed } from "@countersign/bus/order-feed";
import { utcText } from "@countersign/clock/clock";
import { signaturesOf } from "@countersign/contracts/approvals";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import { HEARTBEATS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import type { AnyFact } from "@countersign/orders/fold";
import { OrderProjection } from "@countersign/orders/projection";
import { recentFacts } from "@countersign/orders/recent-facts";
import { rosterCheck } from "@countersign/roster/roster";
import { SignCounts } from "@countersign/roster/sign-counts";
import { type Check, runChecks } from "@countersign/service/readiness";
import { approve } from "./approve.ts";
import { againEntry } from "./audit-entries.ts";
import type { Deps } from "./deps.ts";
import { serveDecisions } from "./handlers.ts";
import { LateDecisions } from "./late-decisions.ts";
import { openLedger } from "./policy/ledger-log.ts";
import { openPolicy, type PolicySettings } from "./policy/open.ts";
import { adoptUnsent, sweep, UndecidedOrders } from "./sweeper.ts";
import { UnsentApprovals } from "./unsent-approvals.ts";
import { UsedKeys } from "./used-keys.ts";

type Given = Pick<Deps, "bus" | "clock" | "config" | "mode" | "approvalRules" | "roster" | "log"> & {
  readonly policy: PolicySettings;
};

/** Loads the log, serves, sweeps and beats until the returned function is called. Throws a Fault when the log cannot be read. */
export async function openApproval(given: Given): Promise<() => void> {
  const { bus, clock, config, log } = given;
  const control = await ControlView.open(bus, clock);
  const feed = await OrderFeed.open(bus, clock);
  control.alsoStop(() => feed.stands());
  const orders = new OrderProjection();
  const undecided = new UndecidedOrders(orders);
  orders.attach(feed);
  const keys = new UsedKeys();
  feed.subscribe(keys.learn);
  const signCounts = new SignCounts();
  feed.subscribe(({ body }) => learnSignatures(signCounts, body));
  const outbox = new AuditOutbox({
    audit: (entry) => bus.audit(entry),
    max: config.outboxMax,
    onDelayed: log.auditDelayed,
    onDropped: (entry) => log.auditDropped(entry.kind),
  });
  const deps: Deps = {
    ...given,
    control,
    orders,
    outbox,
    unsent: new UnsentApprovals(),
    late: new LateDecisions(),
    keys,
    signCounts,
    ledger: await openLedger(bus),
  };
  log.resumed(adoptUnsent(deps, undecided));
  // Whoever wrote them may have died before the audit had them; twice on the record is better than not at all.
  for (const fact of recentFacts(orders, "decision")) void outbox.note(againEntry(fact as DecisionFact));
  orders.onFact((_, { facet, body }) => {
    if (facet === "decision") deps.late.seen(body as DecisionFact, clock.monotonicMs());
  });
  serveDecisions(deps);
  await openPolicy(deps, { ...given.policy, undecided, approve: (approval) => approve(deps, approval) });
  const timer = clock.setInterval(() => void sweep(deps, undecided).catch(log.sweepFailed), config.sweepMs);
  const stopBeat = beat(deps, [
    {
      name: "bus",
      check: async () => ({ ok: bus.connected(), detail: bus.connected() ? "connected" : "not connected" }),
    },
    { name: "control", check: async () => ({ ok: control.fresh(), detail: control.level({}).reason }) },
    { name: "orders", check: async () => ordersState(orders, feed) },
    { name: "audit", check: async () => outbox.status() },
    rosterCheck(given.roster),
  ]);
  return () => {
    timer.cancel();
    stopBeat();
    feed.close();
    control.close();
  };
}

function ordersState(orders: OrderProjection, feed: OrderFeed): { ok: boolean; detail: string } {
  const bad = orders.illegal() + feed.unreadable();
  const lost = feed.stands();
  const detail = lost?.reason ?? `up to ${feed.lastSequence()}; ${bad} facts do not fit`;
  return { ok: bad === 0 && lost === undefined, detail };
}

function learnSignatures(signCounts: SignCounts, fact: AnyFact): void {
  if (fact.type !== "countersigned/1" && fact.type !== "approved/1") return;
  for (const approval of signaturesOf(fact)) signCounts.learn(approval);
}

function beat({ bus, clock, mode }: Deps, checks: readonly Check[]): () => void {
  const startedAt = utcText(clock.nowMs());
  const base = { service: "approval", instance: newNonce(), mode, startedAt };
  return bus.startHeartbeat(HEARTBEATS.approval, async () => ({
    ...base,
    at: utcText(clock.nowMs()),
    ...(await runChecks(checks)),
  }));
}
