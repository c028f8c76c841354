import { Fault } from "@countersign/contracts/denial";
import type { Contract } from "@stoqey/ib";
import { BrokenPeer, type Frame, FrameGate } from "./frame-gate.ts";
import { listenTo } from "./ib-events.ts";
import { guardDecoder, sendWithoutDelay, watchWrites } from "./ib-internals.ts";
import { EventName, IBApi, type SecType } from "./ib-library.ts";
import { libraryContractOf, libraryOrderOf } from "./library-order.ts";
import { type ReadApi, ReadCommands } from "./read-commands.ts";
import { readReply } from "./read-reply.ts";
import { hasBadJson, REJECT_JSON, withoutJson } from "./reject-json.ts";
import type { BrokerEvent, OrderToSend } from "./wire.ts";
import type { Tap } from "./wire-recording.ts";

/** The library's own limiter must never hold anything back: what waits there survives a drop of the connection. */
const LIBRARY_MESSAGES_PER_SECOND = 1_000;
/** Below this the library misreads completed orders. */
const SERVER_VERSION_MIN = 177;

export interface ConnectionHandlers {
  onEvent(event: BrokerEvent): void;
  /** Something of one message was lost; the connection lives on. */
  onFault(what: string): void;
  /** Called once; after it the connection is dead and nothing more comes. */
  onEnd(reason: string): void;
}

/**
 * One TCP connection to TWS, on a client object of its own: the library sends what it has queued after a reconnect, so
 * an object never sees two connections. Every command throws unless TWS has said which order id is next; one that writes
 * also throws when the connection is only there to read.
 */
