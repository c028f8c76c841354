import { connectBus } from "@countersign/bus/bus";
import { OrderFeed } from "@countersign/bus/order-feed";
import { createSystemClock } from "@countersign/clock/clock";
import type { OrderTerms } from "@countersign/contracts/order";
import { orderRef } from "@countersign/ids/ids";
import { compare, decimal, subtract } from "@countersign/money/decimal";
import { OrderProjection, type OrderRecord } from "@countersign/orders/projection";
import { LiveOrders } from "../../../services/risk-gate/src/live-orders.ts";
import { admin, type HttpAnswer, until } from "../../end-to-end/system.ts";
import type { ChaosSystem } from "./chaos-system.ts";
import type { JournalEntry, Trader } from "./trader.ts";

/** What must never be. Each text names the order. */
export interface Findings {
  readonly duplicate: readonly string[];
  readonly unapproved: readonly string[];
  readonly unrecorded: readonly string[];
  /** The broker may still fill more than is reserved for it. */
  readonly reservation: readonly string[];
  readonly audit: readonly string[];
}

interface Logs {
  readonly records: readonly OrderRecord[];
  readonly live: LiveOrders;
  readonly illegal: number;
}

/** Counts at the simulator's socket beside what the logs and the audit say of them. */
export async function judge(system: ChaosSystem, trader: Trader, journal: readonly JournalEntry[]): Promise<Findings> {
  const logs = await readLogs(system);
  const placed = journal.filter(({ name }) => name === "placeOrder");
  const byRef = new Map<string, number>();
  for (const entry of placed) byRef.set(entry.orderRef, (byRef.get(entry.orderRef) ?? 0) + 1);
  const known = new Map(logs.records.map((record) => [refOf(record), record]));
  const duplicate = [...byRef].filter(([, count]) => count > 1).map(([ref, count]) => `${ref} was sent ${count} times`);
  const unapproved = [...byRef.keys()].filter((ref) => !isApproved(known.get(ref), ref, trader));
  const unrecorded = [...byRef.keys()].filter((ref) => !known.get(ref)?.facts.some(({ type }) => type === "intent/1"));
  const inAudit: string[] = [];
  for (const [ref, record] of known) {
    const sent = byRef.get(ref) ?? 0;
    if (await isUnaudited(system, record, sent)) inAudit.push(`${ref}: ${record.view.state}, sent ${sent} times,`);
  }
  return {
    duplicate,
    unapproved,
    unrecorded: [...unrecorded, ...inAudit.map((text) => `${text} has no intent in the audit`)],
    reservation: await reservation(system, logs),
    audit: [
      ...(await verified(system)),
      ...(logs.illegal === 0 ? [] : [`${logs.illegal} facts that the life forbids`]),
    ],
  };
}

export const none: Findings = { duplicate: [], unapproved: [], unrecorded: [], reservation: [], audit: [] };

function refOf({ facts, view }: OrderRecord): string {
  const intent = facts.find((fact) => fact.type === "intent/1");
  return intent?.orderRef ?? `none ${view.proposalId}`;
}

/** A person clicked on this proposal, and the log has that yes for the very ticket from which the reference was made. */
function isApproved(record: OrderRecord | undefined, ref: string, trader: Trader): boolean {
  const approval = record?.facts.find((fact) => fact.type === "approved/1")?.approval;
  if (record === undefined || approval === undefined) return false;
  return trader.approved.has(record.view.proposalId) && orderRef(approval.statement.ticketHash) === ref;
}

async function readLogs(system: ChaosSystem): Promise<Logs> {
  const clock = createSystemClock();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const bus = await connectBus({
    url: system.nats.url,
    keysDir: system.keysDir,
    users: ["risk-gate"],
    service: "risk-gate",
    clock,
    log: silent,
  });
  try {
    const projection = new OrderProjection();
    const live = new LiveOrders(projection);
    const feed = await OrderFeed.open(bus, clock);
    projection.attach(feed);
    feed.close();
    return { records: projection.list(), live, illegal: projection.illegal() };
  } finally {
    await bus.drain();
  }
}

/** Asked again while nobody answers: a machine that has just been shaken is slow. */
function answered(system: ChaosSystem, method: string, path: string): Promise<HttpAnswer> {
  return until(
    () => admin(system, method, path),
    ({ status }) => status === 200,
    PATIENCE_MS,
  );
}

const PATIENCE_MS = 20_000;
const audited = new Set<string>();

/**
 * What has reached the broker is in the audit already. An intent that was not confirmed there in time is not sent, and
 * its record follows from the gateway's spill file: for it there is patience.
 */
async function isUnaudited(system: ChaosSystem, record: OrderRecord, sent: number): Promise<boolean> {
  if (!(await missing(system, record))) return false;
  if (sent > 0) return true;
  const late = until(
    () => missing(system, record),
    (it) => !it,
    PATIENCE_MS,
  );
  return late.catch(() => true);
}

/** True when the order has an intent of which the audit does not know. */
async function missing(system: ChaosSystem, { facts, view }: OrderRecord): Promise<boolean> {
  const id = view.proposalId;
  const sent = facts.some(({ type }) => type === "intent/1") && !facts.some(({ type }) => type === "killedNotSent/1");
  if (!sent || audited.has(id)) return false;
  const { body } = await answered(system, "GET", `/api/v1/audit?limit=200&kind=order.edge&correlationId=${id}`);
  const edges: { record: { entry: { body: { to?: string } } } }[] = body.records;
  const found = edges.some(({ record }) => record.entry.body.to === "INTENT");
  if (found) audited.add(id);
  return !found;
}

/** Of each order that is open at the broker at least its remainder must be reserved. */
async function reservation(system: ChaosSystem, { live }: Logs): Promise<string[]> {
  const { body } = await answered(system, "GET", "/api/v1/orders?limit=1");
  const [{ account, orders, failure }] = body.openAtBroker;
  if (orders === null) return [`the broker's open orders cannot be read: ${JSON.stringify(failure)}`];
  return orders.flatMap(
    (order: { conid: number; proposalId: string | null; quantity: string; filledQuantity: string | null }) => {
      if (order.proposalId === null) return [];
      const held = live.exposed({ account, conid: order.conid } as OrderTerms);
      const mine = held.find(({ proposalId }) => proposalId === order.proposalId)?.remaining ?? "0";
      const open = subtract(decimal(order.quantity), decimal(order.filledQuantity ?? "0"));
      return compare(decimal(mine), open) >= 0 ? [] : [`${order.proposalId}: ${mine} reserved, more is open`];
    },
  );
}

async function verified(system: ChaosSystem): Promise<string[]> {
  const { status, body } = await answered(system, "POST", "/api/v1/audit/verify");
  return status === 200 && body.ok === true ? [] : [`the audit does not verify: ${JSON.stringify(body).slice(0, 500)}`];
}
