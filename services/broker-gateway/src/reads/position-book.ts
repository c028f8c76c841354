import type { Position } from "@countersign/contracts/account";
import { Fault } from "@countersign/contracts/denial";
import type { BrokerEvent } from "../session/wire.ts";
import { type ReadDeps, shared, utcAt } from "./reader.ts";

const POSITIONS_TIMEOUT_MS = 5_000;
const READS_MAX = 3;

interface Snapshot {
  readonly rows: Map<string, Position>;
  readonly epoch: number;
  atMs: number;
}

/** All positions of all accounts: a complete snapshot that TWS keeps up to date for as long as the connection stands. */
export class PositionBook {
  readonly #deps: ReadDeps;
  readonly #refresh: () => Promise<void>;
  #snapshot: Snapshot | undefined;
  /** An execution came whose effect on the position has not been seen yet. */
  #stale = false;

  constructor(deps: ReadDeps) {
    this.#deps = deps;
    this.#refresh = shared(() => this.#read());
  }

  take(event: BrokerEvent): void {
    if (event.kind === "execution") this.#expectChange();
    const snapshot = this.#snapshot;
    if (event.kind !== "position" || snapshot === undefined) return;
    put(snapshot.rows, event);
    snapshot.atMs = this.#deps.clock.monotonicMs();
  }

  /** Asks for a new complete snapshot. Throws a Fault. */
  refresh(): Promise<void> {
    return this.#refresh();
  }

  /** Asked again at once, so that the next reader need not wait; one that fails is asked again by whoever reads. */
  #expectChange(): void {
    this.#stale = true;
    if (this.#deps.link.state === "up") this.#refresh().catch(() => undefined);
  }

  forget(): void {
    this.#snapshot = undefined;
  }

  /** Positions of one account that are not flat. Throws a Fault when no complete snapshot of this connection is there. */
  async read(account: string): Promise<{ positions: Position[]; asOf: string }> {
    // A reading that was under way when the execution came may be from before it.
    for (let tries = 0; tries < READS_MAX && (this.#stale || this.#snapshot === undefined); tries += 1) {
      await this.#refresh();
    }
    const snapshot = this.#snapshot;
    if (snapshot === undefined || this.#deps.link.state !== "up") {
      throw new Fault("BROKER_UNAVAILABLE", "the positions are not known: the link to TWS is not up");
    }
    const positions = [...snapshot.rows.values()].filter((row) => row.account === account && row.quantity !== "0");
    // TWS pushes every change, so what it has not contradicted holds as of its last word.
    const asOf = utcAt(this.#deps.clock, Math.max(snapshot.atMs, this.#deps.link.heardAtMs));
    return { positions, asOf };
  }

  /** The last complete snapshot shows no position of this account. */
  isEmpty(account: string): boolean {
    const rows = this.#snapshot?.rows.values() ?? [];
    return ![...rows].some((row) => row.account === account && row.quantity !== "0");
  }

  async #read(): Promise<void> {
    this.#stale = false;
    const rows = new Map<string, Position>();
    const epoch = this.#deps.link.epoch;
    await this.#deps.requests.askUnnumbered({
      what: "positions",
      timeoutMs: POSITIONS_TIMEOUT_MS,
      whileReconciling: true,
      // Asked again while subscribed, TWS sends everything again.
      send: (connection) => connection.requestPositions(),
      on: (event) => {
        if (event.kind === "position") put(rows, event);
        return event.kind === "positionsEnd" ? { result: undefined } : undefined;
      },
    });
    this.#snapshot = { rows, epoch, atMs: this.#deps.clock.monotonicMs() };
  }
}

function put(rows: Map<string, Position>, event: Extract<BrokerEvent, { kind: "position" }>): void {
  const { account, contract, quantity, averageCost } = event;
  if (quantity === null || averageCost === null) throw new Error("a position without quantity or cost");
  const { conid, symbol, secType, currency } = contract;
  rows.set(`${account} ${conid}`, { account, conid, symbol, secType, currency, quantity, averageCost });
}
