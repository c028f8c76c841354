import type { DataType } from "@countersign/contracts/market-value";
import type { Connection } from "../session/connection.ts";

const NUMBERS = { live: 1, frozen: 2, delayed: 3, delayedFrozen: 4 } as const satisfies Record<DataType, number>;

/** Which type of data a connection gives to whatever is asked next: it holds until it is changed, so it is sent only then. */
export class DataTypes {
  readonly #last = new WeakMap<Connection, DataType>();

  /** How many messages `use` would write now. */
  cost(connection: Connection | undefined, type: DataType): 0 | 1 {
    return connection !== undefined && this.#last.get(connection) === type ? 0 : 1;
  }

  use(connection: Connection, type: DataType): void {
    if (this.cost(connection, type) === 0) return;
    connection.setMarketDataType(NUMBERS[type]);
    this.#last.set(connection, type);
  }
}
