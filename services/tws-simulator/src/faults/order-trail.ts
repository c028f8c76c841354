import type { Reply } from "../codec/literals.ts";
import type { RequestPoint } from "../session/hooks.ts";

const ENTRIES_MAX = 50_000;

/** Where a reply names its order: index of the token. */
const ORDER_ID_AT: Readonly<Record<string, number>> = { openOrder: 1, orderStatus: 1, execDetails: 2, error: 2 };
const ORDER_REF_AT: Readonly<Record<string, number>> = { openOrder: 23, execDetails: 26, completedOrder: 22 };
const PERM_ID_AT: Readonly<Record<string, number>> = {
  openOrder: 25,
  orderStatus: 6,
  execDetails: 21,
  completedOrder: 23,
};
const EXEC_ID_AT: Readonly<Record<string, number>> = { execDetails: 14, commissionReport: 2 };

export interface Subject {
  readonly orderId: number | undefined;
  readonly orderRef: string | undefined;
}

/** Which order a frame is about, also where the frame itself does not say it. */
export class OrderTrail {
  /** By client and order id. */
  readonly #refs = new Map<string, string>();
  /** By execution id. */
  readonly #executions = new Map<string, Subject>();
  /** By client and order id. */
  readonly #firstStatuses = new Map<string, Reply>();
  /** By client. */
  readonly #firstPermIds = new Map<number, string>();

  learnRequest(point: RequestPoint): void {
    if (point.orderRef !== undefined) keep(this.#refs, `${point.clientId}:${point.id}`, point.orderRef);
  }

  /** Remembers what later frames need, and says whom this one is about. */
  learnReply(reply: Reply, clientId: number | undefined): Subject {
    const execId = tokenAt(reply, EXEC_ID_AT);
    if (reply.name === "commissionReport") return this.#executions.get(execId ?? "") ?? NOBODY;
    const orderId = numberAt(reply);
    const key = `${clientId}:${orderId}`;
    const orderRef = tokenAt(reply, ORDER_REF_AT) ?? this.#refs.get(key);
    const subject = { orderId, orderRef };
    if (execId !== undefined) keep(this.#executions, execId, subject);
    if (reply.name === "openOrder" && orderRef !== undefined) keep(this.#refs, key, orderRef);
    if (reply.name === "orderStatus" && !this.#firstStatuses.has(key)) keep(this.#firstStatuses, key, reply);
    const permId = permIdOf(reply);
    if (permId !== undefined && clientId !== undefined && !this.#firstPermIds.has(clientId)) {
      keep(this.#firstPermIds, clientId, permId);
    }
    return subject;
  }

  firstStatus(clientId: number | undefined, orderId: number | undefined): Reply | undefined {
    return this.#firstStatuses.get(`${clientId}:${orderId}`);
  }

  firstPermId(clientId: number | undefined): string | undefined {
    return clientId === undefined ? undefined : this.#firstPermIds.get(clientId);
  }
}

const NOBODY: Subject = { orderId: undefined, orderRef: undefined };

/** Undefined when the reply has no permanent order id. */
export function permIdOf(reply: Reply): string | undefined {
  return tokenAt(reply, PERM_ID_AT);
}

export function withPermId(reply: Reply, permId: string): Reply {
  const index = PERM_ID_AT[reply.name];
  return index === undefined ? reply : { ...reply, tokens: reply.tokens.with(index, permId) };
}

function tokenAt(reply: Reply, places: Readonly<Record<string, number>>): string | undefined {
  const index = places[reply.name];
  return index === undefined ? undefined : reply.tokens[index];
}

function numberAt(reply: Reply): number | undefined {
  const token = tokenAt(reply, ORDER_ID_AT);
  return token === undefined ? undefined : Number(token);
}

function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  if (map.size <= ENTRIES_MAX) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
