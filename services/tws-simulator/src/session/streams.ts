/** When a stream has its turn: each step of the market, every five seconds, every half minute. */
export type Cadence = "step" | "fiveSeconds" | "halfMinute";
export type StreamKind = "tickByTick" | "depth" | "realTimeBars" | "scanner";

const CADENCE: Readonly<Record<StreamKind, Cadence>> = {
  tickByTick: "step",
  depth: "step",
  realTimeBars: "fiveSeconds",
  scanner: "halfMinute",
};
const MARKET_DATA: readonly StreamKind[] = ["tickByTick", "depth", "realTimeBars"];

/** The streams of one session that send something at a fixed pace until they are stopped. */
export class Streams {
  readonly #pushes = new Map<StreamKind, Map<number, () => void>>();

  start(kind: StreamKind, reqId: number, push: () => void): void {
    const streams = this.#pushes.get(kind) ?? new Map<number, () => void>();
    streams.set(reqId, push);
    this.#pushes.set(kind, streams);
  }

  /** False when there is no such stream. */
  stop(kind: StreamKind, reqId: number): boolean {
    return this.#pushes.get(kind)?.delete(reqId) ?? false;
  }

  has(kind: StreamKind, reqId: number): boolean {
    return this.#pushes.get(kind)?.has(reqId) ?? false;
  }

  count(kind: StreamKind): number {
    return this.#pushes.get(kind)?.size ?? 0;
  }

  push(cadence: Cadence): void {
    for (const [kind, streams] of this.#pushes) {
      if (CADENCE[kind] !== cadence) continue;
      for (const push of streams.values()) push();
    }
  }

  /** Request ids of all streams of market data. */
  marketDataIds(): number[] {
    return MARKET_DATA.flatMap((kind) => [...(this.#pushes.get(kind)?.keys() ?? [])]);
  }

  loseMarketData(): void {
    for (const kind of MARKET_DATA) this.#pushes.delete(kind);
  }
}
