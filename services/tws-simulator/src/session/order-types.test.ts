import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
beforeEach(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "20");
  client = await simulator.library();
});
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

/** Places and waits for the first status. */
async function placed(order: object): Promise<number> {
  const id = client.place(AAPL, order);
  await client.waitFor(EventName.orderStatus, (args) => args[0] === id);
  return id;
}
const filled = (id: number) => client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Filled");
const prices = () => client.of(EventName.execDetails).map(({ args }) => (args[2] as { price: number }).price);
/** The order as the broker shows it now. */
async function shown(id: number): Promise<Record<string, unknown>> {
  client.events.length = 0;
  client.api.reqAllOpenOrders();
  await client.waitFor(EventName.openOrderEnd);
  const found = client.of(EventName.openOrder).find(({ args }) => args[0] === id);
  return found?.args[2] as Record<string, unknown>;
}

describe("orders that wait for a price", () => {
  const waits = ["5 PreSubmitted", "3 PreSubmitted trigger"];
  test.each([
    ["STP", { orderType: "STP", auxPrice: 20.5 }, "20.49", "20.50", 20.51],
    ["STP LMT", { orderType: "STP LMT", auxPrice: 20.5, lmtPrice: 20.6 }, "20.49", "20.50", 20.51],
    ["MIT", { orderType: "MIT", auxPrice: 19.5 }, "19.51", "19.50", 19.51],
    ["LIT", { orderType: "LIT", auxPrice: 19.5, lmtPrice: 19.52 }, "19.51", "19.50", 19.51],
  ])("BUY %s waits with the reason trigger, and one tick further it is submitted and filled", async (...row) => {
    covers(
      "sequence/stop-waits",
      "order/stop",
      "order/stop-limit",
      "order/market-if-touched",
      "order/limit-if-touched",
    );
    const [, order, before, reached, price] = row;
    const id = await placed(order);
    await simulator.pin(AAPL.conId, before);
    expect(story(client, id)).toEqual(waits);
    await simulator.pin(AAPL.conId, reached);
    await filled(id);
    expect(story(client, id).slice(2, 5)).toEqual(["5 Submitted", "3 Submitted", "11"]);
    expect(prices()).toEqual([price]);
  });

  test("SELL STP LMT that jumps over its limit -> triggered, and rests at the limit until the market is back", async () => {
    const id = await placed({ orderType: "STP LMT", action: "SELL", auxPrice: 19.5, lmtPrice: 19.4 });
    await simulator.pin(AAPL.conId, "19.00");
    await client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Submitted");
    expect(prices()).toEqual([]);
    await simulator.pin(AAPL.conId, "19.45");
    await filled(id);
    expect(prices()).toEqual([19.4]);
  });

  test("a stop order shows its stop as the second stop price; a trigger by bid and ask does not look at the last price", async () => {
    const id = await placed({ orderType: "STP", action: "SELL", auxPrice: 19.99, triggerMethod: 4 });
    await filled(id);
    const other = await placed({ orderType: "STP", action: "SELL", auxPrice: 19.99 });
    expect(await shown(other)).toMatchObject({ auxPrice: 19.99, trailStopPrice: 19.99, orderType: "STP" });
  });

  test("SELL TRAIL by amount follows the market up, stands still when it falls, and sells at the stop", async () => {
    covers("sequence/stop-waits", "order/trail-amount");
    const id = await placed({ orderType: "TRAIL", action: "SELL", auxPrice: 0.5 });
    expect(await shown(id)).toMatchObject({ trailStopPrice: 19.5, auxPrice: 0.5 });
    await simulator.pin(AAPL.conId, "21");
    expect(await shown(id)).toMatchObject({ trailStopPrice: 20.5 });
    await simulator.pin(AAPL.conId, "20.60");
    expect(await shown(id)).toMatchObject({ trailStopPrice: 20.5 });
    await simulator.pin(AAPL.conId, "20.50");
    await filled(id);
    expect(prices()).toEqual([20.49]);
  });

  test("BUY TRAIL by percent follows the market down, its stop on a tick", async () => {
    covers("order/trail-percent");
    const id = await placed({ orderType: "TRAIL", trailingPercent: 3 });
    await simulator.pin(AAPL.conId, "19.77");
    expect(await shown(id)).toMatchObject({ trailStopPrice: 20.37, trailingPercent: 3 });
    await simulator.pin(AAPL.conId, "20.37");
    await filled(id);
  });

  test("SELL TRAIL LIMIT carries its limit along at the offset, and rests there once it is triggered", async () => {
    covers("order/trail-limit");
    const terms = { auxPrice: 0.5, trailStopPrice: 19.6, lmtPriceOffset: 0.2 };
    const id = await placed({ orderType: "TRAIL LIMIT", action: "SELL", ...terms });
    expect(await shown(id)).toMatchObject({ trailStopPrice: 19.6, lmtPrice: 19.4, lmtPriceOffset: 0.2 });
    await simulator.pin(AAPL.conId, "21");
    expect(await shown(id)).toMatchObject({ trailStopPrice: 20.5, lmtPrice: 20.3 });
    await simulator.pin(AAPL.conId, "20");
    await client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Submitted");
    await simulator.pin(AAPL.conId, "20.35");
    await filled(id);
    expect(prices()).toEqual([20.3]);
  });

  test("a stop moved away from the market in place waits at its new price", async () => {
    const id = await placed({ orderType: "STP", auxPrice: 20.5 });
    client.place(AAPL, { orderType: "STP" as never, auxPrice: 21 }, id);
    await client.waitFor(EventName.openOrder, ([, , order]) => (order as { auxPrice: number }).auxPrice === 21);
    await simulator.pin(AAPL.conId, "20.60");
    expect(prices()).toEqual([]);
    await simulator.pin(AAPL.conId, "21");
    await filled(id);
  });
});

describe("orders whose price moves with the market", () => {
  test("MIDPRICE fills in the middle; beyond its cap it rests and names the cap", async () => {
    covers("order/midprice");
    const id = await placed({ orderType: "MIDPRICE" });
    await filled(id);
    expect(prices()).toEqual([20]);
    const capped = await placed({ orderType: "MIDPRICE", lmtPrice: 19.5 });
    await simulator.pin(AAPL.conId, "20.10");
    const isCapped = (args: readonly unknown[]) => args[0] === capped && args[10] === 19.5;
    const [told] = await client.waitFor(EventName.orderStatus, isCapped);
    expect(told?.args[1]).toBe("Submitted");
  });

  test("REL rests at its offset from the own side, and fills when the other side comes there", async () => {
    covers("order/relative");
    const rests = await placed({ orderType: "REL", auxPrice: 0.01 });
    expect(story(client, rests).at(-1)).toBe("3 Submitted");
    const meets = await placed({ orderType: "REL", auxPrice: 0.02 });
    await filled(meets);
    expect(prices()).toContain(20.01);
  });

  test("MIDPRICE on a currency pair -> 387", async () => {
    const id = client.place({ conId: 12087792, exchange: "IDEALPRO" }, { orderType: "MIDPRICE" as never });
    await client.waitFor(EventName.error, (args) => args[1] === 387 && args[2] === id);
    expect(errorText(client, id, 387)).toBe("Unsupported order type for this exchange and security type.");
  });
});
