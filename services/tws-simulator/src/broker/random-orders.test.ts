import { ManualClock } from "@countersign/clock/manual-clock";
import { add, compare, decimal, multiply, subtract, toText, ZERO } from "@countersign/money/decimal";
import { expect, test } from "vitest";
import { NO_CONDITIONS } from "../codec/order-conditions.ts";
import { NO_COMBO } from "../codec/order-legs.ts";
import type { PlaceOrder } from "../codec/place-order.ts";
import { buildBook } from "../market/book.ts";
import { Calendar } from "../market/calendar.ts";
import { Market } from "../market/market.ts";
import { createRng } from "../market/rng.ts";
import { Broker } from "./broker.ts";
import { BrokerState } from "./broker-state.ts";
import type { BrokerEvent } from "./events.ts";
import { NO_HOOKS } from "./hooks.ts";
import { isFinal } from "./model.ts";
import { createVolatileStore } from "./state-store.ts";

const AAPL = 265598;
const ACCOUNT = "DU1234567";
const CASH = "100000";
const TYPES = ["MKT", "LMT", "STP", "STP LMT", "TRAIL", "TRAIL LIMIT", "MIT", "LIT", "MOC", "LOC", "MIDPRICE", "REL"];

/** A broker without a socket, everything it told, and a source of numbers of its own. */
function world(seed: number) {
  const clock = new ManualClock(Date.parse("2026-11-23T20:00:00Z"));
  const book = buildBook();
  const calendar = new Calendar("real");
  const market = new Market({ clock, rng: createRng(seed), book, calendar });
  const state = new BrokerState({ store: createVolatileStore(), accounts: [ACCOUNT], cashUsd: CASH, seed });
  const events: BrokerEvent[] = [];
  const listener = (event: BrokerEvent) => void events.push(structuredClone(event));
  const broker = new Broker({ clock, book, calendar, market, state, listener, hooks: NO_HOOKS });
  const draw = createRng(seed * 31 + 1);
  let drawn = 0;
  const below = (bound: number) => draw(1, drawn++) % bound;
  return { clock, book, market, state, events, broker, below };
}
type FuzzWorld = ReturnType<typeof world>;

function anOrder(w: FuzzWorld, orderId: number, highest: number): PlaceOrder {
  const { below } = w;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const around = () => (19 + below(200) / 100).toFixed(2);
  const orderType = pick(TYPES);
  const trails = orderType.startsWith("TRAIL");
  const byPercent = trails && below(2) === 0;
  return {
    kind: "placeOrder",
    orderId,
    contract: {
      ...{ conId: AAPL, symbol: "", secType: "", expiry: "", strike: undefined, right: "", multiplier: "" },
      ...{ exchange: "SMART", primaryExchange: "", currency: "", localSymbol: "", tradingClass: "" },
    },
    action: pick(["BUY", "SELL"]),
    totalQuantity: String(1 + below(3000)),
    orderType,
    lmtPrice: orderType === "TRAIL LIMIT" ? undefined : around(),
    auxPrice: byPercent ? undefined : trails || orderType === "REL" ? "0.10" : around(),
    trailingPercent: byPercent ? "1" : undefined,
    trailStopPrice: undefined,
    lmtPriceOffset: trails ? "0.05" : undefined,
    tif: pick(["DAY", "GTC", "IOC", "FOK"]),
    ocaGroup: below(3) === 0 ? `g${below(4)}` : "",
    ocaType: 1 + below(3),
    parentId: below(4) === 0 && highest > 1 ? 1 + below(highest - 1) : 0,
    transmit: below(8) > 0,
    ...{
      account: ACCOUNT,
      openClose: "",
      origin: 0,
      orderRef: `r${orderId}`,
      displaySize: undefined,
      triggerMethod: 0,
    },
    ...{ outsideRth: false, hidden: false, combo: NO_COMBO, goodAfterTime: "", goodTillDate: "", allOrNone: false },
    ...{
      minQty: undefined,
      eTradeOnly: false,
      firmQuoteOnly: false,
      algoStrategy: "",
      whatIf: below(20) === 0,
      conditions: NO_CONDITIONS,
      cashQty: undefined,
    },
  };
}

