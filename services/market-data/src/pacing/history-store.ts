import type { Bus } from "@countersign/bus/bus";
import { utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { KeptCharge } from "@countersign/contracts/messages/md-pacing.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import type { HistoryStore } from "./history.ts";
import { LIMITS } from "./limits.ts";

const FACT = FACTS.pacingHistory;
const TRIES_MAX = 5;

/** The history in its stream. Every write names the one before, so two processes never both spend the allowance. */
export function historyStore(bus: Bus): HistoryStore {
  const life = newNonce();
  let sequence = 0;

  async function append(charges: readonly KeptCharge[]): Promise<boolean> {
    const body = { type: "pacing.history/1" as const, life, charges: [...charges] };
    const outcome = await bus.append(FACT, {}, body, { expectedSequence: sequence }).catch((cause: unknown) => {
      throw new Fault("STORE_REFUSED", "what is asked of the broker cannot be kept now", { cause });
    });
    if (outcome.outcome === "appended") sequence = outcome.sequence;
    return outcome.outcome === "appended";
  }

  /** What cannot be read is counted as everything there may be. */
  async function read(): Promise<readonly KeptCharge[]> {
    try {
      const last = await bus.readLast(FACT, {});
      sequence = last?.sequence ?? 0;
      return last?.body.charges ?? [];
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== "SCHEMA_UNSUPPORTED") throw error;
      bus.log.error(
        { error: error.message },
        "what was asked of the broker cannot be read: it counts as all there may be",
      );
      sequence = (await bus.streamState(FACT)).lastSequence;
      const until = utcText(bus.clock.nowMs() + LIMITS.historical.windowMs);
      return [{ limit: "historical", key: "", weight: LIMITS.historical.max, until }];
    }
  }

  return {
    async takeOver() {
      for (let count = 0; count < TRIES_MAX; count += 1) {
        const charges = await read();
        if (await append(charges)) return charges;
      }
      throw new Fault("CONFLICT", "another market-data writes the history of what was asked");
    },
    async write(charges) {
      if (await append(charges)) return;
      // An append whose confirmation was lost may have come to pass: then the last one is ours.
      const last = await bus.readLast(FACT, {});
      if (last?.body.life !== life)
        throw new Fault("CONFLICT", "another market-data has taken over what may be asked of the broker");
      sequence = last.sequence;
      if (!(await append(charges))) throw new Fault("CONFLICT", "the history of what was asked moved meanwhile");
    },
  };
}
