import type { Fault, FaultAction, FaultOf } from "./fault-document.ts";

const RULES_MAX = 1_000;

interface ActiveRule {
  readonly id: number;
  readonly fault: Fault;
  seen: number;
  hits: number;
}

export interface FaultStatus {
  readonly id: number;
  readonly fault: Fault;
  /** How many matches there were, hit or not. */
  readonly seen: number;
  /** How often it hit; 0 for a fault that stands and is not counted. */
  readonly hits: number;
}

/** The rules in force, in the order in which they were added. The first that hits decides. */
export class FaultEngine {
  #rules: ActiveRule[] = [];
  #nextId = 1;

  add(fault: Fault): number {
    if (this.#rules.length >= RULES_MAX) throw new RangeError(`more than ${RULES_MAX} faults`);
    const id = this.takeId();
    this.#rules.push({ id, fault, seen: 0, hits: 0 });
    return id;
  }

  /** An id for a fault that happens once and is not kept. */
  takeId(): number {
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  /** False when no rule has this id. */
  remove(id: number): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((rule) => rule.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  list(): FaultStatus[] {
    return this.#rules.map(({ id, fault, seen, hits }) => ({ id, fault, seen, hits }));
  }

  get empty(): boolean {
    return this.#rules.length === 0;
  }

  /** The first rule that is in force for this point, without counting. */
  standing<A extends FaultAction>(action: A, applies: (fault: FaultOf<A>) => boolean): FaultOf<A> | undefined {
    for (const { fault } of this.#rules) {
      if (isOf(fault, action) && applies(fault)) return fault;
    }
    return undefined;
  }

  /** The first rule that hits this point, if any. Every rule that applies counts the match, hit or not. */
  take<A extends FaultAction>(
    actions: ReadonlySet<A>,
    applies: (fault: FaultOf<A>) => boolean,
  ): FaultOf<A> | undefined {
    let hit: FaultOf<A> | undefined;
    for (const active of this.#rules) {
      const { fault } = active;
      if (!isOneOf(fault, actions) || !applies(fault)) continue;
      active.seen += 1;
      if (hit !== undefined || !inRange(fault, active.seen)) continue;
      active.hits += 1;
      hit = fault;
    }
    return hit;
  }
}

function inRange(fault: Fault, seen: number): boolean {
  if (!("nth" in fault)) return true;
  return seen >= fault.nth && (fault.times === 0 || seen < fault.nth + fault.times);
}

function isOf<A extends FaultAction>(fault: Fault, action: A): fault is FaultOf<A> {
  return fault.action === action;
}

function isOneOf<A extends FaultAction>(fault: Fault, actions: ReadonlySet<A>): fault is FaultOf<A> {
  return (actions as ReadonlySet<string>).has(fault.action);
}
