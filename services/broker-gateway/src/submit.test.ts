import { utcText } from "@countersign/clock/clock";
import { denied } from "@countersign/contracts/denial";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
beforeEach(async () => {
  world.auditUp = true;
  world.verdictOutcome = "pass";
  world.notional = "1500";
  world.whileJudging = async () => undefined;
  world.gateRefusal = undefined;
  world.whileAuditing = async () => undefined;
  await world.simulator.control("DELETE", "/faults");
});

describe("a countersigned order", () => {
  test("fills: intent, send, acknowledgement, execution and commission are in its log and in the audit", async () => {
    const { approval, proposal } = await world.approved();
    const before = await world.ordersAtBroker();
    expect(await world.submit(approval)).toBe("sent");
    const facts = await world.execLogWith(proposal, "commission/1");
    const types = facts.map((fact) => fact.type);
    expect(types.slice(0, 3)).toEqual(["intent/1", "sendStarted/1", "acknowledged/1"]);
    expect(types).toContain("filled/1");
    expect(await world.ordersAtBroker()).toBe(before + 1);
    const edges = await eventually(() => {
      const found = world.audit.filter((entry) => entry.correlationId === proposal && entry.kind === "order.edge");
      return found.length === facts.length ? found : undefined;
    });
    expect(edges.map((edge) => edge.body.to)).toContain("FILLED");
  });

  test("is sent once however often it is submitted, also at the same time", async () => {
    const [{ approval, proposal }, before] = [await world.approved(), await world.ordersAtBroker()];
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => world.submit(approval)));
    expect(outcomes.sort()).toEqual(["APPROVAL_CONSUMED", "APPROVAL_CONSUMED", "APPROVAL_CONSUMED", "sent"]);
    expect(await world.submit(approval)).toBe("APPROVAL_CONSUMED");
    expect(await world.ordersAtBroker()).toBe(before + 1);
    const kinds = () => world.audit.flatMap((one) => (one.correlationId === proposal ? (one.body.to ?? one.kind) : []));
    await eventually(() => kinds().filter((kind) => kind === "order.refused")[3]);
    expect(kinds().filter((kind) => kind === "INTENT")).toHaveLength(1);
  });

  test("many at once reach TWS with rising order ids, and none is refused", async () => {
    const orders = await Promise.all(Array.from({ length: 8 }, () => world.approved()));
    const outcomes = await Promise.all(orders.map(({ approval }) => world.submit(approval)));
    expect(outcomes.every((outcome) => outcome === "sent")).toBe(true);
    for (const { proposal } of orders) await world.execLogWith(proposal, "filled/1");
  });
});

