import { connect, type Socket } from "node:net";
import { encodeFrame } from "../wire/frame-writer.ts";

const WAIT_MS = 3_000;

/** A client of a test that writes bytes as it likes and keeps every frame that comes back. */
export class RawClient {
  readonly frames: string[][] = [];
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #buffer = Buffer.alloc(0);
  #changed: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (chunk) => this.#receive(chunk));
    this.socket.on("error", () => {});
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

  /** All frames with this message id, the handshake's first frame excluded. */
  of(messageId: string): string[][] {
    return this.frames.slice(1).filter((frame) => frame[0] === messageId);
  }

  async waitFor(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + WAIT_MS;
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
