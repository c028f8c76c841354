import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/config-error";
import { NO_CONDITIONS } from "../codec/order-conditions.ts";
import { NO_COMBO } from "../codec/order-legs.ts";
import type { Account, Execution, Order, OrderTerms } from "./model.ts";

export interface Counters {
  nextPermId: number;
  nextExecution: number;
  /** The account day that positions and realized results belong to, YYYYMMDD; empty before the first. */
  accountDay: string;
  /** Highest order id used or seen, by client id. */
  highestOrderIds: Record<string, number>;
}

export interface StoredState {
  readonly orders: Order[];
  readonly executions: Execution[];
  readonly accounts: Account[];
  readonly counters: Counters | undefined;
}

/** One changed thing; a later record of the same thing replaces the earlier one. */
export type StateRecord =
  | { readonly kind: "order"; readonly value: Order }
  | { readonly kind: "execution"; readonly value: Execution }
  | { readonly kind: "account"; readonly value: Account }
  | { readonly kind: "counters"; readonly value: Counters };

/** Where the broker keeps what must outlive the process. */
export interface StateStore {
  load(): StoredState;
  append(records: readonly StateRecord[]): void;
  close(): void;
}

function nothing(): StoredState {
  return { orders: [], executions: [], accounts: [], counters: undefined };
}

/** Keeps nothing: for a simulator without a data directory. */
export function createVolatileStore(): StateStore {
  return { load: nothing, append: () => {}, close: () => {} };
}

function fold(lines: readonly string[]): StoredState {
  const orders = new Map<number, Order>();
  const executions = new Map<string, Execution>();
  const accounts = new Map<string, Account>();
  let counters: Counters | undefined;
  lines.forEach((line, index) => {
    if (line === "") return;
    const record = parse(line, { number: index + 1, isLast: index === lines.length - 1 });
    if (record?.kind === "order") orders.set(record.value.permId, complete(record.value));
    else if (record?.kind === "execution") executions.set(record.value.execId, record.value);
    else if (record?.kind === "account") accounts.set(record.value.id, record.value);
    else if (record?.kind === "counters") counters = record.value;
    else if (record !== undefined) throw new Error(`line ${index + 1} of the state file is of no kind that is known`);
  });
  const lists = { orders: [...orders.values()], executions: [...executions.values()] };
  return { ...lists, accounts: [...accounts.values()], counters };
}

/** What an order of a file from before stops, groups, conditions and combinations does not say. */
const TERMS_BEFORE = {
  ...{ combo: NO_COMBO, conditions: NO_CONDITIONS, triggerMethod: 0, goodAfterTime: "", goodTillDate: "" },
  ...{ parentId: 0, ocaType: 0, allOrNone: false },
};
const ORDER_BEFORE = {
  ...{ fills: 0, ocaGroup: "", ocaType: 0, triggered: false, triggerHits: 0 },
  ...{ conditionsMet: false, working: true, heldByParent: false, becameMarket: false },
};

function complete(stored: Partial<Order> & { readonly terms: Partial<OrderTerms> }): Order {
  // What was on its way when the process ended has arrived.
  const status = stored.status === "PendingSubmit" ? "PreSubmitted" : stored.status;
  return { ...ORDER_BEFORE, ...stored, status, terms: { ...TERMS_BEFORE, ...stored.terms } } as Order;
}

/** A process that dies in the middle of a write leaves half a last line: that record never happened. */
function parse(line: string, where: { number: number; isLast: boolean }): StateRecord | undefined {
  try {
    return JSON.parse(line) as StateRecord;
  } catch (error) {
    if (where.isLast) return undefined;
    throw new Error(`line ${where.number} of the state file cannot be read`, { cause: error });
  }
}

function recordsOf(state: StoredState): StateRecord[] {
  const records: StateRecord[] = [
    ...state.accounts.map((value) => ({ kind: "account", value }) as const),
    ...state.orders.map((value) => ({ kind: "order", value }) as const),
    ...state.executions.map((value) => ({ kind: "execution", value }) as const),
  ];
  if (state.counters !== undefined) records.push({ kind: "counters", value: state.counters });
  return records;
}

function text(records: readonly StateRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** Throws ConfigError: a file that cannot be read is for a person to mend or to move away. */
function read(file: string): StoredState {
  try {
    return fold(readFileSync(file, "utf8").split("\n"));
  } catch (error) {
    throw new ConfigError(`--data-dir: ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * A file of JSON lines in `directory`, compacted when it is loaded. `keep` says what is still worth keeping.
 * Records are written before the callbacks leave, so that a killed process has lost nothing it told.
 */
export function createFileStore(directory: string, keep: (state: StoredState) => StoredState): StateStore {
  const file = join(directory, "tws-simulator-state.jsonl");
  let descriptor: number | undefined;
  return {
    load() {
      mkdirSync(directory, { recursive: true });
      const state = existsSync(file) ? keep(read(file)) : nothing();
      writeFileSync(`${file}.new`, text(recordsOf(state)));
      renameSync(`${file}.new`, file);
      descriptor = openSync(file, "a");
      return state;
    },
    append(records) {
      if (descriptor !== undefined && records.length > 0) writeSync(descriptor, text(records));
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
