import { AuditOutbox } from "@countersign/bus/audit-outbox";
import type { Bus } from "@countersign/bus/bus";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { AnyFact } from "@countersign/orders/fold";
import { OrderProjection } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import type { Deps } from "./deps.ts";
import { LateDecisions } from "./late-decisions.ts";
import { reject, withdraw } from "./refuse.ts";
import { admit, CONFIG, countersign, newTicket } from "./test-support.ts";
import { Logs } from "./testing/logs.ts";
import { UsedKeys } from "./used-keys.ts";

/** A proposal that waits, of which somebody writes `meanwhile` when the refusal is on its way to the log. */
async function waiting(meanwhile: "countersigned/1" | "approved/1") {
  const logs = new Logs();
  const orders = new OrderProjection();
  orders.attach({
    subscribe: (fold) => {
      logs.onStored = fold;
    },
  });
  const ticket = await admit(logs.bus as unknown as Bus, newTicket(60_000, { approvals: 2 }));
  const { proposalId, createdAt } = ticket;
  const fact = { type: meanwhile, proposalId, at: createdAt, approval: countersign(ticket) } as AnyFact;
  logs.onAppend = () => {
    if (logs.last("decision") === undefined) logs.put("decision", fact);
  };
  const outbox = new AuditOutbox({
    ...{ audit: async () => undefined, max: 10 },
    ...{ onDelayed: () => undefined, onDropped: () => undefined },
  });
  const clock = new ManualClock(Date.parse(createdAt));
  const beside = { config: CONFIG, late: new LateDecisions(), keys: new UsedKeys() };
  const deps = { bus: logs.bus, clock, orders, outbox, ...beside } as unknown as Deps;
  const refusals = {
    reject: () => reject(deps, { proposalId, operator: "operator", reason: "no" }),
    withdraw: () => withdraw(deps, { proposalId, agent: "agent", reason: "changed my mind" }),
  };
  return { logs, refusals };
}

test.each([
  ["reject", "rejected/1"],
  ["withdraw", "withdrawn/1"],
] as const)(
  "%s while the first of two people signs -> it holds, and the second can sign no more",
  async (how, type) => {
    const { logs, refusals } = await waiting("countersigned/1");
    expect(await refusals[how]()).toMatchObject({ outcome: "ok" });
    expect(logs.typesOf("decision")).toEqual(["countersigned/1", type]);
  },
);

test.each(["reject", "withdraw"] as const)(
  "%s while the last one signs -> refused, and the approval stands",
  async (how) => {
    const { logs, refusals } = await waiting("approved/1");
    expect(await refusals[how]()).toMatchObject({ outcome: "denied", denial: { code: "PROPOSAL_NOT_PENDING" } });
    expect(logs.typesOf("decision")).toEqual(["approved/1"]);
  },
);
