import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AAPL, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ backOffMs: [20], clientIdTakenMs: 100 });
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
});

const fault = (rule: object) => world.simulator.control("POST", "/faults", rule);
const notice = (code: number, text: string) => fault({ action: "notice", code, text });
const frames = async (name: string) => (await world.simulator.frames())[name] ?? 0;
const linkIs = (state: string) => eventually(() => (world.gateway?.link.state === state ? true : undefined));

async function status() {
  const reply = await world.risk.request(RPCS.brokerStatus, {});
  if (reply.outcome !== "ok") throw new Error(reply.denial.message);
  return reply.value;
}

describe("the broker's servers go away", () => {
  test.each([1100, 2110])("%i -> nothing is submitted, callbacks still count, until it is reconciled", async (code) => {
    covers("code/1100", "code/2110", "code/1102");
    const resting = await world.approved({ terms: RESTING });
    await world.submit(resting.approval);
    await world.execLogWith(resting.proposal, "acknowledged/1");
    await notice(code, "Connectivity between IBKR and Trader Workstation has been lost.");
    await linkIs("reconciling");
    const { approval, proposal } = await world.approved();
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    expect((await status()).conditions.map((one) => one.code)).toContain("SERVERS_AWAY");
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: "0.90" });
    await world.execLogWith(resting.proposal, "filled/1");
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: null });
    await notice(2104, "Market data farm connection is OK:usfarm");
    expect(world.gateway?.link.state).toBe("reconciling");
    await notice(1102, "Connectivity between IBKR and Trader Workstation has been restored - data maintained.");
    await linkIs("up");
    expect(await world.submit(approval)).toBe("sent");
    await world.execLogWith(proposal, "filled/1");
  });

  test.each([
    [1101, "data lost"],
    [1102, "data maintained"],
  ])("%i -> all four lists are read again", async (code, text) => {
    covers("code/1101", "code/1102");
    const before = await world.simulator.frames();
    await notice(code, `Connectivity between IBKR and Trader Workstation has been restored - ${text}.`);
    const names = ["reqAllOpenOrders", "reqCompletedOrders", "reqExecutions", "reqPositions"];
    await eventually(async () => {
      const now = await world.simulator.frames();
      return names.every((name) => (now[name] ?? 0) > (before[name] ?? 0)) ? true : undefined;
    });
    await linkIs("up");
  });

  test("1101 -> data lines are opened anew", async () => {
    await world.market.request(RPCS.brokerQuote, { conid: AAPL });
    const asked = await frames("reqMktData");
    await notice(1101, "Connectivity between IBKR and Trader Workstation has been restored - data lost.");
    await linkIs("up");
    expect(await world.market.request(RPCS.brokerQuote, { conid: AAPL })).toMatchObject({ outcome: "ok" });
    expect(await frames("reqMktData")).toBe(asked + 1);
  });

  test("a whole night: lost, orders live on at the broker, and the fills of the night arrive once", async () => {
    covers("field/nightly-reset", "field/double-counted-fills");
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    await fault({ action: "serverLost", downMs: 0 });
    await linkIs("reconciling");
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: "0.90" });
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: null });
    await fault({ action: "serverRestored", restored: "1101" });
    await linkIs("up");
    const facts = await world.execLogWith(proposal, "filled/1");
    const executions = facts.flatMap((fact) => ("execution" in fact ? [fact.execution] : []));
    expect(executions.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(10);
    expect(new Set(executions.map(({ execId }) => execId)).size).toBe(executions.length);
  });
});

describe("farms", () => {
  test.each([
    [2103, "Market data farm connection is broken:usfuture", { kind: "marketData", name: "usfuture", state: "broken" }],
    [2104, "Market data farm connection is OK:usfuture", { kind: "marketData", name: "usfuture", state: "ok" }],
    [2105, "HMDS data farm connection is broken:euhmds", { kind: "historicalData", name: "euhmds", state: "broken" }],
    [2106, "HMDS data farm connection is OK:euhmds", { kind: "historicalData", name: "euhmds", state: "ok" }],
    [
      2107,
      "HMDS data farm connection is inactive but should be available upon demand.euhmds",
      { kind: "historicalData", name: "euhmds", state: "idle" },
    ],
    [
      2108,
      "Market data farm connection is inactive but should be available upon demand.cashfarm",
      { kind: "marketData", name: "cashfarm", state: "idle" },
    ],
    [2119, "Market data farm is connecting:cashfarm", { kind: "marketData", name: "cashfarm", state: "connecting" }],
    [
      2157,
      "Sec-def data farm connection is broken:secdefeu",
      { kind: "instrumentData", name: "secdefeu", state: "broken" },
    ],
    [2158, "Sec-def data farm connection is OK:secdefeu", { kind: "instrumentData", name: "secdefeu", state: "ok" }],
  ])("%i: %s -> the state of that farm alone", async (code, text, farm) => {
    covers("code/2103", "code/2104", "code/2105", "code/2106", "code/2107", "code/2108");
    covers("code/2119", "code/2157", "code/2158");
    await notice(code, text);
    const now = await eventually(async () => {
      const { farms, link } = await status();
      return farms.some((one) => one.name === farm.name && one.state === farm.state) ? { farms, link } : undefined;
    });
    expect(now.farms).toContainEqual(farm);
    expect(now.farms).toContainEqual({ kind: "marketData", name: "usfarm", state: "ok" });
    expect(now.link).toBe("up");
  });

  test("a market data farm that is back -> its lines are asked for again", async () => {
    covers("field/silent-market-data");
    await world.market.request(RPCS.brokerQuote, { conid: AAPL });
    const asked = await frames("reqMktData");
    await notice(2103, "Market data farm connection is broken:usfarm");
    await eventually(async () =>
      (await status()).conditions.some(({ code }) => code === "DATA_FARM_BROKEN") ? true : undefined,
    );
    await notice(2104, "Market data farm connection is OK:usfarm");
    await eventually(async () => ((await frames("cancelMktData")) > 0 ? true : undefined));
    expect(await world.market.request(RPCS.brokerQuote, { conid: AAPL })).toMatchObject({ outcome: "ok" });
    expect(await frames("reqMktData")).toBe(asked + 1);
  });
});

