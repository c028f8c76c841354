import type { OrderBus } from "@countersign/bus/bus";

export interface Copy {
  readonly subject: string;
  readonly sequence: number;
  readonly text: string;
}

/** One of the two worlds in which a script runs. */
export interface LogSide {
  /** Two processes that have the same rights. */
  readonly buses: readonly [OrderBus, OrderBus];
  /** Live copies of both followed streams since the script began, as they came. */
  readonly copies: { readonly orders: Copy[]; readonly control: Copy[] };
  /** Lets the world go on until the promise is settled. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Returns when the copy of the newest message has come. */
  heard(of: "orders" | "control", sequence: number): Promise<void>;
  full(stream: "ORDERS" | "KV_CONTROL", is: boolean): Promise<void>;
  /** Ends the server, does what is given while it is away, and returns when both processes are connected again. */
  restart(hard: boolean, whileAway: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}
