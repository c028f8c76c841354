import { createSystemClock } from "@countersign/clock/clock";
import type { Posted } from "../faults/fault-control.ts";
import type { FaultInput } from "../faults/fault-document.ts";
import { type RunningSimulator, type SimulatorOptions, startSimulator } from "../simulator.ts";
import { LibraryClient } from "./library-client.ts";
import { RawClient } from "./raw-client.ts";

export const AAPL = { conId: 265598, exchange: "SMART" };

/** A simulator of one test with all clients that the test opened. */
export class TestSimulator {
  readonly #running: RunningSimulator;
  readonly #clients: { end(): void }[] = [];

  private constructor(running: RunningSimulator) {
    this.#running = running;
  }

  static async start(options: Partial<SimulatorOptions> = {}): Promise<TestSimulator> {
    const running = await startSimulator({
      clock: createSystemClock(),
      advance: undefined,
      port: 0,
      controlPort: 0,
      seed: 7,
      calendar: "open",
      accounts: ["DU1234567"],
      dataDir: undefined,
      masterClientId: undefined,
      ...options,
    });
    return new TestSimulator(running);
  }

  get port(): number {
    return this.#running.port;
  }

  get flexPort(): number {
    if (this.#running.flexPort === undefined) throw new Error("started without the Flex Web Service");
    return this.#running.flexPort;
  }

  get controlPort(): number {
    return this.#running.controlPort;
  }

  async library(clientId = 7): Promise<LibraryClient> {
    const client = new LibraryClient(this.port, clientId);
    this.#clients.push({ end: () => client.disconnect() });
    return client.connect(clientId);
  }

  raw(): RawClient {
    const client = new RawClient(this.port);
    this.#clients.push(client);
    return client;
  }

  async control(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${this.#running.controlPort}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Puts faults in force over the control port. */
  async fault(...faults: FaultInput[]): Promise<Posted[]> {
    const { status, body } = await this.control("POST", "/faults", faults);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.posted as Posted[];
  }

  async calm(): Promise<void> {
    await this.control("DELETE", "/faults");
  }

  /** A raw client past its handshake. */
  async ready(clientId = 7, versions = "v100..193"): Promise<RawClient> {
    const client = this.raw();
    await client.start(versions, clientId);
    await client.waitFor(() => client.errors(2158).length === 1);
    return client;
  }

  async errors(): Promise<Record<string, number>> {
    const { body } = await this.control("GET", "/stats");
    return body.errors as Record<string, number>;
  }

  pin(conid: number, price: string | null) {
    return this.control("POST", "/market/price", { conid, price });
  }

  async frames(): Promise<Record<string, number>> {
    const { body } = await this.control("GET", "/stats");
    return body.frames as Record<string, number>;
  }

  /** Ends every client, so that a failed test leaves none behind to fail the next one. */
  async leave(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.end();
    await this.#alone();
  }

  /** Stops after every client has gone. */
  async stopped(): Promise<void> {
    await this.#alone();
    this.stop();
  }

  async #alone(): Promise<void> {
    while (Number((await this.control("GET", "/stats")).body.connections) > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  stop(): void {
    for (const client of this.#clients) client.end();
    this.#running.stop();
  }
}
