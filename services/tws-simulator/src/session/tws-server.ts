import { createServer, type Server } from "node:net";
import type { FaultRules } from "../faults/fault-rules.ts";
import type { Hub } from "./hub.ts";

const HOST = "127.0.0.1";

/** The loopback listener of the API port; closed while a fault rule refuses connections. */
export class TwsServer {
  readonly #hub: Hub;
  readonly #faults: FaultRules;
  #server: Server | undefined;
  #port = 0;
  #stopped = false;

  constructor(hub: Hub, faults: FaultRules) {
    this.#hub = hub;
    this.#faults = faults;
  }

  /** `port` 0 takes a free one. Resolves with the port that is listened on. */
  async start(port: number): Promise<number> {
    this.#port = await this.#listen(port);
    return this.#port;
  }

  /** Opens or closes the listener as the fault rules ask. Connections that exist are not touched. */
  async applyFaults(): Promise<void> {
    if (this.#stopped) return;
    if (this.#faults.refusesConnections) {
      this.#server?.close();
      this.#server = undefined;
    } else if (this.#server === undefined) await this.#listen(this.#port);
  }

  stop(): void {
    this.#stopped = true;
    this.#server?.close();
    this.#server = undefined;
    this.#hub.closeAll();
  }

  #listen(port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.#hub.accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, HOST, () => {
        const address = server.address();
        if (address === null || typeof address === "string") return reject(new Error("no TCP address"));
        resolve(address.port);
      });
    });
  }
}
