import { afterAll, beforeAll, expect, test } from "vitest";
import { POINTS } from "./points/points.ts";
import { runPoint } from "./points/run-point.ts";
import { Stage } from "./system/stage.ts";

/** The most telling of the crash points; all of them: npm run chaos -- --points. */
const stage = new Stage();
beforeAll(() => stage.ready());
afterAll(() => stage.stop());

const kill = (cp: number, text: string) => {
  const point = POINTS.find((one) => one.cp === cp && one.at.text === text);
  if (point === undefined) throw new Error(`no such point: ${text}`);
  return () => runPoint(stage, point, "KILL");
};

test(
  "CP14 the gateway dies when its order has left and TWS has not answered -> adopted and filled, sent once",
  kill(14, "the order has left, TWS has not answered"),
  60_000,
);
test(
  "CP11 the gateway dies between claim and socket -> UNKNOWN, never sent by itself",
  kill(11, "the order is about to leave through the socket"),
  60_000,
);

test("the simulator counted each order once, and no other", async () => {
  const placed = (await stage.trader.journal()).filter(({ name }) => name === "placeOrder");
  expect(placed).toHaveLength(1);
});
