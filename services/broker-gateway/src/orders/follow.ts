import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { ibCode, orderBehaviourOf } from "@countersign/contracts/ib-codes";
import { isTerminal } from "@countersign/contracts/life";
import type { Logger } from "@countersign/log/logger";
import { compare, decimal } from "@countersign/money/decimal";
import type { Evidence } from "../fold/evidence.ts";
import { type ExecState, filledQuantity } from "../fold/exec-state.ts";
import { ORDER_ID_MAX } from "../order-ids.ts";
import { COMBO } from "../session/order-terms.ts";
import type { BrokerEvent, WireExecution, WireOrder } from "../session/wire.ts";
import type { OrderActor } from "./order-actor.ts";
import type { OrderTable } from "./order-table.ts";

const PENDING_COMMISSIONS_MAX = 2_000;
const OUR_PREFIX = "cs1.";
const CANCELLED: ReadonlySet<string> = new Set(["Cancelled", "ApiCancelled"]);

export interface FollowDeps {
  readonly table: OrderTable;
  readonly log: Logger;
  /** Errors about orders go to the client whose orders they are; null: nobody is connected. */
  readonly connectedAs: () => number | null;
  /** Something was said that only a complete reading can settle. */
  readonly reconcileSoon: (why: string) => void;
  /** Another client, or an earlier life of ours, has counted further. */
  readonly resyncOrderIds: () => void;
  /** A code about an order that stands in no row. */
  readonly onUnlisted: (code: number, text: string) => void;
}

type Charged = Extract<Evidence, { kind: "charged" }>;
type Seen = Extract<Evidence, { kind: "seen" }>;

/** Hands every word of the broker about one of our orders to that order, whatever the sequence in which they come. */
export class Follow {
  readonly #deps: FollowDeps;
  /** Commissions whose execution has not come yet. */
  readonly #pending = new Map<string, Charged>();

  constructor(deps: FollowDeps) {
    this.#deps = deps;
  }

  take(event: BrokerEvent): void {
    switch (event.kind) {
      case "openOrder":
        if (!event.order.whatIf) this.#seen(event.order, { ...seenIn(event.order), adopted: false });
        return;
      case "orderStatus":
        this.#seen({ ...event, orderRef: "" }, { ...event, adopted: false });
        this.#askForMissing(event);
        return;
      case "execution":
        this.#executed(event.execution);
        return;
      case "commission":
        this.#charged(event);
        return;
      case "error":
        if (event.id <= ORDER_ID_MAX) this.#failed(event);
        return;
      default:
        return;
    }
  }

  /** The link broke: of what was sent and not acknowledged nobody knows. */
  linkLost(reason: string): void {
    for (const actor of [...this.#deps.table.list(), ...this.#deps.table.openChanges()]) {
      if (isTerminal(actor.order.state)) continue;
      void this.#give(actor, { kind: "lost", reason, unacknowledgedOnly: true });
    }
  }

  #seen(
    ids: { orderRef: string; permId: string | null; clientId: number | null; orderId: number | null },
    { status, permId, whyHeld, adopted, ...shown }: Omit<Seen, "kind">,
  ): void {
    const actor = this.#deps.table.find(ids);
    if (actor === undefined) {
      if (ids.orderRef.startsWith(OUR_PREFIX)) this.#stranger(ids.orderRef);
      return;
    }
    this.#deps.table.learn(actor, { permId });
    const { shown: terms, warning } = shown;
    const seen: Seen = { kind: "seen", status, permId, whyHeld, adopted };
    void this.#give(actor, terms === undefined ? seen : { ...seen, shown: terms, warning: warning ?? "" });
  }

