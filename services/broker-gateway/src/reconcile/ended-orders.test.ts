import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";
import { line } from "../testing/frames.ts";
import { WireProxy } from "../testing/wire-proxy.ts";

let world: World;
let proxy: WireProxy;
beforeAll(async () => {
  world = await World.open();
  proxy = await new WireProxy(world.simulator.port).start();
  await world.startGateway({}, true, proxy.port);
});
afterAll(async () => {
  await world?.close();
  await proxy?.stop();
});

const read = () => world.admin.request(RPCS.reconcileNow, {});

test("said to be cancelled and shown as open long after -> DISPUTED, and a cancel reaches it; a moment after -> CANCELLED", async () => {
  const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "acknowledged/1");
  const actor = world.gateway?.table.get(proposal);
  if (actor === undefined) throw new Error("no order");
  // Until the broker has said all that it says of a new order, its own words would come after ours.
  await eventually(() => (actor.order.state === "WORKING" && actor.order.permId !== null ? true : undefined));
  const { orderId, permId, clientId } = actor.order;
  proxy.inject(line(`3|${orderId}|Cancelled|0|10|0|${permId}|0|0|${clientId}||0`));
  await world.execLogWith(proposal, "cancelled/1");
  expect(await read()).toMatchObject({ outcome: "ok" });
  expect(actor.order.state).toBe("CANCELLED");
  actor.movedAtMs -= 30_000;
  expect(await read()).toMatchObject({ outcome: "ok" });
  expect(actor.order).toMatchObject({ state: "DISPUTED", dispute: expect.stringMatching(/Submitted.*CANCELLED/) });
  const before = (await world.simulator.frames()).cancelOrder ?? 0;
  expect(await world.cancel(proposal)).toMatchObject({ outcome: "ok" });
  await eventually(async () => (((await world.simulator.frames()).cancelOrder ?? 0) > before ? true : undefined));
});