describe("what is not countersigned exactly so does not reach the socket", () => {
  async function refused(submit: () => Promise<string>): Promise<string> {
    const before = await world.ordersAtBroker();
    const outcome = await submit().catch((error: { code?: string }) => `fault ${error.code}`);
    expect(await world.ordersAtBroker()).toBe(before);
    return outcome;
  }

  test("a forged signature -> APPROVAL_INVALID", async () => {
    const { approval } = await world.approved({ privateKeyPem: generateKeyPair().privateKeyPem });
    expect(await refused(() => world.submit(approval))).toBe("APPROVAL_INVALID");
  });

  test("another ticket hash -> TICKET_HASH_MISMATCH", async () => {
    const { approval } = await world.approved();
    expect(await refused(() => world.submit(approval, { ticketHash: "1".repeat(64) }))).toBe("TICKET_HASH_MISMATCH");
  });

  test("an expired approval -> APPROVAL_EXPIRED", async () => {
    const statement = { approvedAt: "2026-01-01T00:00:00.000Z", expiresAt: "2026-01-01T00:01:00.000Z" };
    const { approval, proposal } = await world.approved({ statement });
    expect(await refused(() => world.submit(approval))).toBe("APPROVAL_EXPIRED");
    expect(await world.execLog(proposal)).toEqual([]);
  });

  test("the subject of another account -> APPROVAL_INVALID", async () => {
    const { approval } = await world.approved();
    expect(await refused(() => world.submit(approval, { account: "DU7654321" }))).toBe("APPROVAL_INVALID");
  });

  test("the agent itself as approver -> SELF_APPROVAL", async () => {
    const { approval } = await world.approved({ statement: { approver: "agent-1" } });
    expect(await refused(() => world.submit(approval))).toBe("SELF_APPROVAL");
  });

  const TWO = { approvals: 2 } as const;
  test.each([
    ["a ticket for two with one signature", { demand: TWO }, "1500", "SECOND_APPROVER_REQUIRED"],
    ["the same person twice", { demand: TWO, cosigner: "alice" }, "1500", "SECOND_APPROVER_REQUIRED"],
    ["the agent as the second", { demand: TWO, cosigner: "agent-1" }, "1500", "SELF_APPROVAL"],
    ["above this gateway's own limit, whatever the ticket says", {}, "5000.01", "SECOND_APPROVER_REQUIRED"],
    ["a ticket for passkeys with session keys", { demand: { keys: "passkey" } }, "1500", "PASSKEY_REQUIRED"],
  ] as const)("%s -> not sent", async (_, options, notional, code) => {
    world.notional = notional;
    const { approval, proposal, ...cosigned } = await world.approved(options);
    expect(await refused(() => world.submit(approval, cosigned))).toBe(code);
    expect(await world.execLog(proposal)).toEqual([]);
  });

  test("a second signature that is not in the log -> APPROVAL_INVALID", async () => {
    const { approval } = await world.approved();
    const cosignature = world.sign(approval.statement.ticket, { approver: "bob" });
    expect(await refused(() => world.submit(approval, { cosignature }))).toBe("APPROVAL_INVALID");
  });

  test("two people, above the limit -> sent", async () => {
    world.notional = "5000.01";
    const { approval, proposal: _, ...cosigned } = await world.approved({ demand: TWO, cosigner: "bob" });
    expect(await world.submit(approval, cosigned)).toBe("sent");
  });

  test("a good signature that no log knows -> PROPOSAL_NOT_PENDING", async () => {
    expect(await refused(() => world.submit(world.sign(world.ticket())))).toBe("PROPOSAL_NOT_PENDING");
  });

  test("a second approval of the same ticket that is not the recorded one -> APPROVAL_INVALID", async () => {
    const { approval } = await world.approved();
    const other = world.sign(approval.statement.ticket);
    expect(await refused(() => world.submit(other))).toBe("APPROVAL_INVALID");
  });

  test("a verdict that has turned -> RISK_DENIED", async () => {
    world.verdictOutcome = "deny";
    const { approval, proposal } = await world.approved();
    expect(await refused(() => world.submit(approval))).toBe("RISK_DENIED");
    expect(await world.execLog(proposal)).toEqual([]);
  });

  test("a soft limit that the fresh verdict exceeds, confirmed by nobody or by another name -> CONFIRMATION_REQUIRED", async () => {
    for (const statement of [{}, { confirmed: ["priceTick"] }]) {
      const { approval } = await world.approved({ statement });
      world.verdictOutcome = "confirm";
      expect(await refused(() => world.submit(approval))).toBe("CONFIRMATION_REQUIRED");
    }
    const refusals = world.audit.filter(({ body }) => body.code === "CONFIRMATION_REQUIRED");
    expect(refusals.map(({ kind }) => kind)).toEqual(["order.refused", "order.refused"]);
  });

  test("of two people only one has confirmed it -> CONFIRMATION_REQUIRED", async () => {
    const confirmed = { statement: { confirmed: ["maxQuantity"] } };
    const { approval, cosignature } = await world.approved({ ...confirmed, cosigner: "bob" });
    world.verdictOutcome = "confirm";
    expect(await refused(() => world.submit(approval, { ...(cosignature && { cosignature }) }))).toBe(
      "CONFIRMATION_REQUIRED",
    );
  });

  test("the rule that asks is named in what was signed -> sent", async () => {
    const { approval } = await world.approved({ statement: { confirmed: ["maxQuantity"] } });
    world.verdictOutcome = "confirm";
    expect(await world.submit(approval)).toBe("sent");
  });

  test("an audit that does not confirm -> AUDIT_UNAVAILABLE, and the intent is voided", async () => {
    world.auditUp = false;
    const { approval, proposal } = await world.approved();
    expect(await refused(() => world.submit(approval))).toBe("fault AUDIT_UNAVAILABLE");
    expect((await world.execLog(proposal)).map((fact) => fact.type)).toEqual(["intent/1", "killedNotSent/1"]);
  });
});

describe("an approval while the broker cannot be asked", () => {
  test("the link is away, so the gate knows nothing -> it waits, and is sent when the link is back", async () => {
    const { approval, proposal } = await world.approved();
    await world.simulator.control("POST", "/faults", { action: "refuseConnections" });
    world.gateway?.link.drop("test");
    world.verdictOutcome = "deny";
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    expect(await world.execLog(proposal)).toEqual([]);
    await world.simulator.control("DELETE", "/faults");
    await world.linkUp();
    world.verdictOutcome = "pass";
    expect(await world.submit(approval)).toBe("sent");
  });

  test("the link drops while the gate judges, which misses facts then -> it waits", async () => {
    const { approval, proposal } = await world.approved();
    world.verdictOutcome = "deny";
    world.whileJudging = async () => {
      world.gateway?.link.drop("test");
      await world.linkUp();
    };
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    expect(await world.execLog(proposal)).toEqual([]);
  });
});

