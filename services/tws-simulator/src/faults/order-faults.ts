import type {
  BrokerHooks,
  CancelDecision,
  ExecutionDecision,
  FillDecision,
  OrderDecision,
  WhatIfAnswer,
} from "../broker/hooks.ts";
import type { Execution, Order } from "../broker/model.ts";
import type { OrderView } from "../codec/order-view.ts";
import type { FaultOf } from "./fault-document.ts";
import type { FaultEngine } from "./fault-engine.ts";
import { meansFrame } from "./matching.ts";

const DECISIONS = new Set(["rejectOrder", "warnOrder", "holdInactive", "holdPending"] as const);
const PLANS = new Set(["fillInParts"] as const);
const RACES = new Set(["cancelRace"] as const);
const CORRECTIONS = new Set(["correctExecution", "bustExecution"] as const);
const WHAT_IFS = new Set(["whatIfAnswer"] as const);

const REJECT_JSON = {
  none: "",
  valid: '{"rejectCode":201,"message":"The order was rejected by the exchange."}',
  escaped: '{"rejectCode":201,"message":"\\u00dcbergr\\u00f6\\u00dfe \\u201cAAPL\\u201d"}',
  malformed: '{"rejectCode":201,"message":',
} as const;
const COMMISSION_RANGE = { min: "1.0", max: "2.5" } as const;

interface Plan {
  readonly fault: FaultOf<"fillInParts">;
  readonly sizes: string[];
}

/** The rules in force, as the broker asks for them. */
export class OrderFaults implements BrokerHooks {
  readonly #engine: FaultEngine;
  /** By permanent order id. */
  readonly #plans = new Map<number, Plan>();

  constructor(engine: FaultEngine) {
    this.#engine = engine;
  }

  atOrder(order: Order): OrderDecision | undefined {
    if (this.#engine.empty) return undefined;
    const means = (rule: object) => meansOrder(rule, { ...order, orderRef: order.terms.orderRef });
    const plan = this.#engine.take(PLANS, means);
    if (plan !== undefined) this.#plans.set(order.permId, { fault: plan, sizes: [...(plan.sizes ?? [])] });
    const fault = this.#engine.take(DECISIONS, means);
    switch (fault?.action) {
      case undefined:
        return undefined;
      case "rejectOrder": {
        const { code, text, status } = fault;
        return { kind: "reject", code, text, status, rejectJson: REJECT_JSON[fault.advancedReject] };
      }
      case "warnOrder":
        return { kind: "warn", code: fault.code, text: fault.text };
      case "holdInactive":
        return { kind: "hold", status: "Inactive", delayMs: fault.delayMs };
      case "holdPending":
        return { kind: "hold", status: "PendingSubmit", delayMs: fault.delayMs };
    }
  }

  atFill(order: Order): FillDecision | undefined {
    const plan = this.#plans.get(order.permId);
    if (plan === undefined) return undefined;
    const { improvement, everyMs } = plan.fault;
    return { quantity: plan.sizes.shift(), improvement, everyMs };
  }

  atCancel(order: Order, clientId: number): CancelDecision | undefined {
    if (this.#engine.empty) return undefined;
    const foreign = order.clientId !== clientId;
    if (foreign && this.#engine.standing("refuseForeignCancel", () => true) !== undefined) return "refuse";
    const { orderId, terms } = order;
    const point = { names: ["cancelOrder"], clientId, orderId, orderRef: terms.orderRef };
    return this.#engine.take(RACES, (rule) => meansFrame(rule, point)) === undefined ? undefined : "race";
  }

  afterExecution(execution: Execution): ExecutionDecision | undefined {
    if (this.#engine.empty) return undefined;
    const fault = this.#engine.take(CORRECTIONS, (rule) => meansOrder(rule, execution));
    switch (fault?.action) {
      case undefined:
        return undefined;
      case "correctExecution":
        return { kind: "correct", price: fault.price, delayMs: fault.delayMs };
      case "bustExecution":
        return { kind: "bust", delayMs: fault.delayMs };
    }
  }

  atWhatIf(view: OrderView): readonly WhatIfAnswer[] {
    const good = { view, delayMs: 0 };
    if (this.#engine.empty) return [good];
    const { clientId, orderId, orderRef } = view;
    const point = { names: ["placeOrder.whatIf"], clientId, orderId, orderRef };
    const fault = this.#engine.take(WHAT_IFS, (rule) => meansFrame(rule, point));
    switch (fault?.answer) {
      case undefined:
        return [good];
      case "never":
        return [];
      case "commissionUnset":
        return [{ view: { ...view, commission: undefined, commissionRange: COMMISSION_RANGE }, delayMs: 0 }];
      case "incompleteFirst": {
        const incomplete = { ...view, margin: undefined, commission: undefined };
        return [
          { view: incomplete, delayMs: 0 },
          { view, delayMs: fault.delayMs },
        ];
      }
    }
  }
}

interface OrderPoint {
  readonly clientId: number;
  readonly orderId: number;
  readonly orderRef: string;
}

/** True when a rule about orders means this one. */
function meansOrder(rule: object, order: OrderPoint): boolean {
  const { clientId, orderId, orderRef } = order;
  return meansFrame({ ...rule, message: "*" }, { names: [], clientId, orderId, orderRef });
}
