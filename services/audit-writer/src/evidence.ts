import type { AuditRecord } from "@countersign/contracts/audit";
import type { LiveEvidence } from "@countersign/contracts/live";
import { compare, decimal, multiply } from "@countersign/money/decimal";
import { type Trail, trailAfter } from "./order-trail.ts";
import { ReconciledDays } from "./reconciled-days.ts";

const SAMPLES_MAX = 20;
/** A fill that is at most 0.1 % worse than the estimate is as estimated. */
const WORSE_BUY = decimal("1.001");
const WORSE_SELL = decimal("0.999");

type Counts = Omit<LiveEvidence, "records" | "retentionDays" | "exportBeforePurge" | "complete" | "at">;

/**
 * Pure: what the records show of paper trading, one record after the other. An order counts as unexplained when its send
 * is on record without its proposal, its approval and its intent before it, or more than once.
 */
export class Evidence {
  readonly #trails = new Map<string, Trail>();
  readonly #days = new ReconciledDays();
  readonly #unexplained = new Set<string>();
  #simulated = 0;
  #submitted = 0;
  #rejected = 0;
  #filled = 0;
  #estimated = 0;
  #asEstimated = 0;

  take({ entry, producer }: AuditRecord): void {
    if (entry.kind === "reconciliation" && producer === "broker-gateway") this.#days.take(entry);
    if (entry.kind !== "order.edge") return;
    const id = entry.correlationId;
    const before = this.#trails.get(id) ?? {};
    const after = trailAfter(before, producer, entry);
    this.#trails.set(id, after);
    if (after.sends !== before.sends) this.#sent(id, after);
    if (after.mode === "paper") this.#count(before, after);
  }

  #sent(id: string, trail: Trail): void {
    const explained = trail.mode !== undefined && trail.approved === true && trail.intent === true && trail.sends === 1;
    if (!explained) this.#unexplained.add(id);
  }

  #count(before: Trail, after: Trail): void {
    if (after.simulated && !before.simulated) this.#simulated += 1;
    if (after.sends === 1 && before.sends === undefined) this.#submitted += 1;
    if (after.end === "BROKER_REJECTED" && before.end !== after.end) this.#rejected += 1;
    if (after.fill === undefined || before.fill !== undefined) return;
    this.#filled += 1;
    if (after.estimatePrice === undefined) return;
    this.#estimated += 1;
    if (asEstimated(after.estimatePrice, after.fill)) this.#asEstimated += 1;
  }

  counts(): Counts {
    return {
      simulated: this.#simulated,
      submitted: this.#submitted,
      rejected: this.#rejected,
      filled: this.#filled,
      estimated: this.#estimated,
      asEstimated: this.#asEstimated,
      unexplained: [...this.#unexplained].slice(0, SAMPLES_MAX),
      unexplainedCount: this.#unexplained.size,
      ...this.#days.counts(),
    };
  }
}

function asEstimated(estimate: string, { price, side }: NonNullable<Trail["fill"]>): boolean {
  const expected = decimal(estimate);
  const got = decimal(price);
  if (side === "BOT") return compare(got, multiply(expected, WORSE_BUY)) <= 0;
  return compare(got, multiply(expected, WORSE_SELL)) >= 0;
}
