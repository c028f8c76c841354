import { HEARTBEATS, RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BrokerGatewayConfig } from "./config.ts";
import { AAPL, ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";
import { GatewayProcess } from "./testing/gateway-process.ts";

let world: World;
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;
const QUICK = { backOffMs: [20], clientIdTakenMs: 50 };

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());
beforeEach(() => world.simulator.control("DELETE", "/faults"));
afterEach(() => world.stopGateway());

const fault = (rule: object) => world.simulator.control("POST", "/faults", rule);
const start = (change: Partial<BrokerGatewayConfig> = {}, waitForLink = true) =>
  world.startGateway({ ...QUICK, ...change }, waitForLink);

async function status() {
  const reply = await world.risk.request(RPCS.brokerStatus, {});
  if (reply.outcome !== "ok") throw new Error(reply.denial.message);
  return reply.value;
}

const condition = (wanted: string) =>
  eventually(async () => {
    const now = await status().catch(() => undefined);
    return now?.conditions.find(({ code }) => code === wanted);
  });

describe("around a restart of TWS", () => {
  test("nothing is submitted in the window; the approval is not spent and the reason is a code of its own", async () => {
    covers("field/restart-window");
    const soon = new Date(Date.now() + 60_000).toISOString().slice(11, 16);
    const window = { kind: "dailyRestart", modes: ["simulator"], timeZone: "UTC", day: null, at: soon } as const;
    // Its time has no seconds: it may be over in an instant, and what follows belongs to the window.
    await start({ windows: [{ ...window, modes: ["simulator"], beforeMs: 120_000, afterMs: 120_000 }] });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_RESTARTING", effect: "none" });
    expect(await world.execLog(proposal)).toEqual([]);
    const now = await status();
    expect(now).toMatchObject({ link: "up", hold: { code: "BROKER_RESTARTING" } });
    expect(now.conditions.map(({ code }) => code)).toContain("RESTART_WINDOW");
    expect(now.nextRestarts).toEqual([expect.objectContaining({ kind: "dailyRestart" })]);
    await world.stopGateway();
    await start();
    expect(await world.submit(approval)).toBe("sent");
  });

  test("TWS restarts: the process lives, the order is followed, and new ones go out afterwards", async () => {
    covers("field/nightly-reset");
    await start();
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    await fault({ action: "restart", downMs: 200 });
    await eventually(() => (world.gateway?.link.state === "up" ? undefined : true));
    await world.linkUp();
    expect((await world.cancel(proposal)).outcome).toBe("ok");
    await world.execLogWith(proposal, "cancelled/1");
  });

  test("a next order id that goes back is named, and no id is used twice", async () => {
    covers("field/id-rollback");
    await start();
    const first = await world.approved({ terms: RESTING });
    await world.submit(first.approval);
    const [before] = await world.execLogWith(first.proposal, "acknowledged/1");
    await world.stopGateway();
    await fault({ action: "shiftNextValidId", by: -50 });
    await start();
    await condition("ORDER_IDS_BEHIND");
    const second = await world.approved({ terms: RESTING });
    expect(await world.submit(second.approval)).toBe("sent");
    const [after] = await world.execLogWith(second.proposal, "acknowledged/1");
    expect(idOf(after)).toBeGreaterThan(idOf(before));
  });
});

