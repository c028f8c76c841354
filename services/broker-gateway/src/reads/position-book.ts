import type { Position } from "@countersign/contracts/account";
import { Fault } from "@countersign/contracts/denial";
import type { BrokerEvent } from "../session/wire.ts";
import { type ReadDeps, shared, utcAt } from "./reader.ts";

const POSITIONS_TIMEOUT_MS = 5_000;
const READS_MAX = 3;

export interface HeldPositions {
  readonly version: string;
  readonly positions: readonly Position[];
  readonly asOf: string;
}

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
  /** Counts every change of a row; with the name of this process it is the version of the list. */
  #changes = 0;
  readonly #process: string;
  /** By account, the rows of one version. */
  readonly #told = new Map<string, { readonly version: string; readonly positions: readonly Position[] }>();
  /** An execution came whose effect on the position has not been seen yet. */
  #stale = false;

  /** `process`: a name that no process before or after this one has. */
  constructor(deps: ReadDeps, process: string) {
    this.#deps = deps;
    this.#process = process;
    this.#refresh = shared(() => this.#read());
  }

  take(event: BrokerEvent): void {
    if (event.kind === "execution") this.#expectChange();
    const snapshot = this.#snapshot;
    if (event.kind !== "position" || snapshot === undefined) return;
    if (put(snapshot.rows, event)) this.#changes += 1;
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

  /** Positions of one account that are not flat: the same version is the same rows. Throws a Fault when no complete snapshot of this connection is there. */
  async read(account: string): Promise<HeldPositions> {
    // A reading that was under way when the execution came may be from before it.
    for (let tries = 0; tries < READS_MAX && (this.#stale || this.#snapshot === undefined); tries += 1) {
      await this.#refresh();
    }
    const snapshot = this.#snapshot;
    if (snapshot === undefined || this.#deps.link.state !== "up") {
      throw new Fault("BROKER_UNAVAILABLE", "the positions are not known: the link to TWS is not up");
    }
    // TWS pushes every change, so what it has not contradicted holds as of its last word.
    const asOf = utcAt(this.#deps.clock, Math.max(snapshot.atMs, this.#deps.link.heardAtMs));
    return { ...this.#versioned(account, snapshot), asOf };
  }

  #versioned(account: string, { rows }: Snapshot): Omit<HeldPositions, "asOf"> {
    const version = `${this.#process}.${this.#changes}`;
    const told = this.#told.get(account);
    if (told?.version === version) return told;
    const positions = [...rows.values()].filter((row) => row.account === account && row.quantity !== "0");
    const fresh = { version, positions };
    this.#told.set(account, fresh);
    return fresh;
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
    const before = this.#snapshot?.rows;
    if (before === undefined || !isSame(before, rows)) this.#changes += 1;
    this.#snapshot = { rows, epoch, atMs: this.#deps.clock.monotonicMs() };
  }
}

/** Whether it says anything new. */
function put(rows: Map<string, Position>, event: Extract<BrokerEvent, { kind: "position" }>): boolean {
  const { account, contract, quantity, averageCost } = event;
  if (quantity === null || averageCost === null) throw new Error("a position without quantity or cost");
  const { conid, symbol, secType, currency } = contract;
  const row = { account, conid, symbol, secType, currency, quantity, averageCost };
  const key = `${account} ${conid}`;
  const before = rows.get(key);
  if (before !== undefined && says(before, row)) return false;
  rows.set(key, row);
  return true;
}

function says(before: Position, row: Position): boolean {
  return (Object.keys(row) as (keyof Position)[]).every((name) => before[name] === row[name]);
}

/** The same rows in the same order. */
function isSame(before: ReadonlyMap<string, Position>, rows: ReadonlyMap<string, Position>): boolean {
  if (before.size !== rows.size) return false;
  const others = before.values();
  for (const row of rows.values()) {
    const other = others.next().value;
    if (other === undefined || !says(other, row)) return false;
  }
  return true;
}
