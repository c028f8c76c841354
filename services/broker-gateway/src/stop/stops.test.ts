import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { latchFileIn, writeLatch } from "@countersign/config/kill-latch";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { verify } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";

/** The gateway's stops with a real nats-server, the real simulator and real files. */
let world: World;
const person = { kind: "operator", id: "alice" } as const;
const at = () => new Date().toISOString();
const STOPS = {
  killFile: null,
  unknownOrder: { afterMs: 60_000, level: "HALTED" },
  auditLag: { afterMs: 60_000, level: "HALTED" },
  cancelOrders: { pollMs: 50, deadlineMs: 3_000, retryMs: 500 },
} as const;

beforeAll(async () => {
  world = await World.open();
  await world.price("395");
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.stopGateway();
  world.auditUp = true;
  await world.simulator.control("DELETE", "/faults");
  for (const { scope, level } of halted.splice(0)) if (level === "HALTED") await set("ACTIVE", scope);
  halted.length = 0;
  rmSync(join(world.folder.path, "broker-gateway/kill-latch.json"), { force: true });
});

const latchFile = () => latchFileIn(world.folder.path);
const latched = () => (existsSync(latchFile()) ? (true as const) : undefined);
const unlatched = () => (existsSync(latchFile()) ? undefined : (true as const));
const resting = { orderType: "LMT", limitPrice: "390" } as const;

const halted: { scope: string; level: string }[] = [];

async function set(
  level: "ACTIVE" | "HALTED",
  scope = "global",
  cancelOrders?: "own" | "all",
  cancelOf?: number,
): Promise<void> {
  halted.push({ scope, level });
  const last = await world.admin.readLast(FACTS.kill, { scope });
  const body = { type: "kill/1", level, actor: person, reason: "test", at: at() } as const;
  const asked = {
    ...body,
    ...(cancelOrders !== undefined && { cancelOrders }),
    ...(cancelOf !== undefined && { cancelOf }),
  };
  await world.admin.append(FACTS.kill, { scope }, asked, { expectedSequence: last?.sequence ?? 0 });
}

async function resetTrip(cause: string, scope = "global"): Promise<void> {
  const key = `broker-gateway.${cause}.${scope}`;
  const entry = await eventually(async () => {
    const stored = await world.admin.readLast(FACTS.gatewayTrip, { cause, scope });
    return stored?.sequence;
  });
  const last = await world.admin.readLast(FACTS.tripReset, { key });
  const body = { type: "trip-reset/1", tripSequence: entry, actor: person, reason: "checked", at: at() } as const;
  await world.admin.append(FACTS.tripReset, { key }, body, { expectedSequence: last?.sequence ?? 0 });
}

const tripped = (cause: string) =>
  eventually(() => world.gateway?.view.trips().find((one) => one.cause === cause && one.level === "HALTED"));
const active = () => eventually(() => (world.gateway?.view.level({}).level === "ACTIVE" ? (true as const) : undefined));

async function working(terms: object = resting): Promise<string> {
  const { approval, proposal } = await world.approved({ terms });
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "acknowledged/1");
  return proposal;
}

async function report(idPart: string) {
  return eventually(async () => {
    const reply = await world.admin.request(RPCS.killReports, { limit: 20 });
    if (reply.outcome !== "ok") return undefined;
    return reply.value.reports.find(({ report: one }) => one.id.includes(idPart) && one.complete);
  });
}

