import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./test-support.ts";

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());

test("a cancel leaves before the orders and reads that wait for their turn, however many they are", async () => {
  const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
  await world.submit(approval);
  await world.execLogWith(proposal, "acknowledged/1");
  const { gateway } = world;
  if (gateway === undefined) throw new Error("no gateway");
  await world.kill("HALTED");
  let left = 0;
  const send = async (lane: "order" | "read") => {
    await gateway.limiter.take(lane);
    left += 1;
    gateway.link.connection()?.requestCurrentTime();
  };
  const flood = Array.from({ length: 100 }, (_, index) => send(index % 2 === 0 ? "order" : "read"));
  const reply = await world.cancel(proposal);
  expect(reply.outcome).toBe("ok");
  const leftBefore = left;
  await world.execLogWith(proposal, "cancelled/1");
  expect((await world.simulator.frames()).cancelOrder).toBe(1);
  expect(leftBefore).toBeLessThan(60);
  await Promise.all(flood);
  await world.kill("ACTIVE");
});
