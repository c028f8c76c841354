import { connect, createServer, type Server, type Socket } from "node:net";
import { listen } from "@countersign/testing/listen";

interface Pair {
  readonly client: Socket;
  readonly broker: Socket;
}

/** Stands between the gateway and the real simulator and says in the broker's name what no simulator would say. */
export class WireProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #pairs: Pair[] = [];
  /** Turns what the broker writes into what the client gets. */
  toClient: (bytes: Buffer) => readonly Buffer[] = (bytes) => [bytes];
  /** False: connections are taken and nothing is passed on until it is true again. */
  open = true;
  connections = 0;
  port = 0;

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  async start(): Promise<this> {
    this.port = await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    this.#cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** To whoever is connected, between two writes of the broker. */
  inject(...bytes: readonly Buffer[]): void {
    for (const { client } of this.#pairs) client.write(Buffer.concat(bytes));
  }

  /** Reads and writes no more, and keeps every connection. */
  freeze(): void {
    this.open = false;
    for (const { client, broker } of this.#pairs) {
      client.pause();
      broker.pause();
    }
  }

  /** New connections pass again; the frozen ones end, so that the broker lets go of their client id. */
  thaw(): void {
    if (!this.open) this.#cut();
    this.open = true;
  }

  #accept(client: Socket): void {
    this.connections += 1;
    this.#sockets.add(client);
    client.on("error", () => undefined);
    client.on("close", () => this.#sockets.delete(client));
    if (!this.open) return;
    const broker = connect(this.#target, "127.0.0.1");
    const pair = { client, broker };
    this.#pairs.push(pair);
    broker.on("error", () => undefined);
    client.on("data", (bytes) => broker.write(bytes));
    broker.on("data", (bytes) => {
      for (const part of this.toClient(bytes)) client.write(part);
    });
    const close = () => {
      client.destroy();
      broker.destroy();
      this.#pairs = this.#pairs.filter((other) => other !== pair);
    };
    client.on("close", close);
    broker.on("close", close);
  }

  #cut(): void {
    for (const { broker } of this.#pairs) broker.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }
}