  /** Cancelled with more of it filled than has been heard of: its executions are asked for, should they not come by themselves. */
  #askForMissing(event: Extract<BrokerEvent, { kind: "orderStatus" }>): void {
    const { status, filled } = event;
    const order = filled === null ? undefined : this.#deps.table.find({ ...event, orderRef: "" })?.order;
    if (order === undefined || filled === null || !CANCELLED.has(status)) return;
    if (compare(decimal(filled), filledQuantity(order)) <= 0) return;
    this.#deps.reconcileSoon(`${order.orderRef} ended with ${filled} filled`);
  }

  #executed(wire: WireExecution): void {
    const actor = this.#deps.table.find(wire);
    if (actor === undefined) {
      if (wire.orderRef.startsWith(OUR_PREFIX)) this.#stranger(wire.orderRef);
      return;
    }
    const execution = executionOf(wire);
    if (execution === undefined) {
      this.#deps.log.error({ execId: wire.execId }, "execution without price or quantity");
      return;
    }
    this.#deps.table.learn(actor, { permId: wire.permId, execId: wire.execId });
    const evidence = { kind: "executed", permId: wire.permId } as const;
    void this.#give(actor, { ...evidence, execution: { ...execution, ...legOf(actor.order, wire) } });
    const charged = this.#pending.get(wire.execId);
    if (charged === undefined) return;
    this.#pending.delete(wire.execId);
    void this.#give(actor, charged);
  }

  #charged(event: Extract<BrokerEvent, { kind: "commission" }>): void {
    const { execId, commission, currency, realizedPnl } = event;
    if (commission === null || !/^[A-Z]{3}$/.test(currency)) return;
    const charged: Charged = { kind: "charged", execId, commission: { amount: commission, currency }, realizedPnl };
    const actor = this.#deps.table.byExecId(execId);
    if (actor !== undefined) return void this.#give(actor, charged);
    // Those of other people's executions never find theirs: the oldest makes room.
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= PENDING_COMMISSIONS_MAX && oldest !== undefined) this.#pending.delete(oldest);
    this.#pending.set(execId, charged);
  }

  #failed({ id: orderId, code, text, advancedReject }: Extract<BrokerEvent, { kind: "error" }>): void {
    const { table, connectedAs } = this.#deps;
    const actor = table.find({ orderRef: "", permId: null, clientId: connectedAs(), orderId });
    if (actor === undefined) return;
    this.#deps.log.warn({ proposalId: actor.order.proposalId, code, untrusted: text }, "TWS about an order");
    const given = this.#give(actor, {
      kind: "error",
      code,
      text,
      ...(advancedReject !== undefined && { advancedReject }),
    });
    const behaviour = orderBehaviourOf(code, text);
    if (ibCode(code) === undefined) this.#deps.onUnlisted(code, text);
    if (behaviour === "duplicateId") this.#deps.resyncOrderIds();
    const ask = () => this.#deps.reconcileSoon(`TWS ${code} about an order`);
    // After a cancel that its status has told, nothing is left to ask.
    if (behaviour === "cancelled") void given.then(() => actor.order.state === "UNKNOWN" && ask());
    else if (behaviour !== "livesOn") ask();
  }

  async #give(actor: OrderActor, evidence: Evidence): Promise<void> {
    try {
      await actor.take(evidence);
    } catch (error) {
      const { proposalId } = actor.order;
      this.#deps.log.error({ proposalId, evidence: evidence.kind, error: String(error) }, "evidence not recorded");
    }
  }

  #stranger(orderRef: string): void {
    this.#deps.log.error({ orderRef }, "the broker has an order with our prefix that no log knows");
  }
}

/** What an order of TWS says of itself, wherever it was shown. */
export function seenIn(order: WireOrder): Omit<Seen, "kind" | "adopted"> {
  const { status, permId, margins } = order;
  return { status, permId, whyHeld: "", shown: order, warning: margins.warning };
}

/** An order for a combination is told its fill as a whole, under a number of its own, and in each leg. */
function legOf({ sent }: ExecState, { contract }: WireExecution): { comboLeg?: number } {
  return sent.legs.length > 0 && contract.secType !== COMBO ? { comboLeg: contract.conid } : {};
}

/** Undefined when TWS left out what an execution cannot be without. */
export function executionOf(wire: WireExecution): Execution | undefined {
  const { execId, time, quantity, price, cumulativeQuantity, averagePrice, exchange } = wire;
  const { currency } = wire.contract;
  const side = wire.side === "BOT" || wire.side === "SLD" ? wire.side : undefined;
  if (quantity === null || price === null || cumulativeQuantity === null || averagePrice === null) return undefined;
  if (side === undefined || execId === "" || !/^[A-Z]{3}$/.test(currency)) return undefined;
  return { execId, time, side, quantity, price, currency, exchange, cumulativeQuantity, averagePrice };
}