describe("the local latch", () => {
  test("HALTED latches this machine too; a restart keeps it, and only what is newer lets it go", async () => {
    await world.startGateway();
    await set("HALTED");
    await eventually(latched);
    await world.stopGateway();
    await world.startGateway();
    expect(latched()).toBe(true);
    await set("ACTIVE");
    await eventually(unlatched);
    await active();
    expect(await world.submit((await world.approved()).approval)).toBe("sent");
  });

  test("a command beside the gateway stops the next order though the control stream says ACTIVE, until its trip is reset", async () => {
    await world.startGateway();
    const { approval } = await world.approved();
    const before = await world.ordersAtBroker();
    const latch = { type: "countersign.kill-latch/1", id: "test-latch-1", source: "command", sequence: 0 } as const;
    writeLatch(latchFile(), { ...latch, by: "test", reason: "by hand", cancelOrders: null, at: at() });
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    await tripped("local-latch");
    expect(await world.ordersAtBroker()).toBe(before);
    expect(latched()).toBe(true);
    await resetTrip("local-latch");
    await eventually(unlatched);
    await active();
  });

  test("set after the claim and before the socket: nothing is sent", async () => {
    await world.startGateway();
    const before = await world.ordersAtBroker();
    const { approval, proposal } = await world.approved();
    world.whileAuditing = async (entry) => {
      // The intent is being recorded: the claim comes next.
      if (entry.correlationId === proposal && !existsSync(latchFile())) writeFileSync(latchFile(), "not even JSON");
    };
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    world.whileAuditing = async () => undefined;
    await world.execLogWith(proposal, "killedNotSent/1");
    expect(await world.ordersAtBroker()).toBe(before);
    await tripped("local-latch");
    await resetTrip("local-latch");
    await eventually(unlatched);
  });

  test("a file of the operators' choice is HALTED while it is there, and afterwards until a person resets the trip", async () => {
    const killFile = join(world.folder.path, "STOP");
    await world.startGateway({ stops: { ...STOPS, killFile } });
    await active();
    mkdirSync(killFile);
    expect(await world.submit((await world.approved()).approval)).toBe("KILL_SWITCH_HALTED");
    await tripped("kill-file");
    rmSync(killFile, { recursive: true });
    await resetTrip("kill-file");
    await active();
    // HALTED from the trip had latched this machine too.
    await eventually(unlatched);
  });
});

describe("cancel-all", () => {
  test("own orders of an instrument go, others stay, and the report is signed", async () => {
    await world.startGateway({ stops: STOPS });
    const apple = await working();
    await set("HALTED", "instrument.272093", "own");
    expect((await report("instrument.272093")).report.orders).toEqual([]);
    await set("ACTIVE", "instrument.272093");
    const frames = await world.simulator.frames();
    await set("HALTED", "instrument.265598", "own");
    const { report: made, publicKey, signature } = await report("instrument.265598");
    expect(verify(publicKey, canonicalJson(made), signature)).toBe(true);
    expect(made.orders.map(({ proposalId, state }) => [proposalId, state])).toEqual([[apple, "CANCELLED"]]);
    expect(made.orders[0]?.cancelSentAt).not.toBeNull();
    expect(made.orders[0]?.confirmedAt).not.toBeNull();
    const after = await world.simulator.frames();
    expect(after.reqGlobalCancel ?? 0).toBe(frames.reqGlobalCancel ?? 0);
    expect(world.audit.some(({ kind }) => kind === "kill.report")).toBe(true);
    await set("ACTIVE", "instrument.265598");
  });

  test("all: each of ours by its own cancel, then the global one, behind no order, until the broker shows nothing", async () => {
    const { limiter } = await world.startGateway({ stops: STOPS });
    const [one, two] = [await working(), await working({ ...resting, limitPrice: "389" })];
    const take = limiter.take.bind(limiter);
    // So many orders wait that no other one ever has its turn.
    limiter.take = (lane) => (lane === "order" ? new Promise(() => undefined) : take(lane));
    await set("HALTED", "global", "all");
    const { report: made } = await report("kill.global");
    expect(made.orders.map(({ proposalId }) => proposalId).sort()).toEqual([one, two].sort());
    expect(made.globalCancelAt).not.toBeNull();
    expect(made.remaining).toEqual([]);
    await set("ACTIVE");
  });

  test("a gateway that dies in the middle goes on after its restart, under the same report", async () => {
    await world.startGateway({ stops: STOPS });
    const proposal = await working();
    // The broker takes the cancel and says nothing; then the gateway is gone.
    await world.simulator.kill("SIGSTOP");
    await set("HALTED", "account.DU1234567", "own");
    await eventually(() => world.gateway?.stops.runs.running()[0]);
    await world.stopGateway();
    await world.simulator.kill("SIGCONT");
    await world.startGateway({ stops: STOPS });
    const { report: made } = await report("account.DU1234567");
    expect(made.attempt).toBeGreaterThan(1);
    expect(made.orders.map((row) => [row.proposalId, row.state])).toEqual([[proposal, "CANCELLED"]]);
    await set("ACTIVE", "account.DU1234567");
  });

  test("HALTED again while cancels are under way -> they go on to their end, and done ones are not done again", async () => {
    await world.startGateway({ stops: STOPS });
    const proposal = await working();
    const scope = "account.DU1234567";
    await world.simulator.kill("SIGSTOP");
    await set("HALTED", scope, "own");
    const id = await eventually(() => world.gateway?.stops.runs.running()[0]);
    const cancelOf = Number(id.split(".").at(-1));
    await set("HALTED", scope, "own", cancelOf);
    await world.simulator.kill("SIGCONT");
    const { report: made } = await report(id);
    expect([made.id, made.orders.map((row) => [row.proposalId, row.state])]).toEqual([id, [[proposal, "CANCELLED"]]]);
    await set("HALTED", scope, "own", cancelOf);
    const last = await world.admin.readLast(FACTS.kill, { scope });
    const isSeen = () => world.gateway?.view.settings().some(({ sequence }) => sequence === last?.sequence);
    await eventually(() => (isSeen() === true ? true : undefined));
    expect(world.gateway?.stops.runs.running()).toEqual([]);
    await set("ACTIVE", scope);
  });

  test("without NATS: the latch's own cancel-all still reaches the broker", async () => {
    const gateway = await world.startGateway({ stops: STOPS });
    await working();
    await world.nats.kill("SIGSTOP");
    const latch = { type: "countersign.kill-latch/1", id: "test-latch-2", source: "command", sequence: 0 } as const;
    writeLatch(latchFile(), { ...latch, by: "test", reason: "no NATS", cancelOrders: "all", at: at() });
    const done = await eventually(() => {
      const made = gateway.stops.reports.get("latch.test-latch-2")?.report;
      return made?.complete === true ? made : undefined;
    });
    expect(done.orders.length).toBe(1);
    await world.nats.kill("SIGCONT");
    await tripped("local-latch");
    await resetTrip("local-latch");
    await eventually(unlatched);
  });
});

