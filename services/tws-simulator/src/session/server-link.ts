import type { Notice } from "./greeting.ts";

export const LINK_LOST: readonly Notice[] = [
  { code: 1100, text: "Connectivity between IBKR and Trader Workstation has been lost." },
  { code: 2103, text: "Market data farm connection is broken:usfarm" },
  { code: 2105, text: "HMDS data farm connection is broken:ushmds" },
  { code: 2157, text: "Sec-def data farm connection is broken:secdefnj" },
];
const ALL_FARMS = "All data farms are connected: usfarm; ushmds; secdefnj.";
const BACK = "Connectivity between IBKR and Trader Workstation has been restored";
export const LINK_BACK = {
  "1101": { code: 1101, text: `${BACK} - data lost. ${ALL_FARMS}` },
  "1102": { code: 1102, text: `${BACK} - data maintained. ${ALL_FARMS}` },
} as const;

/** TWS's own link to the broker's servers. While it is down, what the broker tells waits. */
export class ServerLink {
  #isUp = true;
  readonly #missed: (() => void)[] = [];

  get isUp(): boolean {
    return this.#isUp;
  }

  whenUp(tell: () => void): void {
    if (this.#isUp) tell();
    else this.#missed.push(tell);
  }

  /** False when it was down already. */
  lose(): boolean {
    const wasUp = this.#isUp;
    this.#isUp = false;
    return wasUp;
  }

  /** False when it was up already. */
  restore(): boolean {
    const wasUp = this.#isUp;
    this.#isUp = true;
    return !wasUp;
  }

  /** What was missed, in one burst. */
  catchUp(): void {
    for (const tell of this.#missed.splice(0)) tell();
  }
}
