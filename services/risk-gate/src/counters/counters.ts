import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { conidsOf } from "@countersign/contracts/combo";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { OrderTerms } from "@countersign/contracts/order";
import { add, type Decimal, decimal, isZero, max, negate, subtract, toText, ZERO } from "@countersign/money/decimal";
import { isOver } from "@countersign/orders/live";
import type { FeedFact, OrderProjection, OrderRecord } from "@countersign/orders/projection";
import type { InstrumentFacts } from "../facts/fact.ts";
import type { OrderCounts, Window } from "./counts.ts";
import { type Moment, Scope } from "./scope.ts";
import { Starts } from "./starts.ts";
import { NOTHING, type Tally } from "./tally.ts";

/** An order as far as counters tell orders apart. */
export interface Counted {
  readonly proposalId: string;
  readonly agent: string;
  readonly terms: OrderTerms;
}

export interface Asked extends Omit<Counted, "proposalId"> {
  /** Absent: it is not recorded. */
  readonly proposalId?: string | undefined;
  /** The proposal of the order that it changes; absent: it is a new one. */
  readonly modifies?: string | undefined;
}

interface Entry {
  /** Messages in each window of each of its scopes before its own. */
  readonly before: ReadonlyMap<string, Record<Window, number>>;
  /** `modifies`: the proposal of the order that it changes. */
  sent?: { readonly moment: Moment; readonly tally: Tally; readonly modifies?: string | undefined };
  /** What changes of it have added: the next one adds only what goes beyond. */
  more?: Decimal;
}

const ONE_MESSAGE: Tally = { ...NOTHING, messages: 1 };
const SCOPES_SWEPT_AT = 10_000;
type IntentFact = Extract<ExecFact, { type: "intent/1" }>;

/**
 * How much each account, agent and instrument has done, folded from the log of orders and nothing else: a restart computes
 * the same. An order counts from its intent on; what is known never to have left, or was refused without a fill, is taken
 * back. Windows run by a clock that nobody sets: of what was written while this process ran, by its own; of what was there
 * before, by the times in the log, and what lies in the future counts as just now.
 */
export class Counters {
  readonly #clock: Clock;
  readonly #starts: Starts;
  readonly #scopes = new Map<string, Scope>();
  /** Of orders whose life has not ended, and of those that are being recorded. */
  readonly #entries = new Map<string, Entry>();
  #loaded = false;

  constructor({ clock, sessionZone }: { clock: Clock; sessionZone: string }) {
    this.#clock = clock;
    this.#starts = new Starts(sessionZone);
  }

