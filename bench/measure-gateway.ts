import { OrderFeed } from "@countersign/bus/order-feed";
import { createSystemClock } from "@countersign/clock/clock";
import { EventName, IBApi, type Order, OrderAction, OrderType } from "@stoqey/ib";
import type { OrderToSend } from "../services/broker-gateway/src/session/wire.ts";
import { AAPL, ACCOUNT, World } from "../services/broker-gateway/src/test-support.ts";
import { linked } from "../services/broker-gateway/src/testing/linked.ts";
import { measureQuotes } from "./measure-quotes.ts";
import { percentile, type Series } from "./statistics.ts";

/** TWS takes 40 messages a second from us; a queue is not what is measured. */
const PAUSE_MS = 70;
const OPEN_ORDERS = 1_000;
const RECONNECTS = 5;
const CONCURRENT = 4;
const ADDED_BUDGET_MS = 2;
const RECONCILE_BUDGET_MS = 1_000;
/** Far below the market: it rests. */
const RESTING = { orderType: "LMT", limitPrice: "5.00" } as const;

const ORDER: Omit<OrderToSend, "orderId" | "orderRef"> = {
  ...{
    account: ACCOUNT,
    contract: { conid: AAPL, exchange: "SMART" },
    legs: [],
    side: "BUY",
    quantity: "1",
    ...RESTING,
  },
  ...{ timeInForce: "DAY", goodTillDate: "", outsideRth: false, auxPrice: null, trailStopPrice: null },
  ...{ trailingPercent: null, limitPriceOffset: null, group: null, whatIf: false },
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The client library alone: placeOrder -> the first word about the order. */
async function libraryAlone(port: number, rounds: number): Promise<number[]> {
  const api = new IBApi({ host: "127.0.0.1", port, maxReqPerSec: 1_000 });
  const ready = new Promise<number>((resolve) => api.once(EventName.nextValidId, resolve));
  api.connect(90);
  let orderId = await ready;
  const samples: number[] = [];
  for (let round = 0; round < rounds * 1.2; round += 1) {
    const id = orderId;
    const acknowledged = new Promise<void>((resolve) => {
      const hear = (about: number) => {
        if (about !== id) return;
        api.off(EventName.openOrder, hear as never);
        resolve();
      };
      api.on(EventName.openOrder, hear as never);
    });
    const startedAt = performance.now();
    const order: Order = { action: OrderAction.BUY, totalQuantity: 1, orderType: OrderType.LMT, lmtPrice: 5 };
    api.placeOrder(id, { conId: AAPL, exchange: "SMART" }, { ...order, account: ACCOUNT, transmit: true });
    await acknowledged;
    if (round >= rounds * 0.2) samples.push(performance.now() - startedAt);
    api.cancelOrder(id, { manualOrderCancelTime: "", extOperator: "" });
    orderId += 1;
    await pause(PAUSE_MS);
  }
  api.disconnect();
  return samples;
}

/** The same through the gateway's session: its limiter, its frames, its events. */
async function throughSession(port: number, rounds: number): Promise<number[]> {
  let orderId = 1;
  let heard: (about: number) => void = () => undefined;
  const session = await linked(port, (event) => {
    if (event.kind === "openOrder" && event.order.orderId !== null) heard(event.order.orderId);
  });
  const connection = session.link.connection();
  if (connection === undefined) throw new Error("the session is not up");
  const samples: number[] = [];
  for (let round = 0; round < rounds * 1.2; round += 1) {
    const id = orderId;
    const acknowledged = new Promise<void>((resolve) => {
      heard = (about) => about === id && resolve();
    });
    const startedAt = performance.now();
    await session.limiter.take("order");
    connection.placeOrder({ ...ORDER, orderId: id, orderRef: `bench-${id}` });
    await acknowledged;
    if (round >= rounds * 0.2) samples.push(performance.now() - startedAt);
    connection.cancelOrder(id);
    orderId += 1;
    await pause(PAUSE_MS);
  }
  session.stop();
  return samples;
}

/** A countersigned order on the bus -> its acknowledgement in the exec log: verdict, audit, intent and claim included. */
async function throughGateway(world: World, rounds: number): Promise<number[]> {
  const waiting = new Map<string, () => void>();
  const feed = await OrderFeed.open(world.approval, createSystemClock());
  feed.subscribe(({ proposalId, body }) => {
    if (body.type === "acknowledged/1") waiting.get(proposalId)?.();
  });
  const samples: number[] = [];
  for (let round = 0; round < rounds * 1.2; round += 1) {
    const { approval, proposal } = await world.approved({ terms: RESTING });
    const acknowledged = new Promise<void>((resolve) => waiting.set(proposal, resolve));
    await pause(PAUSE_MS);
    const startedAt = performance.now();
    const outcome = await world.submit(approval);
    if (outcome !== "sent") throw new Error(outcome);
    await acknowledged;
    if (round >= rounds * 0.2) samples.push(performance.now() - startedAt);
    await world.cancel(proposal);
  }
  feed.close();
  return samples;
}

async function openMany(world: World, count: number): Promise<void> {
  let placed = 0;
  const one = async () => {
    while (placed < count) {
      placed += 1;
      const { approval } = await world.approved({ terms: RESTING });
      const outcome = await world.submit(approval);
      if (outcome !== "sent") throw new Error(outcome);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, one));
}

/** From the moment that TWS can be asked until everything is compared and orders may be sent again. */
async function reconciled(world: World): Promise<number> {
  const link = world.gateway?.link;
  if (link === undefined) throw new Error("no gateway");
  link.drop("bench");
  let askedAt: number | undefined;
  for (;;) {
    if (link.state === "reconciling") askedAt ??= performance.now();
    if (link.state === "up" && askedAt !== undefined) return performance.now() - askedAt;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function measureGateway(options: {
  rounds: number;
  quoteSeconds: number;
}): Promise<{ series: Series[]; lines: string[] }> {
  const { rounds } = options;
  const world = await World.open();
  try {
    const alone = await libraryAlone(world.simulator.port, rounds);
    const session = await throughSession(world.simulator.port, rounds);
    await world.startGateway({ backOffMs: [20] });
    const whole = await throughGateway(world, rounds);
    await openMany(world, OPEN_ORDERS);
    const times: number[] = [];
    for (let round = 0; round < RECONNECTS; round += 1) times.push(await reconciled(world));
    const open = world.gateway?.table.list().filter(({ order }) => order.state === "WORKING").length ?? 0;
    await world.stopGateway();
    const quotes = await measureQuotes(world, options.quoteSeconds);
    const added = percentile(session, 0.5) - percentile(alone, 0.5);
    return {
      series: [
        { name: "placeOrder -> acknowledged, the client library alone", samples: alone },
        { name: "placeOrder -> acknowledged, through the gateway's session", samples: session },
        { name: "submit on the bus -> acknowledged in the exec log", samples: whole },
        {
          name: `${open} open orders reconciled after a reconnect`,
          samples: times,
          budget: { p50: RECONCILE_BUDGET_MS },
        },
        quotes.series,
      ],
      lines: [
        `placeOrder -> acknowledged: the gateway's session adds ${added.toFixed(2)} ms to the library's own p50 (budget ${ADDED_BUDGET_MS}: ${added <= ADDED_BUDGET_MS ? "met" : "MISSED"})`,
        ...quotes.lines,
      ],
    };
  } finally {
    await world.close();
  }
}
