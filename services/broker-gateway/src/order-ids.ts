import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";

/** Ids are reserved on disk in blocks, so that most orders need no write. */
const BLOCK = 100;
/**
 * Request ids begin above every order id: an error of TWS names one or the other, and must not be ambiguous. Programs that
 * make ids of the time in seconds stay below it.
 */
export const ORDER_ID_MAX = 1_999_999_999;
/** With fewer nothing is begun: a bracket needs three. */
const LEFT_MIN = 10;

const FloorFile = z.strictObject({ clientId: z.int().min(0), reservedUpTo: z.int().min(0) });

/**
 * Order ids that this client has never used before, also after a crash and when TWS counts from a lower number.
 * The file holds the end of the block that was reserved last; ids of an unfinished block are skipped at the next start.
 */
export class OrderIds {
  readonly #file: string;
  readonly #clientId: number;
  #next: number;
  #reservedUpTo: number;

  /** `highestUsed`: of this client's intents in the log; 0 when there is none. Throws when the file is unreadable. */
  constructor(options: { directory: string; clientId: number; highestUsed: number }) {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    this.#clientId = options.clientId;
    this.#file = join(options.directory, `order-ids.${options.clientId}.json`);
    this.#reservedUpTo = this.#read();
    this.#next = Math.max(this.#reservedUpTo, options.highestUsed) + 1;
  }

  /** False: TWS counts so high that ids would run into those of requests, or already have. */
  get left(): boolean {
    return this.#next <= ORDER_ID_MAX - LEFT_MIN;
  }

  /** What TWS said is the next id; only ever raises ours. Returns true when TWS counts below us. */
  atLeast(orderId: number): boolean {
    const below = orderId < this.#next;
    if (!below) this.#next = orderId;
    return below;
  }

  take(): number {
    const orderId = this.#next;
    if (orderId > ORDER_ID_MAX) throw new RangeError("order ids are used up");
    if (orderId > this.#reservedUpTo) this.#reserve(orderId + BLOCK);
    this.#next = orderId + 1;
    return orderId;
  }

  #reserve(upTo: number): void {
    const temporary = `${this.#file}.new`;
    const text = `${JSON.stringify({ clientId: this.#clientId, reservedUpTo: upTo })}\n`;
    writeDurably(temporary, text);
    renameSync(temporary, this.#file);
    syncFolder(dirname(this.#file));
    this.#reservedUpTo = upTo;
  }

  #read(): number {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
      throw error;
    }
    const floor = FloorFile.parse(JSON.parse(text));
    if (floor.clientId !== this.#clientId) throw new Error(`${this.#file} is of client ${floor.clientId}`);
    return floor.reservedUpTo;
  }
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
