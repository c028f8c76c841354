import { createServer, type Server, type Socket } from "node:net";
import { listen } from "@countersign/testing/listen";
import { FrameGate } from "../session/frame-gate.ts";
import { frame } from "./frames.ts";

/** What a request is answered with, each one already a frame; "drop" ends the connection. */
export type Script = (tokens: readonly string[]) => readonly (Buffer | "drop")[];

const HELLO_BYTES = 4;
const START_API = "71";

/** A TWS over real TCP that answers as a test tells it to: things that no simulator should say by itself. */
export class ScriptedTws {
  readonly #server: Server;
  readonly sockets = new Set<Socket>();
  /** Every request of the client, in order. */
  readonly requests: (readonly string[])[] = [];
  script: Script = () => [];
  connections = 0;
  port = 0;

  constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async start(): Promise<this> {
    this.port = await listen(this.#server);
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  send(...frames: readonly Buffer[]): void {
    for (const socket of this.sockets) socket.write(Buffer.concat(frames));
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    const gate = new FrameGate();
    let greeted = false;
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (bytes) => {
      const frames = greeted ? bytes : bytes.subarray(HELLO_BYTES + 4 + bytes.readUInt32BE(HELLO_BYTES));
      if (!greeted) socket.write(frame("193", "20261120 09:30:00 EST"));
      greeted = true;
      for (const { tokens } of gate.push(frames)) this.#answer(socket, tokens);
    });
  }

  #answer(socket: Socket, tokens: readonly string[]): void {
    this.requests.push(tokens);
    if (tokens[0] === START_API) {
      socket.write(Buffer.concat([frame("15", "1", "DU1234567,DU7654321"), frame("9", "1", "1")]));
      return;
    }
    if (tokens[0] === "49") socket.write(frame("49", "1", "1700000000"));
    for (const part of this.script(tokens)) {
      if (part === "drop") socket.destroy();
      else socket.write(part);
    }
  }
}
