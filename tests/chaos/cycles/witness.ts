import { setTimeout as sleep } from "node:timers/promises";
import type { ChaosSystem } from "../system/chaos-system.ts";
import type { JournalEntry, Trader } from "../system/trader.ts";

const ARRIVES_WITHIN_MS = 100;

/** Remembers what arrived at the simulator's socket longer than the simulator does. */
export class Witness {
  readonly #system: ChaosSystem;
  readonly #trader: Trader;
  #earlier: readonly JournalEntry[] = [];

  constructor(system: ChaosSystem, trader: Trader) {
    this.#system = system;
    this.#trader = trader;
  }

  async journal(): Promise<JournalEntry[]> {
    return [...this.#earlier, ...(await this.#trader.journal())];
  }

  /** Cuts the way to it first, so that nothing arrives between the last look and the end. The caller opens it again. */
  async beforeItForgets(): Promise<void> {
    this.#system.tws.open = false;
    this.#system.tws.cut();
    await sleep(ARRIVES_WITHIN_MS);
    this.#earlier = await this.journal();
  }
}
