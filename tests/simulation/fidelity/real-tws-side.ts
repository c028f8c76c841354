import { PATIENCE_MS } from "@countersign/testing/patience";
import { startSimulator } from "@countersign/testing/simulator";
import { connectTws } from "../../../services/broker-gateway/src/session/connection.ts";
import type { BrokerEvent, Connection } from "../gateway-types.ts";
import { PARTS, REJECTED, type TwsSide } from "./tws-side.ts";

const CONID = 265598;
const DOWN_MS = 500;
/** Longer than anything takes that an order leads to. */
const SETTLE_MS = 1_000;

interface Line {
  readonly connection: Connection;
  readonly ended: Promise<void>;
  /** Called with every event. */
  onEvent: (event: BrokerEvent) => void;
}

/** The simulator in a process of its own, with a clock that is moved by hand, through the gateway's own connections. */
export async function realTwsSide(): Promise<TwsSide> {
  const simulator = await startSimulator({ args: ["--accounts", "DU1234567", "--clock", "manual"] });
  const connect = connectTws({ host: "127.0.0.1", port: simulator.port });
  const lines = new Map<number, Line>();
  let heard: { session: number; event: BrokerEvent }[] = [];
  const post = (fault: object) => simulator.control("POST", "/faults", fault);
  await simulator.control("POST", "/market/price", { conid: CONID, price: "200" });

  /** What was sent has been read, and what was told has arrived. */
  const fence = async () => {
    for (const line of lines.values()) {
      if (!line.connection.ready) continue;
      await new Promise<void>((resolve) => {
        line.onEvent = (event) => event.kind === "currentTime" && resolve();
        void line.ended.then(resolve);
        line.connection.requestCurrentTime();
      });
    }
  };
  const settle = async () => {
    await fence();
    await simulator.control("POST", "/clock/advance", { ms: SETTLE_MS });
    await fence();
  };
  const open = (session: number, clientId: number): Promise<void> => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    return new Promise((resolve) => {
      const onEvent = (event: BrokerEvent) => {
        if (event.kind !== "currentTime") heard.push({ session, event });
        if (event.kind === "nextOrderId") resolve();
        line.onEvent(event);
      };
      const onEnd = () => {
        lines.delete(session);
        end();
        resolve();
      };
      const onFault = (what: string) => {
        throw new Error(what);
      };
      const line: Line = {
        connection: connect(undefined, { onEvent, onEnd, onFault }, undefined),
        ended,
        onEvent: () => undefined,
      };
      lines.set(session, line);
      line.connection.open(clientId);
    });
  };
  const of = (session: number): Connection => {
    const line = lines.get(session);
    if (line === undefined) throw new TypeError(`session ${session} is not open`);
    return line.connection;
  };
  return {
    connect: async (session, clientId) => {
      await open(session, clientId);
      await settle();
    },
    disconnect: async (session) => {
      of(session).end("the script says so");
      await until(async () => !((await clientsOf(simulator)) > lines.size));
    },
    place: async (session, order, fate) => {
      if (fate === "reject") await post({ action: "rejectOrder", text: REJECTED });
      if (fate === "parts") await post({ action: "fillInParts", sizes: PARTS, everyMs: 5 });
      if (fate === "ignored") await post({ action: "ignoreRequest", message: "placeOrder" });
      of(session).placeOrder(order);
      await settle();
      await simulator.control("DELETE", "/faults");
    },
    placeGroup: async (session, orders) => {
      for (const order of orders) of(session).placeOrder(order);
      await settle();
    },
    rise: async () => {
      await simulator.control("POST", "/market/price", { conid: CONID, price: "260" });
      await settle();
      await simulator.control("POST", "/market/price", { conid: CONID, price: "200" });
      await settle();
    },
    cancel: async (session, orderId) => {
      of(session).cancelOrder(orderId);
      await settle();
    },
    ask: async (session, what) => {
      const connection = of(session);
      if (what === "openOrders") connection.requestAllOpenOrders();
      else if (what === "completedOrders") connection.requestCompletedOrders();
      else if (what === "executions") connection.requestExecutions(1);
      else connection.requestNextOrderId();
      await settle();
    },
    lost: async (restored) => {
      await post({ action: "serverLost", downMs: DOWN_MS, restored });
      await simulator.control("POST", "/clock/advance", { ms: DOWN_MS + SETTLE_MS });
      await settle();
    },
    restart: async () => {
      const all = [...lines.values()].map(({ ended }) => ended);
      await post({ action: "restart", downMs: DOWN_MS });
      await Promise.all(all);
      await simulator.control("POST", "/clock/advance", { ms: DOWN_MS + SETTLE_MS });
    },
    heard: () => {
      const all = heard;
      heard = [];
      return all;
    },
    stop: async () => {
      for (const { connection } of [...lines.values()]) connection.end("the end");
      await simulator.stop();
    },
  };
}

async function clientsOf(simulator: Awaited<ReturnType<typeof startSimulator>>): Promise<number> {
  const { clientIds } = (await simulator.control("GET", "/stats")) as { clientIds: readonly number[] };
  return clientIds.length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (performance.now() < endMs) if (await holds()) return;
  throw new Error("the simulator does not notice the end");
}
