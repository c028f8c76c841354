import { utcText } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, World } from "../test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());

test("the policy remarks on an order after a person has approved it -> it is sent", async () => {
  const { approval, proposal } = await world.approved();
  const check = { check: "turnedOn", outcome: "fail", limit: null, value: null, message: "test" } as const;
  const remark = { type: "assessed/1", proposalId: proposal, at: utcText(Date.now()), mode: "shadow" } as const;
  const body = { ...remark, policy: null, outcome: "person" as const, checks: [check], factsHash: null };
  await world.approval.append(FACTS.policy, { account: ACCOUNT, proposal }, body, { expectedSequence: 0 });
  expect(await world.submit(approval)).toBe("sent");
});