describe("codes after which the connection is of no use", () => {
  test.each([502, 504, 506, 507])("%i -> another connection, everything read again", async (code) => {
    covers("code/502", "code/504", "code/507");
    const epoch = world.gateway?.link.epoch ?? 0;
    await notice(code, "said of the connection");
    await eventually(() => ((world.gateway?.link.epoch ?? 0) > epoch ? true : undefined));
    await world.linkUp();
  });

  test.each([501, 503])("%i says nothing about the connection", async (code) => {
    covers("code/501");
    const epoch = world.gateway?.link.epoch;
    await notice(code, "said of the library");
    await world.risk.request(RPCS.openOrders, { account: "DU1234567" });
    expect(world.gateway?.link.epoch).toBe(epoch);
  });

  test("a port that refuses -> waits between tries, and the doctor's sentence says so", async () => {
    await fault({ action: "refuseConnections" });
    world.gateway?.link.drop("test");
    await eventually(async () =>
      (await status()).conditions.some(({ code }) => code === "TWS_UNREACHABLE") ? true : undefined,
    );
  });

  test("1300 -> the link is down, what was not acknowledged is UNKNOWN, and the new port is named", async () => {
    covers("code/1300");
    await fault({ action: "ignoreRequest", message: "placeOrder" });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "sendStarted/1");
    await fault({ action: "refuseConnections" });
    // Looked for from the start: the next try to connect says something else.
    const named = eventually(() => (world.gateway?.link.detail.includes("4003") ? true : undefined));
    await notice(
      1300,
      "TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port - 4003",
    );
    await Promise.all([named, world.execLogWith(proposal, "lost/1")]);
  });

  test("326 under every id -> waited for, nothing is written meanwhile, and the id for orders comes back", async () => {
    covers("field/fixed-client-id");
    await fault({ action: "clientIdInUse" });
    world.gateway?.link.drop("test");
    await eventually(async () =>
      (await status()).conditions.some(({ code }) => code === "CLIENT_ID_IN_USE") ? true : undefined,
    );
    await eventually(() => (world.gateway?.link.hold()?.code === "BROKER_UNAVAILABLE" ? true : undefined));
    const { approval } = await world.approved({ terms: RESTING });
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    await world.simulator.control("DELETE", "/faults");
    await world.linkUp();
    expect(((await world.simulator.control("GET", "/stats")) as { clientIds: number[] }).clientIds).toEqual([17]);
  });
});

test("more messages than the broker takes in a second -> 100: on the record as a bug, and the link stays up", async () => {
  covers("code/100", "fault/pacing-messages");
  await fault({ action: "messagePacing", perSecond: 5, strikesMax: 0, discard: false });
  const before = (await status()).faults.find(({ code }) => code === 100)?.count ?? 0;
  const ask = (conid: number) => world.market.request(RPCS.brokerContract, { conid }).catch(() => undefined);
  await Promise.all(Array.from({ length: 12 }, (_, index) => ask(900_000_000 + index)));
  await eventually(async () =>
    (await status()).faults.some(({ code, count }) => code === 100 && count > before) ? true : undefined,
  );
  const bugs = await eventually(() => {
    const found = world.audit.filter(({ body }) => body.bug === "pacing violation");
    return found.length > 0 ? found : undefined;
  });
  expect(bugs[0]).toMatchObject({
    kind: "broker.fault",
    body: { code: 100, untrusted: expect.stringContaining("max=5 ") },
  });
  expect(world.gateway?.link.connection()).toBeDefined();
});

test("100 -> questions pause, orders and cancels go on", async () => {
  covers("code/100");
  await notice(100, "Max rate of messages per second has been exceeded:max=50 rec=51 (1)");
  await eventually(async () => ((await status()).faults.some(({ code }) => code === 100) ? true : undefined));
  const bars = {
    conid: AAPL,
    barSize: "1 day",
    duration: "5 D",
    whatToShow: "TRADES",
    regularHoursOnly: true,
    ...{ end: null, from: null, until: null },
  } as const;
  let answered = false;
  const reading = world.market.request(RPCS.brokerBars, bars).then(() => {
    answered = true;
  });
  const { approval } = await world.approved({ terms: RESTING });
  expect(await world.submit(approval)).toBe("sent");
  expect(answered).toBe(false);
  await reading;
});
