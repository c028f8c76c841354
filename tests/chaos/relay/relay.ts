import { connect, createServer, type Server, type Socket } from "node:net";
import { listen } from "@countersign/testing/listen";

export type Side = "client" | "server";

/** One message of a protocol, with the bytes that it came in. */
export interface Message {
  /** Who wrote it. */
  readonly from: Side;
  readonly bytes: Buffer;
}

/** Cuts what one side writes into messages, whatever the segments. */
export interface Splitter<M extends Message> {
  push(bytes: Buffer): M[];
}

/** What is written instead of a message, none: it is swallowed. Undefined: the rule is not about this message. */
export type Rule<M extends Message> = (message: M) => readonly Buffer[] | Promise<readonly Buffer[]> | undefined;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * Stands between one process and what it speaks to, understands messages, and asks its rules about each one. Whatever a
 * rule holds back holds back everything behind it in the same direction, as a slow network does.
 */
export class Relay<M extends Message> {
  readonly #server: Server;
  readonly #target: () => number;
  readonly #split: (from: Side) => Splitter<M>;
  readonly #pairs = new Set<Pair>();
  readonly #rules = new Set<Rule<M>>();
  /** False: whoever connects is turned away at once. */
  open = true;
  port = 0;

  constructor(options: { target: () => number; split: (from: Side) => Splitter<M> }) {
    this.#target = options.target;
    this.#split = options.split;
    this.#server = createServer((client) => this.#accept(client));
  }

  async start(): Promise<this> {
    this.port = await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    this.open = false;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  /** Until the returned function is called. The first rule that has an answer decides. */
  addRule(rule: Rule<M>): () => void {
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  /** Ends every connection on both sides; `rst` throws away what is under way. */
  cut(how: "fin" | "rst" = "rst"): void {
    for (const { client, server } of this.#pairs) {
      for (const socket of [client, server]) how === "rst" ? socket.resetAndDestroy() : socket.destroy();
    }
  }

  /** Ends every connection when what has been passed on to the server is on its way. */
  cutBehind(): void {
    for (const { client, server } of this.#pairs) {
      server.destroySoon();
      client.resetAndDestroy();
    }
  }

  /** To every client, between two messages of the server. */
  inject(...bytes: readonly Buffer[]): void {
    for (const { client } of this.#pairs) client.write(Buffer.concat(bytes));
  }

  #accept(client: Socket): void {
    client.on("error", () => undefined);
    if (!this.open) return void client.resetAndDestroy();
    const server = connect(this.#target(), "127.0.0.1");
    server.on("error", () => undefined);
    const pair = { client, server };
    this.#pairs.add(pair);
    const up = this.#lane("client", client, server);
    this.#lane("server", server, client);
    // What is held back of somebody who is gone may still arrive: a kernel would send it too.
    client.on("close", () => {
      const end = () => server.destroySoon();
      void up.idle().then(end, end);
    });
    server.on("close", () => {
      client.destroy();
      this.#pairs.delete(pair);
    });
  }

  #lane(from: Side, source: Socket, sink: Socket): { idle(): Promise<void> } {
    const splitter = this.#split(from);
    const waiting: M[] = [];
    let running: Promise<void> | undefined;
    const write = (parts: readonly Buffer[]) => {
      if (sink.writable) for (const part of parts) sink.write(part);
    };
    const drain = async () => {
      for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
        write(await this.#judge(message));
      }
    };
    source.on("data", (bytes) => {
      waiting.push(...splitter.push(bytes));
      running ??= drain().finally(() => {
        running = undefined;
      });
    });
    return { idle: () => running ?? Promise.resolve() };
  }

  #judge(message: M): readonly Buffer[] | Promise<readonly Buffer[]> {
    for (const rule of [...this.#rules]) {
      const parts = rule(message);
      if (parts !== undefined) return parts;
    }
    return [message.bytes];
  }
}
