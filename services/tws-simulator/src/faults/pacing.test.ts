import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let clientId = 20;
const clock = new ManualClock(Date.UTC(2026, 10, 18, 15, 0));
beforeAll(async () => {
  simulator = await TestSimulator.start({ clock });
  await simulator.pin(AAPL.conId, "200");
});
afterEach(() => simulator.calm());
afterAll(() => simulator.stop());

async function session(versions?: string): Promise<RawClient> {
  clientId += 1;
  return simulator.ready(clientId, versions);
}

const PER_SECOND = 50;

function burst(client: RawClient, messages: number): void {
  for (let count = 0; count < messages; count += 1) client.send(49, 1);
}

test("messagePacing -> the 51st message within a second is told off and not answered; the third time is the last", async () => {
  covers("fault/pacing-messages", "error/100");
  const client = await session();
  await simulator.fault({ action: "messagePacing" });
  burst(client, PER_SECOND);
  await client.waitFor(() => client.of("49").length === PER_SECOND);
  expect(client.errors(100)).toEqual([]);
  burst(client, 1);
  await client.waitFor(() => client.errors(100).length === 1);
  const text = "Max rate of messages per second has been exceeded:max=50 rec=51 (1)";
  expect(client.errors(100)[0]).toEqual(["4", "2", "-1", "100", text, ""]);
  burst(client, 2 * (PER_SECOND + 1));
  await client.closed;
  expect(client.errors(100).map((frame) => frame[4]?.slice(-3))).toEqual(["(1)", "(2)", "(3)"]);
  expect(client.of("49")).toHaveLength(3 * PER_SECOND);
  expect(await simulator.errors()).toMatchObject({ 100: 3 });
});

test("messagePacing -> fifty in each second are fine for any time", async () => {
  const client = await session();
  await simulator.fault({ action: "messagePacing" });
  for (let second = 1; second <= 4; second += 1) {
    burst(client, PER_SECOND);
    await client.waitFor(() => client.of("49").length === second * PER_SECOND);
    await clock.advance(1_000);
  }
  expect(client.errors(100)).toEqual([]);
  client.end();
});

test("messagePacing without a last strike -> told off again and again, and connected", async () => {
  const client = await session();
  await simulator.fault({ action: "messagePacing", perSecond: 5, strikesMax: 0, discard: false });
  burst(client, 60);
  await client.waitFor(() => client.of("49").length === 60);
  expect(client.errors(100)).toHaveLength(10);
  client.end();
});

test("+PACEAPI -> nothing is told off, what is too much waits for the next second", async () => {
  covers("fault/pacing-messages");
  const client = await session("v100..193 +PACEAPI");
  await simulator.fault({ action: "messagePacing" });
  burst(client, PER_SECOND + 10);
  await client.waitFor(() => client.of("49").length === PER_SECOND);
  await clock.advance(1_000);
  await client.waitFor(() => client.of("49").length === PER_SECOND + 10);
  expect(client.errors(100)).toEqual([]);
  client.end();
});

function bars(client: RawClient, reqId: number, wanted: { duration?: string; barSize?: string; what?: string } = {}) {
  const contract = [AAPL.conId, "", "", "", "", "", "", "SMART", "", "", "", ""];
  const { duration = "60 S", barSize = "5 secs", what = "TRADES" } = wanted;
  client.send(20, reqId, ...contract, 0, "", barSize, duration, 1, what, 1, 0, "");
}

test("historicalPacing: the same request within 15 s -> 162; later it is answered", async () => {
  covers("fault/pacing-historical", "error/162");
  const client = await session();
  await simulator.fault({ action: "historicalPacing" });
  bars(client, 1);
  bars(client, 2);
  await client.waitFor(() => client.errors(162).length === 1);
  const text = "Historical Market Data Service error message:Historical data request pacing violation";
  expect(client.errors(162)[0]).toEqual(["4", "2", "2", "162", text, ""]);
  await clock.advance(15_000);
  bars(client, 3);
  await client.waitFor(() => client.of("17").length === 2);
  client.end();
});

test("historicalPacing: six for one contract and kind within 2 s -> the sixth is refused, long bars are not", async () => {
  covers("fault/pacing-historical");
  const client = await session();
  await clock.advance(600_000);
  await simulator.fault({ action: "historicalPacing" });
  for (let reqId = 1; reqId <= 6; reqId += 1) bars(client, reqId, { duration: `${60 + reqId} S` });
  for (let reqId = 11; reqId <= 20; reqId += 1) bars(client, reqId, { duration: "1 D", barSize: "1 hour" });
  await client.waitFor(() => client.errors(162).length === 1 && client.of("17").length === 15);
  expect(client.errors(162)[0]?.[2]).toBe("6");
  client.end();
});

test("historicalPacing: sixty in ten minutes, where BID_ASK counts twice -> the next one is refused", async () => {
  covers("fault/pacing-historical");
  const client = await session();
  await clock.advance(600_000);
  await simulator.fault({ action: "historicalPacing" });
  for (let reqId = 1; reqId <= 31; reqId += 1) {
    bars(client, reqId, { duration: `${60 + reqId} S`, what: "BID_ASK" });
    await client.waitFor(() => client.of("17").length + client.errors(162).length === reqId);
    await clock.advance(2_000);
  }
  expect(client.errors(162).map((frame) => frame[2])).toEqual(["31"]);
  client.end();
});

test("a third account summary -> 322; after a cancel there is room", async () => {
  covers("fault/pacing-summary", "error/322");
  const client = await session();
  for (const reqId of [1, 2, 3]) client.send(62, 1, reqId, "All", "NetLiquidation");
  await client.waitFor(() => client.errors(322).length === 1);
  expect(client.errors(322)[0]?.slice(2, 5)).toEqual([
    "3",
    "322",
    "Error processing request.-'bW' : cause - Maximum number of account summary requests exceeded; desubscribe to previous request first",
  ]);
  client.send(63, 1, 1);
  client.send(62, 1, 3, "All", "NetLiquidation");
  await client.waitFor(() => client.of("64").length === 3);
  client.end();
});

test("a hundred and one quote streams -> 101 for the last; a cancelled one makes room", async () => {
  covers("error/101");
  const client = await session();
  for (let reqId = 1; reqId <= 101; reqId += 1) client.quotes(reqId);
  await client.waitFor(() => client.errors(101).length === 1);
  expect(client.errors(101)[0]?.slice(2, 5)).toEqual(["101", "101", "Max number of tickers has been reached"]);
  client.send(2, 1, 50);
  client.quotes(101);
  await client.waitFor(() => client.of("58").length === 101);
  client.end();
});
