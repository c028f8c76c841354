import type { Tripwire } from "@countersign/bus/tripwire";
import type { Clock, Timer } from "@countersign/clock/clock";
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
const PAGE = 100;
const REASON = "no operator was there for too long";

/** Whether a person is there: an open page or a command is. Without one, policies stop approving; later more happens. */
export class DeadMan {
  readonly #given: DeadManGiven;
  readonly #timer: Timer;
  #seenAtMs: number;
  #cancelled = false;

  constructor(given: DeadManGiven) {
    this.#given = given;
    this.#seenAtMs = given.clock.monotonicMs();
    this.#timer = given.clock.setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** An operator's request was authenticated. */
  seen(): void {
    this.#seenAtMs = this.#given.clock.monotonicMs();
    this.#cancelled = false;
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
    if (!isLong || config.later !== "cancelAuto" || this.#cancelled) return;
    this.#cancelled = true;
    this.#cancelAuto().catch((error: unknown) => {
      this.#cancelled = false;
      onFailed(error);
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

  /** Orders that a policy approved and that still work at the broker. One that cannot be cancelled holds up no other. */
  async #cancelAuto(): Promise<void> {
    const { backend } = this.#given;
    const failed: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: {
        items: readonly { proposalId: string; decision: { actor: { kind: string } | null } | null }[];
        nextCursor: string | null;
      } = expectOk(
        await backend.request(RPCS.listProposals, {
          ...{ agent: null, accounts: null, limit: PAGE, cursor },
          states: ["SEND_STARTED", "WORKING", "PARTIAL", "UNKNOWN"],
        }),
      );
      for (const { proposalId, decision } of page.items) {
        if (decision?.actor?.kind !== "policy") continue;
        const actor = { kind: "service" as const, id: "admin-api" };
        const request = { proposalId, actor, reason: REASON };
        await backend
          .request(RPCS.cancel, request, { correlationId: proposalId })
          .catch((error: unknown) => failed.push(error));
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    if (failed.length > 0) throw failed[0];
  }
}
