import { Fault } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PolicyWorld } from "./testing/policy-world.ts";

let world: PolicyWorld;
beforeAll(async () => {
  world = await PolicyWorld.open();
});
afterAll(() => world.close());

describe("approved, and the gateway cannot take it", () => {
  /** Approved by the policy while the gateway refuses to be asked. */
  async function waiting(agent: string): Promise<Ticket> {
    await world.set("on");
    world.world.gateway.calls = 0;
    world.world.gateway.answer = async () => {
      throw new Fault("BROKER_UNAVAILABLE");
    };
    const ticket = await world.propose({ quantity: "1", agent });
    await expect.poll(() => world.world.typesOf(ticket)).toEqual(["approved/1"]);
    await expect.poll(() => world.world.gateway.calls).toBeGreaterThan(0);
    return ticket;
  }
  const back = () => {
    world.world.gateway.answer = (request) => world.world.gateway.send(request);
  };

  test("the gateway is back -> it is sent", async () => {
    const ticket = await waiting("six");
    back();
    await expect.poll(() => world.world.sentOf(ticket)).toBe(1);
  });
  test.each([
    ["turns it off", "five", () => world.set("off")],
    ["has it watch only", "four", () => world.set("shadow")],
    ["turns it off, and approval is started again", "three", () => world.set("off").then(() => world.restart())],
  ])("a person %s -> it is void, and never sent", async (_, agent, does) => {
    const ticket = await waiting(agent);
    await does();
    await expect.poll(() => world.world.typesOf(ticket)).toEqual(["approved/1", "voided/1"]);
    back();
    expect((await world.world.decisionsOf(ticket)).at(-1)).toMatchObject({
      code: "APPROVAL_INVALID",
      reason: "a person has taken the policy back since it approved this",
    });
    expect(world.world.sentOf(ticket)).toBe(0);
  });
});