  /** To be called before the projection is attached to its feed, and `loaded` right after it. */
  attach(orders: Pick<OrderProjection, "onFact">): void {
    orders.onFact((record, fact) => this.#take(record, fact));
  }

  loaded(): void {
    this.#loaded = true;
  }

  /** Counts the message of a proposal that is about to be recorded. Call what is returned when it never was. */
  begin(order: Counted): () => void {
    if (this.#entries.has(order.proposalId)) return () => undefined;
    const { nowMs: wallMs, monotonicMs: steadyMs } = {
      nowMs: this.#clock.nowMs(),
      monotonicMs: this.#clock.monotonicMs(),
    };
    const moment = { steadyMs, wallMs };
    this.#message(order, moment);
    return () => {
      this.#entries.delete(order.proposalId);
      for (const scope of keysOf(order)) this.#scopes.get(scope)?.remove(moment, ONE_MESSAGE);
    };
  }

  /** As they stand now, without the order itself. `parts`: of the order's instruments, in the order of its legs. */
  of(order: Asked, parts: readonly InstrumentFacts[]): OrderCounts {
    const entry = order.proposalId === undefined ? undefined : this.#entries.get(order.proposalId);
    const nowMs = this.#clock.monotonicMs();
    const counts = (key: string, sessionMs: number | undefined) => {
      const own = { before: entry?.before.get(key), sent: entry?.sent?.moment, tally: entry?.sent?.tally };
      return this.#scope(key).counts(nowMs, own, sessionMs);
    };
    const day = this.#starts.day(this.#clock.nowMs());
    const { terms, agent, modifies } = order;
    const counted = this.#countedOf(modifies);
    // What it has added itself is none of what stood before it.
    const own = entry?.sent?.modifies === undefined ? ZERO : entry.sent.tally.notional;
    return {
      ...(modifies !== undefined && { replaced: counted === undefined ? null : toText(subtract(counted, own)) }),
      account: counts(accountKey(terms.account), day),
      agent: counts(agentKey(agent), day),
      instruments: conidsOf(terms).map((conid, at) => {
        const part = parts[at];
        return { conid, ...counts(conidKey(conid), part && this.#starts.instrument(part)) };
      }),
    };
  }

  #take(record: OrderRecord, { body }: FeedFact): void {
    const { view } = record;
    const moment = this.#momentOf(body.at);
    const inner = body.type === "leg/1" ? body.fact : body;
    switch (inner.type) {
      case "proposed/1":
        if (!this.#entries.has(view.proposalId)) this.#message(view, moment);
        break;
      case "intent/1":
        this.#send(record, inner, moment);
        break;
      case "killedNotSent/1":
        this.#release(view);
        break;
      case "brokerRejected/1":
        if (isZero(decimal(view.order?.filledQuantity ?? "0"))) this.#release(view);
        break;
      case "acknowledged/1":
        this.#comeBack(record, moment);
        break;
      case "partiallyFilled/1":
      case "filled/1":
        this.#comeBack(record, moment);
        this.#add(view, moment, { ...NOTHING, executions: 1 });
        break;
      case "cancelRequested/1":
        this.#add(view, moment, { ...NOTHING, cancels: 1 });
        break;
      default:
        break;
    }
    if (isOver(view)) this.#entries.delete(view.proposalId);
  }

  #message(order: Counted, moment: Moment): void {
    const keys = keysOf(order);
    const before = new Map(keys.map((key) => [key, this.#scope(key).messages(moment.steadyMs)]));
    this.#entries.set(order.proposalId, { before });
    this.#add(order, moment, ONE_MESSAGE);
  }

  #send(record: OrderRecord, intent: IntentFact, moment: Moment): void {
    const tally = this.#tallyOf(intent);
    const entry = this.#entries.get(record.view.proposalId) ?? { before: new Map() };
    this.#entries.set(record.view.proposalId, { ...entry, sent: { moment, tally, modifies: intent.modifies } });
    this.#add(record.view, moment, tally);
    this.#addToOriginal(intent.modifies, tally.notional);
  }

  /** What an order and the changes of it have counted; undefined: not known. */
  #countedOf(id: string | undefined): Decimal | undefined {
    const { sent, more = ZERO } = (id === undefined ? undefined : this.#entries.get(id)) ?? {};
    return sent && add(sent.tally.notional, more);
  }

  #addToOriginal(id: string | undefined, notional: Decimal): void {
    const original = id === undefined ? undefined : this.#entries.get(id);
    if (original !== undefined) original.more = add(original.more ?? ZERO, notional);
  }

  /** What a change adds beyond the order that it changes; that one has counted what it had. */
  #tallyOf(intent: IntentFact): Tally {
    const notional = notionalOf(intent);
    if (notional === undefined) return { ...NOTHING, orders: 1, unpriced: 1 };
    const counted = this.#countedOf(intent.modifies);
    const more = counted === undefined ? notional : max(ZERO, subtract(notional, counted));
    return { ...NOTHING, orders: 1, notional: more };
  }

  #release(order: Counted): void {
    const entry = this.#entries.get(order.proposalId);
    if (entry?.sent === undefined) return;
    for (const key of keysOf(order)) this.#scopes.get(key)?.remove(entry.sent.moment, entry.sent.tally);
    const { sent, ...rest } = entry;
    this.#entries.set(order.proposalId, rest);
    this.#addToOriginal(sent.modifies, negate(sent.tally.notional));
  }

  /** The broker refused it, and shows it all the same. */
  #comeBack(record: OrderRecord, moment: Moment): void {
    const { proposalId, order, legs } = { ...record.view, legs: record.view.order?.legs ?? [] };
    if (order === null || legs.length > 0 || this.#entries.get(proposalId)?.sent !== undefined) return;
    const intent = record.facts.find((fact) => fact.type === "intent/1");
    const wasRefused = record.facts.some((fact) => fact.type === "brokerRejected/1");
    if (intent?.type === "intent/1" && wasRefused) this.#send(record, intent, moment);
  }

  #add(order: Counted, moment: Moment, tally: Tally): void {
    for (const key of keysOf(order)) this.#scope(key).add(moment, tally);
  }

  #scope(key: string): Scope {
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    if (this.#scopes.size >= SCOPES_SWEPT_AT) this.#sweep();
    const scope = new Scope();
    this.#scopes.set(key, scope);
    return scope;
  }

  #sweep(): void {
    const now = { steadyMs: this.#clock.monotonicMs(), wallMs: this.#clock.nowMs() };
    for (const [key, scope] of this.#scopes) if (scope.isIdle(now)) this.#scopes.delete(key);
  }

  #momentOf(at: string): Moment {
    const nowMs = this.#clock.nowMs();
    const wallMs = Math.min(parseUtcText(at), nowMs);
    const steadyMs = this.#clock.monotonicMs();
    return { wallMs, steadyMs: this.#loaded ? steadyMs : steadyMs - (nowMs - wallMs) };
  }
}

const accountKey = (account: string) => `account ${account}`;
const agentKey = (agent: string) => `agent ${agent}`;
const conidKey = (conid: number) => `conid ${conid}`;

function keysOf({ terms, agent }: Omit<Counted, "proposalId">): string[] {
  return [accountKey(terms.account), agentKey(agent), ...conidsOf(terms).map(conidKey)];
}

/** As the verdict says it that the intent holds; undefined: it does not. */
function notionalOf({ verdict }: IntentFact) {
  const value = verdict.rules.find(({ rule }) => rule === "maxOrderNotional")?.value;
  return value === null || value === undefined ? undefined : decimal(value);
}
