import type { Tripwire } from "@countersign/bus/tripwire";
import type { Clock, Timer } from "@countersign/clock/clock";
import type { State } from "@countersign/contracts/life";
import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";
import type { AdminApiConfig } from "./config.ts";
import { expectOk } from "./problem.ts";

export interface DeadManGiven {
  readonly clock: Clock;
  readonly backend: Backend;
  readonly wire: Pick<Tripwire<"admin-api">, "trip" | "withdraw" | "level">;
  readonly config: AdminApiConfig["deadMan"];
  readonly onFailed: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
/** From a pass that found nothing on its way to the broker until the next one. */
const NEXT_PASS_MS = 10_000;
const PAGE = 100;
/** Approved and not at the broker yet: nothing to cancel there, and a moment later perhaps there is. */
const ON_THE_WAY: readonly State[] = ["APPROVED", "INTENT"];
const LIVE: readonly State[] = ["SEND_STARTED", "WORKING", "PARTIAL", "UNKNOWN"];
const REASON = "no operator was there for too long";

/** Whether a person is there: an open page or a command is. Without one, policies stop approving; later more happens. */
export class DeadMan {
  readonly #given: DeadManGiven;
  readonly #timer: Timer;
  #seenAtMs: number;
  /** Orders whose cancel was taken in this absence. */
  readonly #asked = new Set<string>();
  #passing = false;
  #nextPassAtMs = Number.NEGATIVE_INFINITY;

  constructor(given: DeadManGiven) {
    this.#given = given;
    this.#seenAtMs = given.clock.monotonicMs();
    this.#timer = given.clock.setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** An operator's request was authenticated. */
  seen(): void {
    this.#seenAtMs = this.#given.clock.monotonicMs();
    this.#asked.clear();
    this.#nextPassAtMs = Number.NEGATIVE_INFINITY;
    // What only stopped policies ends with the absence; what stops more is a person's to reset.
    if (this.#given.wire.level("operator-absent", "global") === "AUTO_OFF")
      this.#given.wire.withdraw("operator-absent", "global", "an operator is there again");
  }

  look(): void {
    const { clock, config, onFailed } = this.#given;
    const absentMs = Math.round(clock.monotonicMs() - this.#seenAtMs);
    if (absentMs < config.autoOffMs) return;
    const isLong = absentMs >= config.laterMs;
    this.#trip(isLong && config.later === "reduceOnly" ? "REDUCE_ONLY" : "AUTO_OFF", absentMs);
    if (!isLong || config.later !== "cancelAuto" || this.#passing || clock.monotonicMs() < this.#nextPassAtMs) return;
    this.#passing = true;
    this.#cancelAuto()
      .then((isQuiet) => {
        if (isQuiet) this.#nextPassAtMs = clock.monotonicMs() + NEXT_PASS_MS;
      })
      .catch(onFailed)
      .finally(() => {
        this.#passing = false;
      });
  }

  stop(): void {
    this.#timer.cancel();
  }

  #trip(level: "AUTO_OFF" | "REDUCE_ONLY", absentMs: number): void {
    const { wire } = this.#given;
    const reason = `no operator was there for ${Math.round(absentMs / 1_000)} s`;
    wire.trip({ cause: "operator-absent", scope: "global", level, reason, evidence: { absentMs } });
  }

  /**
   * Cancels the orders that a policy approved and that live at the broker. One that cannot be cancelled holds up no other.
   * True when no such order is on its way there; one that is will be found by the next pass.
   */
  async #cancelAuto(): Promise<boolean> {
    const failed: unknown[] = [];
    let isQuiet = true;
    for await (const { proposalId, state } of this.#byPolicy()) {
      if (ON_THE_WAY.includes(state)) isQuiet = false;
      else if (!this.#asked.has(proposalId))
        await this.#cancel(proposalId).catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw failed[0];
    return isQuiet;
  }

  async #cancel(proposalId: string): Promise<void> {
    const actor = { kind: "service" as const, id: "admin-api" };
    const request = { proposalId, actor, reason: REASON };
    const reply = await this.#given.backend.request(RPCS.cancel, request, { correlationId: proposalId });
    if (reply.outcome === "ok") this.#asked.add(proposalId);
  }

  async *#byPolicy(): AsyncGenerator<{ proposalId: string; state: State }> {
    let cursor: string | null = null;
    do {
      const page: Page = expectOk(
        await this.#given.backend.request(RPCS.listProposals, {
          ...{ agent: null, accounts: null, limit: PAGE, cursor },
          states: [...ON_THE_WAY, ...LIVE],
        }),
      );
      yield* page.items.filter(({ decision }) => decision?.actor?.kind === "policy");
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}

interface Page {
  readonly items: readonly {
    readonly proposalId: string;
    readonly state: State;
    readonly decision: { readonly actor: { readonly kind: string } | null } | null;
  }[];
  readonly nextCursor: string | null;
}