/** Does something while the intent is on its way into the log. */
function duringIntent(task: () => Promise<void>): void {
  world.whileAuditing = async (entry) => {
    if (entry.body.to !== "INTENT") return;
    world.whileAuditing = async () => undefined;
    await task();
  };
}

describe("what changes after the intent", () => {
  test("the link drops -> nothing is sent, not even after it is back", async () => {
    const { approval, proposal } = await world.approved();
    const before = await world.ordersAtBroker();
    duringIntent(async () => {
      world.gateway?.link.drop("test");
      await world.linkUp();
    });
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    expect((await world.execLog(proposal)).map((fact) => fact.type)).toEqual(["intent/1", "killedNotSent/1"]);
    expect(await world.ordersAtBroker()).toBe(before);
  });

  test("the kill switch falls -> the claim is refused and nothing is sent", async () => {
    const { approval, proposal } = await world.approved();
    const before = await world.ordersAtBroker();
    duringIntent(() => world.kill("HALTED"));
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    expect((await world.execLog(proposal)).map((fact) => fact.type)).toEqual(["intent/1", "killedNotSent/1"]);
    expect(await world.ordersAtBroker()).toBe(before);
    await world.kill("ACTIVE");
  });

  test("the approval expires -> APPROVAL_EXPIRED, nothing is sent", async () => {
    const expiresAt = utcText(Date.now() + 400);
    const { approval } = await world.approved({ statement: { expiresAt } });
    const before = await world.ordersAtBroker();
    duringIntent(() => new Promise((resolve) => setTimeout(resolve, 600)));
    expect(await world.submit(approval)).toBe("APPROVAL_EXPIRED");
    expect(await world.ordersAtBroker()).toBe(before);
  });
});

describe("the kill switch", () => {
  test("HALTED -> no order reaches the simulator, and a cancel does", async () => {
    const resting = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
    expect(await world.submit(resting.approval)).toBe("sent");
    await world.execLogWith(resting.proposal, "acknowledged/1");
    const before = await world.ordersAtBroker();
    await world.kill("HALTED");
    const { approval, proposal } = await world.approved();
    let asked = 0;
    world.whileJudging = async () => {
      asked += 1;
    };
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    expect(asked, "questions to the gate").toBe(0);
    expect(await world.execLog(proposal)).toEqual([]);
    expect(await world.ordersAtBroker()).toBe(before);
    expect((await world.cancel(resting.proposal)).outcome).toBe("ok");
    const facts = await world.execLogWith(resting.proposal, "cancelled/1");
    expect(facts.map((fact) => fact.type)).toContain("cancelRequested/1");
    await world.kill("ACTIVE");
  });

  test("HALTED while the gate still judges -> nothing is sent", async () => {
    const { approval } = await world.approved();
    const before = await world.ordersAtBroker();
    world.whileJudging = () => world.kill("HALTED");
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    expect(await world.ordersAtBroker()).toBe(before);
    await world.kill("ACTIVE");
  });

  test("HALTED only at the gate so far -> its refusal, and nothing is sent", async () => {
    const { approval, proposal } = await world.approved();
    world.gateRefusal = denied("KILL_SWITCH_HALTED");
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    expect(await world.execLog(proposal)).toEqual([]);
  });

  test("REDUCE_ONLY after the gate judged under ACTIVE -> KILL_SWITCH_REDUCE_ONLY", async () => {
    const { approval, proposal } = await world.approved();
    const before = await world.ordersAtBroker();
    world.whileJudging = () => world.kill("REDUCE_ONLY");
    expect(await world.submit(approval)).toBe("KILL_SWITCH_REDUCE_ONLY");
    expect(await world.ordersAtBroker()).toBe(before);
    expect((await world.execLog(proposal)).at(-1)?.type).toBe("killedNotSent/1");
    await world.kill("ACTIVE");
  });

  test("a cancel while the audit is down goes out and is on the record afterwards", async () => {
    const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
    expect(await world.submit(approval)).toBe("sent");
    await world.execLogWith(proposal, "acknowledged/1");
    world.auditUp = false;
    expect((await world.cancel(proposal)).outcome).toBe("ok");
    await world.execLogWith(proposal, "cancelled/1");
    world.auditUp = true;
    const asked = (entry: (typeof world.audit)[number]) =>
      entry.correlationId === proposal && entry.body.event === "cancelRequested";
    await eventually(() => (world.audit.some(asked) ? true : undefined));
  });
});
