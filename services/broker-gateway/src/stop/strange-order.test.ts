import { FACTS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";

/** Two installations, each with its own logs, at one broker: to the second the orders of the first are as after a lost log. */
let first: World;
let second: World;
beforeAll(async () => {
  first = await World.open();
  second = await World.open();
});
afterAll(async () => {
  await second?.close();
  await first?.close();
});

test("an order of ours that no log knows -> HALTED before the first order can be sent, until a person has reset it", async () => {
  await first.startGateway();
  const { approval, proposal } = await first.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
  expect(await first.submit(approval)).toBe("sent");
  await first.execLogWith(proposal, "acknowledged/1");
  const reference = first.gateway?.table.get(proposal)?.order.orderRef ?? "";
  await first.stopGateway();

  const gateway = await second.startGateway({}, true, first.simulator.port);
  expect(gateway.view.level({})).toMatchObject({ level: "HALTED", reason: expect.stringContaining(reference) });
  expect(await second.submit((await second.approved()).approval)).toBe("KILL_SWITCH_HALTED");
  const entry = await eventually(() => gateway.view.trips().find(({ cause }) => cause === "strange-order"));
  const actor = { kind: "operator", id: "alice" } as const;
  const body = {
    type: "trip-reset/1",
    tripSequence: entry.sequence,
    actor,
    reason: "looked",
    at: new Date().toISOString(),
  };
  await second.admin.append(FACTS.tripReset, { key: entry.key }, body as never, { expectedSequence: 0 });
  await eventually(() => (gateway.view.trips().every(({ level }) => level === "NONE") ? true : undefined));
  await gateway.reconciler.read("test");
  expect(gateway.view.trips().every(({ level }) => level === "NONE")).toBe(true);
});
