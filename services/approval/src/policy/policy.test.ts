import type { Bus } from "@countersign/bus/bus";
import type { UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { SignedApproval, Ticket } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import { sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { verifySignature } from "@countersign/roster/verify-signature";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, at, auditOf, connect, countersign, setKill } from "../test-support.ts";
import { openLedger } from "./ledger-log.ts";
import { PEOPLE, PolicyWorld, policyNow, signed } from "./testing/policy-world.ts";

let world: PolicyWorld;
/** A second connection of the service: what another process of it would write. */
let other: Bus;
beforeAll(async () => {
  world = await PolicyWorld.open();
  other = await connect(world.world.nats, "approval", ["approval-core"]);
});
afterAll(async () => {
  await other.drain();
  await world.close();
});
beforeEach(() => {
  world.document = signed(policyNow());
  world.facts = (facts) => facts;
});
afterEach(async () => {
  await setKill(world.world.admin, "ACTIVE");
  await world.set("off");
});

const side = (ticket: Ticket) => world.decided(ticket, []);
const failing = async (ticket: Ticket) =>
  (await world.assessed(ticket)).checks.filter(({ outcome }) => outcome !== "pass").map(({ check }) => check);
/** Another day for the sums: a policy with more room. */
const roomy = (notional = "1000000") =>
  signed(
    policyNow({
      limits: {
        ...policyNow().limits,
        dayNotionalMax: { agent: notional, account: notional },
        positionValueMax: notional,
      },
    }),
  );

describe("off", () => {
  test("nobody ever turned it on -> nothing is looked at, and the order waits for a person", async () => {
    expect(await world.status()).toMatchObject({ mode: "off", since: null, document: { state: "valid" } });
    const ticket = await world.propose();
    expect(await world.assessments(ticket)).toEqual([]);
    expect(await world.world.typesOf(ticket)).toEqual([]);
  });
});

describe("on", () => {
  test("inside -> approved and sent without a person, and every record says policy", async () => {
    expect(await world.set("on")).toMatchObject({
      outcome: "ok",
      value: { mode: "on", since: { actor: { id: "operator" } } },
    });
    const ticket = await world.propose();
    await world.decided(ticket, ["approved/1"]);
    const [fact] = await world.world.decisionsOf(ticket);
    if (fact?.type !== "approved/1") throw new Error("not approved");
    const { statement } = fact.approval;
    expect(statement).toMatchObject({
      by: "policy",
      approver: "robot",
      policy: { id: "small-orders", hash: world.hash() },
    });
    expect(await verifySignature(PEOPLE.roster, fact.approval)).toMatchObject({ signer: { kind: "policy" } });
    await expect.poll(() => world.world.sentOf(ticket)).toBe(1);
    const records = (await auditOf(world.world.operators, ticket.proposalId)).map(({ entry }) => entry);
    expect(records.map(({ kind, actor }) => `${kind} ${actor.kind} ${actor.id}`)).toEqual([
      "policy.assessed policy small-orders",
      "order.edge policy robot",
    ]);
    expect(await world.status()).toMatchObject({
      used: [{ agent: null, orders: 1, notional: { amount: "500" } }, { agent: "agent" }],
    });
  });
  test("outside of one limit -> left to a person, with the reason; a person may still approve it", async () => {
    await world.set("on");
    const ticket = await world.propose({ quantity: "21" });
    await side(ticket);
    expect(await failing(ticket)).toEqual(["orderNotional"]);
    expect((await world.assessed(ticket)).outcome).toBe("person");
    expect(await world.world.approve(countersignBy(ticket))).toMatchObject({ outcome: "ok" });
  });
  test("the gate has no answer -> left to a person", async () => {
    await world.set("on");
    world.facts = () => undefined;
    const ticket = await world.propose();
    await side(ticket);
    expect(await failing(ticket)).toContain("verdict");
  });
  test.each(["REDUCE_ONLY", "HALTED"] as const)("the kill switch at %s -> left to a person", async (level) => {
    await world.set("on");
    await setKill(world.world.admin, level);
    await expect
      .poll(async () => {
        const ticket = await world.propose();
        await side(ticket);
        return failing(ticket);
      })
      .toContain("killSwitch");
  });
  test("a service stopped policies only (AUTO_OFF) -> left to a person, until that stop is over", async () => {
    await world.set("on");
    const { gate } = world.world;
    const key = { cause: "account-values", scope: `account.${ACCOUNT}` } as const;
    const trip = { type: "trip/1", reason: "no fresh value", at: at() } as const;
    await gate.append(FACTS.riskGateTrip, key, { ...trip, level: "AUTO_OFF", evidence: [] }, {});
    await expect
      .poll(async () => {
        const ticket = await world.propose({ quantity: "1" });
        await world.assessed(ticket);
        return failing(ticket);
      })
      .toEqual(["killSwitch"]);
    const ticket = await world.propose({ quantity: "1" });
    await side(ticket);
    expect(await world.world.approve(countersignBy(ticket))).toMatchObject({ outcome: "ok" });
    await gate.append(FACTS.riskGateTrip, key, { ...trip, level: "NONE", evidence: [] }, {});
    await expect
      .poll(async () => (await world.assessed(await world.propose({ quantity: "1" }))).outcome)
      .toBe("approve");
  });
  test("an approval by policy that comes from elsewhere is refused", async () => {
    const ticket = await world.propose();
    const policy = { id: "small-orders", hash: world.hash() };
    const approval = countersignBy(ticket, { by: "policy", policy, approver: "robot" });
    expect(await world.world.approve(approval)).toMatchObject({ denial: { code: "APPROVAL_INVALID" } });
    expect(await world.world.typesOf(ticket)).toEqual([]);
  });
});

/** As the admin API signs for its person. */
function countersignBy(ticket: Ticket, change: Parameters<typeof countersign>[1] = {}): SignedApproval {
  const { statement } = countersign(ticket);
  const said = { ...statement, ...change };
  const { keyId, privateKeyPem } = PEOPLE.keyOf("operator");
  return { statement: said, keyId, signature: sign(privateKeyPem, canonicalJson(said)) };
}

describe("the document", () => {
  test("signed by one person, expired or missing -> nobody can turn it on", async () => {
    const refused = { denial: { code: "AUTO_APPROVAL_POLICY_INVALID" } };
    world.document = signed(policyNow(), ["ada"]);
    expect(await world.set("on")).toMatchObject(refused);
    world.document = signed(policyNow({ expiresAt: at(-1) }));
    expect(await world.set("shadow")).toMatchObject(refused);
    world.document = undefined;
    expect(await world.set("on", "c".repeat(64))).toMatchObject(refused);
    expect(await world.status()).toMatchObject({ mode: "off", document: { state: "none" } });
  });
  test("another one than the person meant -> not turned on", async () => {
    expect(await world.set("on", "c".repeat(64))).toMatchObject({ denial: { detail: { hash: world.hash() } } });
  });
  test("it expires, loses a signature, changes by one byte, or is signed anew -> left to a person from then on", async () => {
    await world.set("on");
    const good = world.document ?? "";
    const worse: [string, string][] = [
      [signed(policyNow({ expiresAt: at(-1) })), "policy"],
      [signed(JSON.parse(good).policy, ["ada"]), "policy"],
      [good.replace('"1000"', '"1001"'), "policy"],
      [signed(policyNow({ version: 2 })), "turnedOn"],
    ];
    for (const [text, check] of worse) {
      world.document = text;
      const ticket = await world.propose({ quantity: "1" });
      await side(ticket);
      expect(await failing(ticket), check).toContain(check);
    }
  });
});

describe("shadow", () => {
  test("decides and records, and approves nothing", async () => {
    await world.set("shadow");
    const ticket = await world.propose();
    expect(await world.assessed(ticket)).toMatchObject({ mode: "shadow", outcome: "approve" });
    // The next one is assessed after this one: by then it would have been approved.
    await side(await world.propose({ quantity: "1000" }));
    expect(await world.world.typesOf(ticket)).toEqual([]);
    const kinds = (await auditOf(world.world.operators, ticket.proposalId)).map(({ entry }) => entry.kind);
    expect(kinds).toEqual(["policy.assessed"]);
    expect((await world.status()).used).toMatchObject([{ orders: 1 }, { orders: 1 }]);
  });
});

describe("too often the same", () => {
  test("the third in the window turns it off for good: the fourth waits, also after a restart, until a person turns it on", async () => {
    world.document = roomy();
    const one = { quantity: "1", agent: "eager" };
    await world.set("on");
    const three = [];
    for (let count = 0; count < 3; count += 1) three.push(await world.propose(one));
    for (const ticket of three) await expect.poll(() => world.world.typesOf(ticket)).toEqual(["approved/1"]);
    expect(await world.status()).toMatchObject({
      mode: "off",
      since: { cause: "throttle", actor: { kind: "policy" } },
    });
    await world.restart();
    const fourth = await world.propose(one);
    expect(await world.status()).toMatchObject({ mode: "off", turnedOn: null });
    expect(await world.assessments(fourth)).toEqual([]);
    expect(await world.set("on")).toMatchObject({ value: { mode: "on" } });
    const fifth = await world.propose(one);
    await world.decided(fifth, ["approved/1"]);
    // What lay there before it was turned on again stays with people.
    await world.restart();
    await world.decided(await world.propose(one), ["approved/1"]);
    expect(await world.world.typesOf(fourth)).toEqual([]);
  });
});

describe("the room of a day", () => {
  test("cut into parts, by many agents, over restarts and at the same time: the sum never passes the limit", async () => {
    const sum = async () =>
      Number((await world.status()).used.find(({ agent }) => agent === null)?.notional.amount ?? "0");
    const before = await sum();
    const dayNotionalMax = { agent: "1000000", account: String(before + 500) };
    world.document = signed(
      policyNow({ limits: { ...policyNow().limits, dayNotionalMax, positionValueMax: "1000000" } }),
    );
    const agents = [
      ["one", "two"],
      ["three", "four"],
      ["five", "six"],
    ];
    for (const pair of agents) {
      await world.set("on");
      const tickets = await Promise.all(pair.map((agent) => world.propose({ agent, quantity: "3" })));
      for (const ticket of tickets) await world.assessed(ticket);
      await world.restart();
    }
    // Six times 150: three fit.
    expect((await sum()) - before).toBe(450);
  });
  test("the process ends between the room taken and the approval -> approved after the restart, and counted once", async () => {
    world.document = roomy();
    await world.set("on");
    await world.world.stopApproval();
    const ticket = await world.propose({ quantity: "2", agent: "other" });
    const used: UsedEntry = {
      ...{
        type: "used/1",
        at: at(),
        mode: "on",
        policy: { id: "small-orders", hash: world.hash() },
        proposalId: ticket.proposalId,
      },
      ...{ account: ticket.terms.account, agent: "other", conid: 265598, side: "BUY" },
      ...{ notional: { amount: "100", currency: "USD" }, schedule: null, turnsOff: false },
    };
    const last = await other.readLast(FACTS.ledger, {});
    await other.append(FACTS.ledger, {}, used, { expectedSequence: last?.sequence ?? 0 });
    await world.restart();
    await world.decided(ticket, ["approved/1"]);
    expect((await world.status()).used).toContainEqual(expect.objectContaining({ agent: "other", orders: 1 }));
  });
  test("two processes see the same room -> one takes it, and the other hears of it", async () => {
    const logs = await Promise.all([openLedger(other), openLedger(other)]);
    const [mine] = logs[0].known().uses;
    if (mine === undefined) throw new Error("nothing was used before");
    const taken = await Promise.all(logs.map((log) => log.append(mine)));
    expect(taken.sort()).toEqual([false, true]);
    expect(logs[0].known()).toEqual(logs[1].known());
  });
});
