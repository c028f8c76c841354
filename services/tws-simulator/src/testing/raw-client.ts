import { connect, type Socket } from "node:net";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { encodeFrame } from "../wire/frame-writer.ts";
import { type RawOrder, rawOrder } from "./raw-order.ts";

/** A client of a test that writes bytes as it likes and keeps every frame that comes back. */
export class RawClient {
  readonly frames: string[][] = [];
  /** What arrived, segment by segment. */
  readonly chunks: Buffer[] = [];
  /** How the peer ended the connection; undefined while it is open. */
  ending: "fin" | "rst" | undefined;
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #buffer = Buffer.alloc(0);
  #changed: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (chunk) => this.#receive(chunk));
    this.socket.on("end", () => {
      this.ending = "fin";
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET") this.ending = "rst";
    });
    this.closed = new Promise((resolve) => this.socket.once("close", () => resolve()));
  }

  hello(versions: string): void {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(versions.length);
    this.socket.write(Buffer.concat([Buffer.from("API\0"), length, Buffer.from(versions)]));
  }

  send(...tokens: (string | number)[]): void {
    this.socket.write(encodeFrame(tokens.map(String)));
  }

  /** Says hello and starts the API; resolves with nextValidId. */
  async start(versions: string, clientId: number): Promise<number> {
    this.hello(versions);
    await this.waitFor(() => this.frames.length > 0);
    this.send(71, 2, clientId, "");
    await this.waitFor(() => this.of("9").length > 0);
    return Number(this.of("9")[0]?.[2]);
  }

  /** Sends a plain order: BUY 10 AAPL LMT 150 unless told otherwise. */
  place(orderId: number, order: RawOrder = {}): void {
    this.send(...rawOrder(orderId, order));
  }

  /** Asks for quotes of AAPL unless told otherwise. */
  quotes(reqId: number, wanted: { readonly conId?: number; readonly snapshot?: boolean } = {}): void {
    const contract = [wanted.conId ?? 265598, "", "", "", "", "", "", "SMART", "", "", "", ""];
    this.send(1, 11, reqId, ...contract, 0, "", wanted.snapshot === true ? 1 : 0, 0, "");
  }

  /** The last value of a tickPrice of this type. */
  tick(type: number): string | undefined {
    return this.of("1").findLast((frame) => frame[3] === String(type))?.[4];
  }

  cancel(orderId: number): void {
    this.send(4, orderId, "", "", 2147483647);
  }

  /** Statuses of one order in the order of their arrival. */
  statuses(orderId: number): string[] {
    return this.of("3")
      .filter((frame) => frame[1] === String(orderId))
      .map((frame) => frame[2] ?? "");
  }

  /** Errors and notices with this code. */
  errors(code: number): string[][] {
    return this.of("4").filter((frame) => frame[3] === String(code));
  }

  /** Message ids as they arrived, handshake and notices left out. */
  sequence(): string[] {
    return this.frames
      .slice(1)
      .map((frame) => frame[0] ?? "")
      .filter((id) => !["15", "9", "4"].includes(id));
  }

  /** All frames with this message id, the handshake's first frame excluded. */
  of(messageId: string): string[][] {
    return this.frames.slice(1).filter((frame) => frame[0] === messageId);
  }

  async waitFor(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`timed out; have ${JSON.stringify(this.frames.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#changed.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  end(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (this.#buffer.length >= 4) {
      const end = 4 + this.#buffer.readUInt32BE(0);
      if (this.#buffer.length < end) break;
      this.frames.push(this.#buffer.toString("utf8", 4, end - 1).split("\0"));
      this.#buffer = this.#buffer.subarray(end);
    }
    for (const wake of this.#changed.splice(0)) wake();
  }
}
