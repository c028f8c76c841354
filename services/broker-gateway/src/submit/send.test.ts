import type { KillLevel } from "@countersign/contracts/control";
import { testTicket } from "@countersign/roster/testing/test-ticket";
import { expect, test } from "vitest";
import type { OrderActor } from "../orders/order-actor.ts";
import type { SubmitDeps } from "./deps.ts";
import { sendOnce } from "./send.ts";

const NOW_MS = Date.parse("2026-11-20T10:00:10.000Z");
const SCOPES = { account: "DU1234567", agent: "agent", conids: [265598] };

/** A claim that is won, and what is known of the kill switch in the tick after it. */
async function send(byPolicy: boolean, after: { level?: KillLevel; autoOff?: string }) {
  const [placed, facts, asked]: [object[], object[], object[]] = [[], [], []];
  const ticket = testTicket({});
  const ids = {
    proposalId: ticket.proposalId,
    ticketHash: "a".repeat(64),
    orderRef: "cs1.x",
    orderId: 7,
    leg: "entry",
  };
  const actor = { order: { ...SCOPES, ...ids }, exits: [], append: async (fact: object) => facts.push(fact) };
  let claimed = false;
  const deps = {
    bus: {
      append: async () => {
        claimed = true;
        return { outcome: "appended", duplicate: false, sequence: 9 };
      },
    },
    clock: { nowMs: () => NOW_MS, monotonicMs: () => 0, setTimeout: () => undefined },
    link: { state: "up", epoch: 3, connection: () => ({ placeOrder: (one: object) => placed.push(one) }) },
    log: { error: () => undefined },
    view: {
      ...{ sequence: () => 8, acknowledge: () => undefined, writerEpoch: () => undefined },
      level: () => ({ level: claimed ? (after.level ?? "ACTIVE") : "ACTIVE", reason: "test" }),
      autoOff: (scopes: object) => {
        asked.push(scopes);
        return after.autoOff;
      },
    },
  } as unknown as SubmitDeps;
  const outcome = await sendOnce(deps, {
    ...{ actor: actor as unknown as OrderActor, ticket, byPolicy, epoch: 3, levelBefore: "ACTIVE" },
    approvalExpiresAt: "2026-11-20T10:02:00.000Z",
  });
  return { outcome, placed: placed.length, facts, asked };
}

test("policies were stopped after the claim -> nothing of a policy is sent, and that is in the log", async () => {
  const { outcome, placed, facts, asked } = await send(true, { autoOff: "no operator was there" });
  expect(outcome).toMatchObject({ outcome: "denied", denial: { code: "APPROVAL_INVALID" } });
  expect([placed, asked]).toEqual([0, [SCOPES]]);
  expect(facts).toMatchObject([{ type: "killedNotSent/1", reason: "policies are stopped: no operator was there" }]);
});

test("the same stop lets through what a person has approved, and no stop what a policy has", async () => {
  expect(await send(false, { autoOff: "no operator was there" })).toMatchObject({
    outcome: { outcome: "sent" },
    placed: 1,
  });
  expect(await send(true, {})).toMatchObject({ outcome: { outcome: "sent" }, placed: 1 });
});

test.each(["REDUCE_ONLY", "HALTED"] as const)(
  "%s after the claim -> nothing is sent, whoever approved",
  async (level) => {
    for (const byPolicy of [true, false])
      expect(await send(byPolicy, { level })).toMatchObject({ outcome: { outcome: "denied" }, placed: 0 });
  },
);
