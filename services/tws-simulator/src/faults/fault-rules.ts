import { z } from "zod";

/**
 * One rule of what goes wrong. `message` is a request or reply name, or `*`; `nth` counts matches from 1;
 * `times` is how many matches it then hits, 0 = all that follow.
 */
export const faultRuleSchema = z.strictObject({
  action: z.enum([
    /** Stop listening: new connections are refused by the operating system. */
    "refuseConnections",
    /** Stop reading and writing on the connection, keep TCP up. `message` = the request that triggers it, `*` = at once. */
    "halfOpen",
    /** Close the connection instead of processing the request. */
    "dropBefore",
    /** Process the request, then close the connection before any callback leaves. */
    "dropAfter",
    /** Read the request and do nothing with it. */
    "ignoreRequest",
    /** Hold back the reply, and all that follow it on the connection, for `delayMs`. */
    "delayReply",
    /** Never write the reply. */
    "dropReply",
    /** Close the connection instead of writing the reply. */
    "cutBeforeReply",
  ]),
  message: z.string().min(1).max(64).default("*"),
  clientId: z.int().min(0).optional(),
  nth: z.int().min(1).default(1),
  times: z.int().min(0).default(1),
  delayMs: z.int().min(0).max(600_000).default(0),
});

export type FaultRule = z.infer<typeof faultRuleSchema>;
export type FaultAction = FaultRule["action"];

export interface FaultPoint {
  readonly message: string;
  readonly clientId: number | undefined;
}

interface ActiveRule {
  readonly id: number;
  readonly rule: FaultRule;
  seen: number;
}

export const REQUEST_ACTIONS: ReadonlySet<FaultAction> = new Set([
  "halfOpen",
  "dropBefore",
  "dropAfter",
  "ignoreRequest",
]);
export const REPLY_ACTIONS: ReadonlySet<FaultAction> = new Set(["delayReply", "dropReply", "cutBeforeReply"]);

const RULES_MAX = 1000;

/** The rules in force, in the order in which they were added. The first that applies decides. */
export class FaultRules {
  #rules: ActiveRule[] = [];
  #nextId = 1;

  add(rule: FaultRule): number {
    if (this.#rules.length >= RULES_MAX) throw new RangeError(`more than ${RULES_MAX} fault rules`);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#rules.push({ id, rule, seen: 0 });
    return id;
  }

  clear(): void {
    this.#rules = [];
  }

  list(): { readonly id: number; readonly rule: FaultRule; readonly seen: number }[] {
    return this.#rules.map(({ id, rule, seen }) => ({ id, rule, seen }));
  }

  get refusesConnections(): boolean {
    return this.#rules.some(({ rule }) => rule.action === "refuseConnections");
  }

  /** True when every connection is half-open from now on, without waiting for a request. */
  get mutesAll(): boolean {
    return this.#rules.some(({ rule }) => rule.action === "halfOpen" && rule.message === "*");
  }

  /** The rule that hits this point, if any; counts the match. */
  match(point: FaultPoint, actions: ReadonlySet<FaultAction>): FaultRule | undefined {
    if (this.#rules.length === 0) return undefined;
    let hit: FaultRule | undefined;
    for (const active of this.#rules) {
      const { rule } = active;
      if (!actions.has(rule.action)) continue;
      if (rule.message !== "*" && rule.message !== point.message) continue;
      if (rule.clientId !== undefined && rule.clientId !== point.clientId) continue;
      active.seen += 1;
      const inRange = active.seen >= rule.nth && (rule.times === 0 || active.seen < rule.nth + rule.times);
      if (inRange && hit === undefined) hit = rule;
    }
    return hit;
  }
}