async function play(seed: number, steps: number): Promise<FuzzWorld> {
  const w = world(seed);
  const apple = w.book.get(AAPL);
  if (apple === undefined) throw new Error("no AAPL");
  w.market.pin(apple, decimal("20"));
  let highest = 0;
  for (let step = 0; step < steps; step += 1) {
    const choice = w.below(10);
    if (choice < 5) {
      highest += 1;
      w.broker.place(7, anOrder(w, highest, highest));
    } else if (choice === 5 && highest > 0) w.broker.place(7, anOrder(w, 1 + w.below(highest), highest));
    else if (choice === 6 && highest > 0) w.broker.cancel(7, 1 + w.below(highest));
    else if (choice === 7) await w.clock.advance(w.below(20_000));
    else w.market.pin(apple, decimal((19 + w.below(200) / 100).toFixed(2)));
    w.broker.step();
    await w.clock.advance(w.below(5));
  }
  await w.clock.advance(200);
  return w;
}

/** What must hold whatever clients do; each line names the order that breaks it. */
function violations({ state, events }: FuzzWorld): string[] {
  const found: string[] = [];
  let position = ZERO;
  let cash = decimal(CASH);
  for (const { side, shares, price, commission, permId } of state.executions()) {
    const signed = side === "BOT" ? decimal(shares) : subtract(ZERO, decimal(shares));
    position = add(position, signed);
    cash = subtract(subtract(cash, multiply(signed, decimal(price))), decimal(commission));
    if (compare(decimal(shares), ZERO) <= 0) found.push(`${permId}: an execution of nothing`);
  }
  const account = state.account(ACCOUNT);
  const held = account.positions[String(AAPL)]?.quantity ?? "0";
  if (held !== toText(position)) found.push(`position ${held}, executions ${toText(position)}`);
  if (account.cash.USD !== toText(cash)) found.push(`cash ${account.cash.USD}, executions ${toText(cash)}`);
  for (const order of state.orders()) {
    const own = state.executions().filter(({ permId }) => permId === order.permId);
    const sum = own.reduce((total, { shares }) => add(total, decimal(shares)), ZERO);
    if (toText(sum) !== order.filled) found.push(`${order.permId}: filled ${order.filled}, executions ${toText(sum)}`);
    if (compare(sum, decimal(order.terms.quantity)) > 0) found.push(`${order.permId}: more filled than ordered`);
    const complete = compare(sum, decimal(order.terms.quantity)) === 0;
    if (complete !== (order.status === "Filled")) found.push(`${order.permId}: ${order.status} with ${order.filled}`);
  }
  const ended = new Set<number>();
  for (const event of events) {
    if (event.kind === "execution" && ended.has(event.execution.permId))
      found.push(`${event.execution.permId}: filled after its end`);
    if (event.kind !== "orderStatus" || event.order.permId === 0) continue;
    const { permId, status } = event.order;
    if (ended.has(permId) && !isFinal(event.order)) found.push(`${permId}: ${status} after its end`);
    if (status === "Cancelled") ended.add(permId);
  }
  return found;
}

test.each([1, 2, 3, 4, 5, 6])("seed %i: 400 random steps break no rule of the books", async (seed) => {
  const w = await play(seed, 400);
  expect(violations(w)).toEqual([]);
  expect(w.state.executions().length).toBeGreaterThan(20);
  w.broker.stop();
});

test("the same seed and the same steps tell the same, callback by callback", async () => {
  const [first, second] = [await play(9, 150), await play(9, 150)];
  expect(first.events.length).toBeGreaterThan(100);
  expect(first.events).toEqual(second.events);
});
