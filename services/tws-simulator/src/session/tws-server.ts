import { createServer, type Server } from "node:net";
import type { Hub } from "./hub.ts";

const HOST = "127.0.0.1";
const SOCKETS_MAX = 1_024;

/** The loopback listener of the API port. Closing it leaves the connections that exist alone. */
export class TwsServer {
  readonly #hub: Hub;
  #server: Server | undefined;
  #port = 0;
  #stopped = false;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get port(): number {
    return this.#port;
  }

  /** `port` 0 takes a free one. Resolves with the port that is listened on. */
  async start(port: number): Promise<number> {
    this.#port = await this.#listen(port);
    return this.#port;
  }

  /** The operating system refuses connections until `open`. */
  close(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Listens again on the same port; nothing when it listens. */
  async open(): Promise<void> {
    if (!this.#stopped && this.#server === undefined) await this.#listen(this.#port);
  }

  stop(): void {
    this.#stopped = true;
    this.close();
    this.#hub.closeAll();
  }

  #listen(port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.#hub.accept(socket));
    server.maxConnections = SOCKETS_MAX;
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", (error) => {
        this.#server = undefined;
        reject(error);
      });
      server.listen(port, HOST, () => {
        const address = server.address();
        if (address === null || typeof address === "string") return reject(new Error("no TCP address"));
        resolve(address.port);
      });
    });
  }
}
