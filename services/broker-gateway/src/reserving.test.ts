import { FACTS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
beforeEach(() => {
  world.verdictOutcome = "pass";
});

describe("two orders at once", () => {
  test("the second is judged again with the intent of the first, and a cancel waits for neither", async () => {
    const resting = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
    expect(await world.submit(resting.approval)).toBe("sent");
    await world.execLogWith(resting.proposal, "acknowledged/1");
    const asked: number[] = [];
    const both = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    world.whileJudging = ({ afterSequence }) => {
      asked.push(afterSequence);
      if (asked.length === 2) both.resolve();
      return asked.length <= 2 ? both.promise : again.promise;
    };
    const orders = [await world.approved(), await world.approved()];
    const submitted = Promise.all(orders.map(({ approval }) => world.submit(approval)));
    await eventually(() => (asked.length === 3 ? true : undefined));
    expect((await world.cancel(resting.proposal)).outcome).toBe("ok");
    const logs = await Promise.all(
      orders.map(({ proposal }) => world.approval.readSubject(FACTS.exec, { account: ACCOUNT, proposal })),
    );
    const intents = logs.flatMap((log) => log.filter(({ body }) => body.type === "intent/1"));
    expect(intents).toHaveLength(1);
    expect(asked[2]).toBeGreaterThanOrEqual(intents[0]?.sequence ?? Number.POSITIVE_INFINITY);
    again.resolve();
    expect(await submitted).toEqual(["sent", "sent"]);
  });

  test("one that does not fit after the other -> RISK_DENIED, and its approval is not consumed", async () => {
    let judged = 0;
    world.whileJudging = async () => {
      judged += 1;
      world.verdictOutcome = judged > 2 ? "deny" : "pass";
      if (judged <= 2) await eventually(() => (judged >= 2 ? true : undefined));
    };
    const orders = [await world.approved(), await world.approved()];
    const before = await world.ordersAtBroker();
    const outcomes = await Promise.all(orders.map(({ approval }) => world.submit(approval)));
    expect(outcomes.sort()).toEqual(["RISK_DENIED", "sent"]);
    expect(await world.ordersAtBroker()).toBe(before + 1);
    const logs = await Promise.all(orders.map(({ proposal }) => world.execLog(proposal)));
    expect(logs.filter((facts) => facts.length === 0)).toHaveLength(1);
  });
});

test("the approval is voided while the gate judges once more -> APPROVAL_INVALID, and no intent", async () => {
  const orders = [await world.approved(), await world.approved()];
  let judged = 0;
  world.whileJudging = async () => {
    judged += 1;
    const turn = judged;
    if (turn <= 2) await eventually(() => (judged >= 2 ? true : undefined));
    // Its logs were looked at before it is judged once more, because the other one was first.
    if (turn === 3) await voidUnsent(orders);
  };
  const outcomes = await Promise.all(orders.map(({ approval }) => world.submit(approval)));
  expect(outcomes.sort()).toEqual(["APPROVAL_INVALID", "sent"]);
  const logs = await Promise.all(orders.map(({ proposal }) => world.execLog(proposal)));
  expect(logs.filter((facts) => facts.length === 0)).toHaveLength(1);
});

async function voidUnsent(orders: readonly Awaited<ReturnType<World["approved"]>>[]): Promise<void> {
  for (const { approval, proposal } of orders) {
    const params = { account: ACCOUNT, proposal };
    if ((await world.execLog(proposal)).length > 0) continue;
    const last = await world.approval.readLast(FACTS.decision, params);
    const voided = { type: "voided/1" as const, proposalId: proposal, at: approval.statement.approvedAt };
    const body = { ...voided, code: "RISK_DENIED" as const, reason: "the gate said no to an earlier try" };
    await world.approval.append(FACTS.decision, params, body, { expectedSequence: last?.sequence ?? 0 });
  }
}
