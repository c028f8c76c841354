import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { Dice } from "../../../services/broker-gateway/src/testing/chaos/dice.ts";
import { admin, pinApple, until } from "../../end-to-end/system.ts";
import { frameOf, isSaid, SAYS, type TwsFrame } from "../relay/tws-frames.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { settled } from "../system/settled.ts";
import { Stage } from "../system/stage.ts";
import { RESTS, type Trader } from "../system/trader.ts";
import { framed } from "./instants.ts";
import { everythingHolds, fault, inTime } from "./run-point.ts";

const stage = new Stage();
let system: ChaosSystem;
let trader: Trader;
beforeEach(async () => {
  await stage.ready();
  ({ system, trader } = stage);
}, 90_000);
afterAll(() => stage.stop(), 30_000);

const health = () => admin(system, "GET", "/api/v1/health");
const ABOUT_ORDERS: readonly string[] = [SAYS.openOrder, SAYS.orderStatus, SAYS.execution, SAYS.commission];

describe("CP19 what TWS says of an order comes in any order and more than once", () => {
  test.each([1, 2, 3, 4])(
    "shuffle %i of statuses, partial fills and commissions, each twice -> FILLED once, 10 in all",
    async (seed) => {
      await fault(system, "POST", { action: "fillInParts", sizes: ["2", "3", "5"], everyMs: 2 });
      const kept: TwsFrame[] = [];
      const collect = (frame: TwsFrame) => {
        if (frame.from !== "server" || !ABOUT_ORDERS.includes(frame.tokens[0] ?? "")) return undefined;
        kept.push(frame);
        return [];
      };
      const proposed = await trader.admitted();
      const stop = system.tws.addRule(collect);
      await trader.approve(proposed);
      const commissions = () => kept.filter((frame) => isSaid(frame, SAYS.commission)).length;
      await until(
        async () => commissions(),
        (count) => count === 3,
      );
      stop();
      const dice = new Dice(seed);
      const twice = [...kept, ...kept].map((frame) => ({ frame, at: dice.roll(1_000_000) }));
      for (const { frame } of twice.sort((left, right) => left.at - right.at)) system.tws.inject(frame.bytes);
      await trader.becomes(proposed, ["FILLED"]);
      const { order } = await until(
        () => trader.viewOf(proposed),
        (view) => view?.order.commission.length > 0,
      );
      expect(order.filled_quantity).toBe("10");
      expect(order.executions).toHaveLength(3);
      expect(await trader.sent(proposed)).toBe(1);
      await everythingHolds(system, trader);
    },
  );
});

describe("CP24 a reconciliation that breaks off half-way", () => {
  const ends = {
    "open orders": SAYS.openOrderEnd,
    "completed orders": SAYS.completedOrdersEnd,
    executions: SAYS.executionEnd,
  };
  for (const [list, id] of Object.entries(ends)) {
    for (const action of ["KILL", "CUT"] as const) {
      test(`${action} before the end of the ${list} -> nothing final before all of it was read; what filled meanwhile is found once`, async () => {
        const [rests, fills] = [await trader.admitted({ ...RESTS, limit_price: "385" }), await trader.admitted(RESTS)];
        for (const one of [rests, fills]) {
          await trader.approveUntilHeard(one);
          await trader.becomes(one, ["WORKING"]);
        }
        const armed = framed(`the end of the ${list}`, (frame) => isSaid(frame, id)).arm(system, action);
        system.tws.open = false;
        system.tws.cut();
        await pin("388");
        system.tws.open = true;
        await inTime(armed.fired, `no end of the ${list}`);
        expect(["WORKING", "UNKNOWN", "FILLED", undefined]).toContain(await trader.stateOf(fills));
        await settled(system);
        await trader.becomes(fills, ["FILLED"]);
        expect(await trader.stateOf(rests)).toBe("WORKING");
        expect((await trader.viewOf(fills)).order.filled_quantity).toBe("10");
        await trader.cancel(rests);
        await trader.becomes(rests, ["CANCELLED"]);
        await pinApple(system.twsControl);
        await everythingHolds(system, trader);
      });
    }
  }
});

async function pin(price: string): Promise<void> {
  const body = JSON.stringify({ conid: 265598, price });
  expect((await fetch(`${system.twsControl}/market/price`, { method: "POST", body })).status).toBe(200);
}

describe("CP25 TWS loses its server, or restarts", () => {
  const outages = {
    "1100, then 1102": { action: "serverLost", downMs: 2_500, restored: "1102" },
    "1100, then 1101": { action: "serverLost", downMs: 2_500, restored: "1101" },
    "the daily restart": { action: "restart", downMs: 2_500 },
  };
  test.each(Object.entries(outages))(
    "%s -> not ready and nothing is sent meanwhile, the approval waits, then sent once",
    async (_, outage) => {
      const proposed = await trader.admitted();
      await fault(system, "POST", outage);
      await until(health, ({ body }) => body.failing === "broker");
      await trader.approve(proposed);
      expect(await trader.sent(proposed)).toBe(0);
      await settled(system);
      const state = await trader.becomes(proposed, ["FILLED", "EXPIRED"]);
      expect(await trader.sent(proposed)).toBe(state === "FILLED" ? 1 : 0);
      await everythingHolds(system, trader);
    },
  );
});

test("CP26 TWS counts order ids from 1 again -> our floor wins, no id is used twice", async () => {
  const stop = system.tws.addRule((frame) => (isSaid(frame, SAYS.nextValidId) ? [frameOf("9", "1", "1")] : undefined));
  await fault(system, "POST", { action: "rollBackOrderIds", clientId: 17, highest: 0 });
  system.tws.cut();
  await settled(system);
  const proposed = await trader.admitted();
  await trader.approve(proposed);
  await trader.becomes(proposed, ["FILLED"]);
  stop();
  const ids = (await trader.journal()).filter(({ name }) => name === "placeOrder").map(({ orderId }) => orderId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.at(-1)).toBe(Math.max(...ids));
  await everythingHolds(system, trader);
});

test("CP29 the broker takes back what it reported as filled -> DISPUTED, a person decides", async () => {
  const proposed = await trader.admitted();
  await fault(system, "POST", { action: "bustExecution", delayMs: 300 });
  await trader.approve(proposed);
  await trader.becomes(proposed, ["DISPUTED"]);
  await sleep(100);
  expect(await trader.sent(proposed)).toBe(1);
  await everythingHolds(system, trader);
});
