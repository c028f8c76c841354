import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { KillLevel, TripCause, TripLevel } from "@countersign/contracts/control";
import type { Mode } from "@countersign/contracts/mode";
import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";
import { deny, expectOk } from "./problem.ts";

export interface ResetGiven {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly mode: Mode;
  /** From the stop until it may be loosened. */
  readonly coolDownMs: number;
  /** How long the first of two persons waits for the second. */
  readonly secondPersonMs: number;
}

export interface Reset {
  /** What is loosened, and to what: two persons must mean the same. */
  readonly what: string;
  /** When it was set; null: nobody ever set it. */
  readonly since: string | null;
  readonly operator: string;
}

/** In the key of the trip. */
const UNKNOWN_ORDER: TripCause<"broker-gateway"> = "unknown-order";
const PERSONS: Record<Mode, number> = { simulator: 1, paper: 1, live: 2 };

/** What must hold before anything HALTED, and in live mode anything at all, is let go: time, a clean reading of the broker made now, and in live two persons. */
export class ResetRules {
  readonly #given: ResetGiven;
  readonly #asked = new Map<string, { operator: string; since: string | null; atMs: number }>();

  constructor(given: ResetGiven) {
    this.#given = given;
  }

  /**
   * The same for whatever level stands there. Outside of live mode what is less than HALTED is one person's to let go,
   * unless it stands there for an order of which nobody knows.
   */
  async requireFor(level: TripLevel | KillLevel, reset: Reset): Promise<string | undefined> {
    const isOnePersons = level !== "HALTED" && this.#given.mode !== "live" && !reset.what.includes(UNKNOWN_ORDER);
    return isOnePersons ? undefined : this.require(reset);
  }

  /** The first of two persons, where two are needed. Throws a ProblemAnswer when it may not be, a Fault when nobody can say. */
  async require({ what, since, operator }: Reset): Promise<string | undefined> {
    this.#requireCoolDown(since);
    await this.#requireCleanBroker();
    return this.#requirePersons({ what, since, operator });
  }

  #requireCoolDown(since: string | null): void {
    const { clock, coolDownMs } = this.#given;
    if (since === null) return;
    const leftMs = parseUtcText(since) + coolDownMs - clock.nowMs();
    if (leftMs > 0) refuse("coolDown", `it may be loosened in ${Math.ceil(leftMs / 1_000)} s`, { leftMs });
  }

  async #requireCleanBroker(): Promise<void> {
    const found = expectOk(await this.#given.backend.request(RPCS.reconcileNow, {}));
    const { unknownOrders, disputedOrders } = found;
    if (unknownOrders > 0) refuse("unknownOrders", `${unknownOrders} orders are UNKNOWN`, { unknownOrders });
    if (disputedOrders > 0) refuse("disputedOrders", `${disputedOrders} orders are DISPUTED`, { disputedOrders });
  }

  /** Both must mean the same stop: one that was set since the first person asked is another. */
  #requirePersons({ what, since, operator }: Reset): string | undefined {
    const { clock, mode, secondPersonMs } = this.#given;
    if (PERSONS[mode] === 1) return undefined;
    const first = this.#asked.get(what);
    const nowMs = clock.monotonicMs();
    const isSame = first !== undefined && first.since === since && nowMs - first.atMs <= secondPersonMs;
    if (isSame && first.operator !== operator) {
      this.#asked.delete(what);
      return first.operator;
    }
    this.#asked.set(what, { operator, since, atMs: nowMs });
    refuse("secondPerson", "another person has to ask for the same now", { first: operator });
  }
}

function refuse(why: string, message: string, facts: Record<string, string | number>): never {
  deny("KILL_RESET_REFUSED", message, { why, ...facts });
}
