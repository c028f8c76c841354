import { AuditOutbox } from "@countersign/bus/audit-outbox";
import type { Bus } from "@countersign/bus/bus";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import type { AnyFact } from "@countersign/orders/fold";
import { OrderProjection } from "@countersign/orders/projection";
import { describe, expect, test } from "vitest";
import type { Deps } from "./deps.ts";
import { LateDecisions } from "./late-decisions.ts";
import { closeApproved } from "./submit.ts";
import { sweep, UndecidedOrders } from "./sweeper.ts";
import { admit, CONFIG, countersign, newTicket } from "./test-support.ts";
import { Logs } from "./testing/logs.ts";
import { type UnsentApproval, UnsentApprovals } from "./unsent-approvals.ts";

/** An approved order of which the gateway has written nothing yet. */
async function approved(audited: boolean) {
  const logs = new Logs();
  const orders = new OrderProjection();
  const undecided = new UndecidedOrders(orders);
  orders.attach({
    subscribe: (fold) => {
      logs.onStored = fold;
    },
  });
  const ticket = await admit(logs.bus as unknown as Bus, newTicket());
  const { proposalId } = ticket;
  const approval = countersign(ticket);
  const { approvedAt: at, expiresAt } = approval.statement;
  const sequence = logs.put("decision", { type: "approved/1", proposalId, at, approval });
  const unsent: UnsentApproval = { approvals: { approval }, at, sequence, audited };
  const clock = new ManualClock(Date.parse(expiresAt));
  const audit: AuditEntry[] = [];
  const outbox = new AuditOutbox({
    ...{ audit: async (entry) => audit.push(entry), max: 10 },
    ...{ onDelayed: () => undefined, onDropped: () => undefined },
  });
  const beside = { config: CONFIG, unsent: new UnsentApprovals(), late: new LateDecisions() };
  const deps = { bus: logs.bus, clock, orders, outbox, ...beside } as unknown as Deps;
  const events = () => audit.map(({ body }) => body.event);
  const intent = () => void logs.put("exec", { type: "intent/1", proposalId, at } as AnyFact);
  const voided: DecisionFact = { type: "voided/1", proposalId, at, code: "KILL_SWITCH_HALTED", reason: "no" };
  return { deps, logs, undecided, unsent, clock, events, intent, voided, proposalId };
}

describe("an approval that is ended while it may be used", () => {
  test("nothing else is written about the order -> it ends, and the audit hears both", async () => {
    const { deps, logs, unsent, voided, events } = await approved(false);
    expect(await closeApproved(deps, unsent, voided)).toBe(true);
    expect(logs.typesOf("decision")).toEqual(["approved/1", "voided/1"]);
    expect(events()).toEqual(["approved", "voided"]);
  });

  test("an intent is written after the look at its log -> the approval stands", async () => {
    const { deps, logs, unsent, voided, intent, events } = await approved(true);
    logs.onAppend = intent;
    expect(await closeApproved(deps, unsent, voided)).toBe(false);
    expect(logs.typesOf("decision")).toEqual(["approved/1"]);
    expect(logs.typesOf("exec")).toEqual(["intent/1"]);
    expect(events()).toEqual([]);
  });

  test("an intent and a remark of the policy are written while its logs are read -> the approval stands", async () => {
    const { deps, logs, unsent, voided, intent, proposalId } = await approved(true);
    const { readLast } = logs.bus;
    logs.bus.readLast = async (fact) => {
      const last = readLast(fact);
      if (fact === FACTS.exec) {
        intent();
        logs.put("policy", { type: "assessed/1", proposalId } as AnyFact);
      }
      return last;
    };
    expect(await closeApproved(deps, unsent, voided)).toBe(false);
    expect(logs.typesOf("decision")).toEqual(["approved/1"]);
  });

  test("the policy has remarked on the order since it was approved -> it ends", async () => {
    const { deps, logs, unsent, voided, proposalId } = await approved(true);
    logs.put("policy", { type: "assessed/1", proposalId } as AnyFact);
    expect(await closeApproved(deps, unsent, voided)).toBe(true);
    expect(logs.typesOf("decision")).toEqual(["approved/1", "voided/1"]);
  });
});

describe("an approval that the audit has not heard of when its time is over", () => {
  test("not yet ended -> it is not forgotten", async () => {
    const { deps, undecided, unsent, proposalId } = await approved(false);
    deps.unsent.add(proposalId, unsent);
    await sweep(deps, undecided);
    expect(deps.unsent.waiting()).toEqual([[proposalId, unsent]]);
  });

  test("somebody else has used it -> nothing ends, and the audit hears of it", async () => {
    const { deps, logs, undecided, unsent, clock, intent, events, proposalId } = await approved(false);
    deps.unsent.add(proposalId, unsent);
    await sweep(deps, undecided);
    // The copy of the log is late: the intent stands there, and this process does not know it.
    logs.onStored = () => undefined;
    intent();
    await clock.advance(CONFIG.expiryGraceMs);
    await sweep(deps, undecided);
    expect(logs.typesOf("decision")).toEqual(["approved/1"]);
    expect(events()).toEqual(["approved"]);
    expect(deps.unsent.waiting()).toEqual([]);
  });
});
