import { type ChaosOptions, ChaosSystem } from "./chaos-system.ts";
import { settled } from "./settled.ts";
import { Trader } from "./trader.ts";

/** States that only a person ends; some of them stop all trading, so the next test begins with another system. */
const STUCK = /"state":"(UNKNOWN|DISPUTED)"/;

/** The system that the tests of a file share, until one of them leaves something behind. */
export class Stage {
  readonly #options: ChaosOptions;
  #system: ChaosSystem | undefined;
  #trader: Trader | undefined;

  constructor(options: ChaosOptions = {}) {
    this.#options = options;
  }

  get system(): ChaosSystem {
    if (this.#system === undefined) throw new Error("nothing runs");
    return this.#system;
  }

  get trader(): Trader {
    if (this.#trader === undefined) throw new Error("nothing runs");
    return this.#trader;
  }

  /** A system that is well and of which every order has an end or is at the broker. */
  async ready(): Promise<void> {
    if (this.#system !== undefined && (await this.#isClean(this.#system).catch(() => false))) return;
    await this.stop();
    // Another program may take a port between its choice and its use.
    const start = () => ChaosSystem.start(this.#options);
    this.#system = await start().catch(start);
    this.#trader = new Trader(this.#system);
    await settled(this.#system);
  }

  async stop(): Promise<void> {
    const system = this.#system;
    this.#system = undefined;
    await system?.stop();
  }

  async #isClean(system: ChaosSystem): Promise<boolean> {
    await settled(system);
    return (await this.trader.mayTrade()) && !STUCK.test(await this.trader.orders());
  }
}