describe("triggers", () => {
  test("an audit that does not take a record for too long trips when it can be written; a moment before it does not", async () => {
    const gateway = await world.startGateway({ stops: { ...STOPS, auditLag: { afterMs: 700, level: "HALTED" } } });
    await active();
    world.auditUp = false;
    gateway.audit.record({ kind: "broker.link", correlationId: "link", body: { test: true } });
    await eventually(() => (gateway.audit.waitingMs() > 300 ? (true as const) : undefined));
    expect(gateway.view.trips().find(({ cause }) => cause === "audit-lag")).toBeUndefined();
    await tripped("audit-lag");
    world.auditUp = true;
    // Reset while something still waits, it would trip again.
    await eventually(() => (gateway.audit.waitingMs() === 0 ? (true as const) : undefined));
    await resetTrip("audit-lag");
    await active();
  });

  test("an order UNKNOWN for too long trips; a moment before it does not", async () => {
    const gateway = await world.startGateway({
      stops: { ...STOPS, unknownOrder: { afterMs: 1_200, level: "HALTED" } },
    });
    await active();
    const { approval, proposal } = await world.approved({ terms: resting });
    await world.simulator.control("POST", "/faults", { action: "dropBefore", message: "placeOrder" });
    await world.submit(approval).catch(() => undefined);
    await world.execLogWith(proposal, "lost/1");
    await world.simulator.control("DELETE", "/faults");
    expect(gateway.view.trips().some(({ cause }) => cause === "unknown-order")).toBe(false);
    const { trip } = await tripped("unknown-order");
    expect(trip).toMatchObject({ level: "HALTED", evidence: [{ name: "proposalId", value: proposal }, {}, {}] });
  });

  test("two orders under one reference -> its instrument is stopped, other instruments are not, and a reset before a person settles it trips anew", async () => {
    const gateway = await world.startGateway();
    await resetTrip("unknown-order");
    await active();
    await working();
    await world.simulator.control("POST", "/faults", {
      action: "samePermId",
      message: "*",
      permId: "999000001",
      times: 0,
    });
    await world.admin.request(RPCS.reconcileNow, {});
    const { trip, scope } = await tripped("two-orders");
    expect([scope, trip]).toMatchObject([
      "instrument.265598",
      { reason: expect.stringContaining("two orders carry this reference") },
    ]);
    const level = (conid: number) => gateway.view.level({ conids: [conid] }).level;
    expect([level(265598), level(272093)]).toEqual(["HALTED", "ACTIVE"]);
    const { approval } = await world.approved({ terms: resting });
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    const before = gateway.view.trips().find(({ cause }) => cause === "two-orders")?.sequence ?? 0;
    await resetTrip("two-orders", scope);
    await eventually(() =>
      gateway.view.trips().find(({ cause, sequence }) => cause === "two-orders" && sequence > before),
    );
    expect(level(265598)).toBe("HALTED");
  });
});