describe("a TWS that is there and not usable", () => {
  test("takes connections and starts no session -> a login that needs a person, with the sentence and the fix", async () => {
    covers("field/login-needs-human");
    await fault({ action: "acceptSilently", times: 0 });
    await start({ connectDeadlineMs: 50 }, false);
    const found = await condition("LOGIN_NEEDS_HUMAN");
    expect(found.detail).toContain("did not answer");
    await world.simulator.control("DELETE", "/faults");
    await world.linkUp();
  });

  test("still sends prices and answers nothing -> found by a round trip, and replaced", async () => {
    covers("field/zombie-socket");
    await start({ silenceMaxMs: 2_000 });
    await world.market.request(RPCS.brokerQuote, { conid: AAPL });
    const epoch = world.gateway?.link.epoch ?? 0;
    await fault({ action: "dropReply", message: "currentTime", times: 0 });
    await eventually(() => ((world.gateway?.link.epoch ?? 0) > epoch ? true : undefined));
    await world.simulator.control("DELETE", "/faults");
    await world.linkUp();
    await condition("TWS_SILENT");
  });

  test("says nothing to an order -> UNKNOWN after the time that is set, not failed", async () => {
    covers("field/starved-ack");
    await start({ acknowledgeWithinMs: 200 });
    await fault({ action: "ignoreRequest", message: "placeOrder" });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    expect(await world.submit(approval)).toBe("sent");
    const facts = await world.execLogWith(proposal, "lost/1");
    expect(facts.at(-1)).toMatchObject({ reason: expect.stringContaining("said nothing for 200 ms") });
    expect((await condition("UNKNOWN_ORDERS")).detail).toContain(proposal);
  });

  test("shows no positions at first -> not up, not flat: asked again until it agrees with itself", async () => {
    covers("field/first-read-empty");
    await start();
    const { approval, proposal } = await world.approved();
    await world.submit(approval);
    await world.execLogWith(proposal, "filled/1");
    await world.stopGateway();
    // As for a position of yesterday: no execution hints at it.
    await fault({ action: "dropReply", message: "execDetails", times: 0 });
    await fault({ action: "dropReply", message: "position", times: 1 });
    await start({}, false);
    const read = () => world.risk.request(RPCS.positions, { account: ACCOUNT });
    const seen: unknown[] = [];
    await eventually(async () => {
      const reply = await read().catch(() => undefined);
      if (reply?.outcome === "ok") seen.push(reply.value.positions.length);
      return seen.length > 0 ? true : undefined;
    });
    expect(seen).toEqual([1]);
  });
});

describe("an execution that the exchange corrects", () => {
  const executionsOf = async () => {
    const reply = await world.risk.request(RPCS.executions, { account: ACCOUNT });
    return reply.outcome === "ok" ? reply.value.executions : [];
  };

  test("in its price -> linked, still FILLED, and counted once wherever it is read", async () => {
    covers("field/double-counted-fills");
    await start();
    await fault({ action: "correctExecution", price: "190.01", delayMs: 20 });
    const { approval, proposal } = await world.approved();
    await world.submit(approval);
    const facts = await world.execLogWith(proposal, "corrected/1");
    const fixed = facts.find(({ type }) => type === "corrected/1");
    expect(fixed).toMatchObject({ execution: { price: "190.01", quantity: "10" } });
    expect(world.gateway?.table.get(proposal)?.order.state).toBe("FILLED");
    const ref = world.gateway?.table.get(proposal)?.order.orderRef;
    const mine = (await executionsOf()).filter(({ orderRef }) => orderRef === ref);
    expect(mine).toEqual([expect.objectContaining({ price: "190.01" })]);
  });

  test("by taking it back -> DISPUTED: a person decides", async () => {
    await start();
    await fault({ action: "bustExecution", delayMs: 20 });
    const { approval, proposal } = await world.approved();
    await world.submit(approval);
    await world.execLogWith(proposal, "disputed/1");
    expect((await condition("DISPUTED_ORDERS")).detail).toContain(proposal);
  });
});

test("away for long: a heartbeat tells it every second while there is no connection", async () => {
  covers("field/long-disconnect");
  await fault({ action: "refuseConnections" });
  const beats: { ready: boolean; link: string }[] = [];
  world.admin.listen(HEARTBEATS["broker-gateway"], ({ ready, checks }) => {
    beats.push({ ready, link: checks.find(({ name }) => name === "link")?.detail ?? "" });
  });
  const gateway = new GatewayProcess(world);
  try {
    await eventually(() => (beats.length >= 2 ? true : undefined));
    expect(beats.at(-1)).toEqual({ ready: false, link: expect.stringMatching(/down|connecting/) });
    await condition("TWS_UNREACHABLE");
    await eventually(() => (world.audit.some(({ body }) => body.condition === "TWS_UNREACHABLE") ? true : undefined));
  } finally {
    await gateway.end("SIGKILL");
  }
});

function idOf(fact: { type: string } | undefined): number {
  return fact !== undefined && "orderId" in fact ? Number(fact.orderId) : Number.NaN;
}
