import { isUtf8 } from "node:buffer";
import type { AccountScrubber } from "./account-scrubber.ts";
import { recordTime, type WireRecord } from "./recording.ts";

const HELLO_PREFIX = Buffer.from("API\0", "latin1");
const LENGTH_BYTES = 4;
/** TWS and its clients agree on 16 MiB - 1; what claims to be longer is no frame. */
const FRAME_BYTES_MAX = 0xffffff;
const START_API = "71";
const MANAGED_ACCOUNTS = "15";

export interface WireTapOptions {
  /** Which connection of the recording this is, from 1 on. */
  readonly connection: number;
  readonly nowMs: () => number;
  readonly scrubber: AccountScrubber;
  readonly write: (record: WireRecord) => void;
}

/** Listens to both directions of one connection, in whatever segments, and writes one record for each frame. */
export class WireTap {
  readonly #options: WireTapOptions;
  readonly #pending = { client: Buffer.alloc(0), server: Buffer.alloc(0) };
  /** Directions whose frames cannot be told apart any more. */
  readonly #broken = { client: false, server: false };
  #helloSeen = false;
  #client: number | null = null;
  #serverVersion: number | null = null;
  #closed = false;

  constructor(options: WireTapOptions) {
    this.#options = options;
  }

  fromClient(chunk: Uint8Array): void {
    this.#push("client", chunk);
  }

  fromServer(chunk: Uint8Array): void {
    this.#push("server", chunk);
  }

  /** The end of the connection; half a frame that was under way is written as bytes. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const from of ["client", "server"] as const) {
      if (this.#pending[from].length > 0) this.#bytes(from, this.#pending[from]);
    }
    this.#write({ closed: true });
  }

  #push(from: "client" | "server", chunk: Uint8Array): void {
    if (this.#closed || chunk.length === 0) return;
    if (this.#broken[from]) {
      this.#bytes(from, Buffer.from(chunk));
      return;
    }
    this.#pending[from] = Buffer.concat([this.#pending[from], chunk]);
    while (!this.#broken[from] && this.#next(from)) {
      // One frame after the other, as long as a whole one is there.
    }
  }

  /** Writes the next whole message; false when there is none yet. */
  #next(from: "client" | "server"): boolean {
    const bytes = this.#pending[from];
    const prefix = from === "client" && !this.#helloSeen ? HELLO_PREFIX : Buffer.alloc(0);
    const known = Math.min(prefix.length, bytes.length);
    if (!bytes.subarray(0, known).equals(prefix.subarray(0, known))) return this.#break(from);
    const start = prefix.length + LENGTH_BYTES;
    if (bytes.length < start) return false;
    const end = start + bytes.readUInt32BE(prefix.length);
    if (end - start > FRAME_BYTES_MAX) return this.#break(from);
    if (bytes.length < end) return false;
    this.#pending[from] = bytes.subarray(end);
    const isHello = prefix.length > 0;
    this.#helloSeen ||= isHello;
    this.#message(from, { isHello, all: bytes.subarray(0, end), payload: bytes.subarray(start, end) });
    return true;
  }

  #break(from: "client" | "server"): boolean {
    this.#broken[from] = true;
    this.#bytes(from, this.#pending[from]);
    this.#pending[from] = Buffer.alloc(0);
    return false;
  }

  #message(from: "client" | "server", message: { isHello: boolean; all: Buffer; payload: Buffer }): void {
    const { isHello, all, payload } = message;
    if (isHello && isUtf8(payload)) this.#write({ from: "client", hello: this.#scrub(payload.toString("utf8")) });
    else if (isHello || payload.at(-1) !== 0 || !isUtf8(payload)) this.#bytes(from, all);
    else this.#frame(from, payload.toString("utf8", 0, payload.length - 1).split("\0"));
  }

  #frame(from: "client" | "server", tokens: string[]): void {
    const [first = "", second = "", third = ""] = tokens;
    if (from === "server" && this.#serverVersion === null && /^[0-9]{1,9}$/.test(first)) {
      this.#serverVersion = Number(first);
    }
    if (from === "client" && first === START_API && /^[0-9]{1,10}$/.test(third)) this.#client = Number(third);
    if (from === "server" && first === MANAGED_ACCOUNTS && second !== "") {
      this.#options.scrubber.learn(third.split(",").map((account) => account.trim()));
    }
    this.#write({ from, tokens: tokens.map((token) => this.#scrub(token)) });
  }

  /** A replacement is as long as the account, so bytes can be scrubbed too. */
  #bytes(from: "client" | "server", bytes: Buffer): void {
    const hex = Buffer.from(this.#scrub(bytes.toString("latin1")), "latin1").toString("hex");
    this.#write({ from, hex });
  }

  #scrub(text: string): string {
    return this.#options.scrubber.scrub(text);
  }

  #write(what: RecordBody): void {
    const { connection, nowMs, write } = this.#options;
    const at = recordTime(nowMs());
    write({ at, connection, client: this.#client, sv: this.#serverVersion, ...what });
  }
}

type RecordBody =
  | { from: "client"; hello: string }
  | { from: "client" | "server"; tokens: string[] }
  | { from: "client" | "server"; hex: string }
  | { closed: true };