export class IbConnection {
  readonly #api: IBApi;
  readonly #handlers: ConnectionHandlers;
  readonly #tap: Tap | undefined;
  /** Why no order and no cancel may leave here; undefined: they may. */
  readonly #readOnly: string | undefined;
  readonly #gate = new FrameGate();
  readonly reads = new ReadCommands(() => this.#ready());
  #state: "opening" | "ready" | "ended" = "opening";
  #wasReady = false;
  #serverVersion: number | null = null;

  constructor(
    target: { host: string; port: number; readOnly: string | undefined },
    handlers: ConnectionHandlers,
    tap?: Tap,
  ) {
    const { host, port, readOnly } = target;
    this.#readOnly = readOnly;
    this.#handlers = handlers;
    this.#tap = tap;
    this.#api = new IBApi({ host, port, maxReqPerSec: LIBRARY_MESSAGES_PER_SECOND });
    const guard = (bytes: Buffer, pass: (frame: Buffer) => void) => this.#takeBytes(bytes, pass);
    const broken = (error: unknown) => this.end(textOf(error));
    if (!guardDecoder(this.#api, guard, broken))
      throw new TypeError("this version of the client library cannot be guarded");
    listenTo(
      this.#api,
      (event) => this.#take(event),
      (error) => this.#fault(error),
    );
    this.#api.on(EventName.server, (version) => {
      sendWithoutDelay(this.#api);
      if (version < SERVER_VERSION_MIN) this.end(`TWS speaks version ${version}, ${SERVER_VERSION_MIN} is needed`);
    });
    this.#api.on(EventName.disconnected, () => this.end("TWS closed the connection"));
  }

  get serverVersion(): number | null {
    return this.#serverVersion;
  }

  /** TWS had named the next order id. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  get ready(): boolean {
    return this.#state === "ready";
  }

  open(clientId: number): void {
    this.#api.connect(clientId);
    const tap = this.#tap;
    if (tap !== undefined) watchWrites(this.#api, (bytes) => tap.fromClient(bytes));
  }

  /** Closes the socket at once and for good. */
  end(reason: string): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    try {
      this.#api.disconnect();
    } finally {
      this.#tap?.close();
      this.#handlers.onEnd(reason);
    }
  }

  placeOrder(order: OrderToSend): void {
    this.#writable().placeOrder(order.orderId, libraryContractOf(order), libraryOrderOf(order));
  }

  cancelOrder(orderId: number): void {
    // The object form is what carries the fields of server version 192; a cancel without them is ignored by TWS.
    this.#writable().cancelOrder(orderId, { manualOrderCancelTime: "", extOperator: "" });
  }

  /** Every order of the user, whoever sent it. */
  requestGlobalCancel(): void {
    this.#writable().reqGlobalCancel({ manualOrderCancelTime: "", extOperator: "" });
  }

  requestCurrentTime(): void {
    this.#ready().reqCurrentTime();
  }
  /** Answered with the next order id, as at the beginning of a connection. */
  requestNextOrderId(): void {
    this.#ready().reqIds();
  }
  requestAllOpenOrders(): void {
    this.#ready().reqAllOpenOrders();
  }
  requestCompletedOrders(): void {
    this.#ready().reqCompletedOrders(false);
  }
  requestExecutions(reqId: number): void {
    this.#ready().reqExecutions(reqId, {});
  }
  requestPositions(): void {
    this.#ready().reqPositions();
  }
  requestSummary(reqId: number, tags: string): void {
    this.#ready().reqAccountSummary(reqId, "All", tags);
  }
  cancelSummary(reqId: number): void {
    this.#ready().cancelAccountSummary(reqId);
  }
  requestDetails(
    reqId: number,
    contract: { conid?: number; symbol?: string; secType?: string; currency?: string },
  ): void {
    this.#ready().reqContractDetails(reqId, contractQuery(contract));
  }
  requestSymbols(reqId: number, pattern: string): void {
    this.#ready().reqMatchingSymbols(reqId, pattern);
  }
  /** 1 live, 2 frozen, 3 delayed, 4 delayed and frozen; holds for all later requests of this connection. */
  setMarketDataType(type: 1 | 2 | 3 | 4): void {
    this.#ready().reqMarketDataType(type);
  }
  requestMarketData(reqId: number, contract: { conid: number; exchange: string }, genericTicks: string): void {
    this.#ready().reqMktData(reqId, { conId: contract.conid, exchange: contract.exchange }, genericTicks, false, false);
  }
  cancelMarketData(reqId: number): void {
    this.#ready().cancelMktData(reqId);
  }

  #ready(): ReadApi {
    if (this.#state !== "ready") throw new Error("the connection to TWS is not ready");
    return this.#api;
  }

  /** The one way to what changes something at the broker. Throws a Fault. */
  #writable(): IBApi {
    if (this.#readOnly !== undefined) throw new Fault("BROKER_READ_ONLY", this.#readOnly);
    this.#ready();
    return this.#api;
  }

  /** The library gets whole frames, and only those that it reads better than we do: the version, orders and errors. */
  #takeBytes(bytes: Buffer, pass: (frame: Buffer) => void): void {
    this.#tap?.fromServer(bytes);
    for (const frame of this.#gate.push(bytes)) {
      if (this.#state === "ended") return;
      if (this.#serverVersion === null) this.#takeVersion(frame, pass);
      else this.#takeFrame(frame, this.#serverVersion, pass);
    }
  }

  #takeVersion({ tokens, bytes }: Frame, pass: (frame: Buffer) => void): void {
    const [version = "", time] = tokens;
    if (!/^[0-9]{1,4}$/.test(version) || time === undefined) throw new BrokenPeer("the first frame is no greeting");
    this.#serverVersion = Number(version);
    pass(bytes);
  }

  /** What goes wrong with one message costs that message: those behind it are read all the same. */
  #takeFrame(frame: Frame, serverVersion: number, pass: (frame: Buffer) => void): void {
    try {
      const said = readReply(frame.tokens, serverVersion);
      if (said !== "library") for (const event of said) this.#take(event);
      else if (hasBadJson(frame.tokens)) {
        this.#fault(new BrokenPeer(`a reject with JSON that cannot be parsed: ${frame.tokens[REJECT_JSON]}`));
        pass(withoutJson(frame.tokens));
      } else pass(frame.bytes);
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    if (this.#state !== "ended") this.#handlers.onFault(textOf(error));
  }

  #take(event: BrokerEvent): void {
    if (this.#state === "ended") return;
    // Before this the library would keep a command back and send it later.
    if (event.kind === "nextOrderId") {
      this.#state = "ready";
      this.#wasReady = true;
    }
    this.#handlers.onEvent(event);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function contractQuery(query: { conid?: number; symbol?: string; secType?: string; currency?: string }): Contract {
  return {
    ...(query.conid === undefined ? {} : { conId: query.conid }),
    ...(query.symbol === undefined ? {} : { symbol: query.symbol }),
    ...(query.secType === undefined ? {} : { secType: query.secType as SecType }),
    ...(query.currency === undefined ? {} : { currency: query.currency }),
  };
}
