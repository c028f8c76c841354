import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
beforeAll(async () => {
  simulator = await TestSimulator.start();
});
afterAll(() => simulator?.stop());

/** Bars of five minutes of AAPL that stay up to date. */
function keepBars(client: RawClient, reqId: number): void {
  const contract = [265598, "AAPL", "STK", "", "0", "", "", "SMART", "", "USD", "", ""];
  client.send(20, reqId, ...contract, 0, "", "5 mins", "1 D", 1, "TRADES", 2, 1, "");
}

test("the id of bars that are still kept -> 386, and the first ones go on", async () => {
  covers("error/386");
  const client = await simulator.ready(21);
  keepBars(client, 9);
  await client.waitFor(() => client.of("17").length === 1);
  keepBars(client, 9);
  await client.waitFor(() => client.errors(386).length === 1);
  const text = "Duplicate ticker ID for API historical data query.";
  expect(client.errors(386)).toEqual([["4", "2", "9", "386", text, ""]]);
  expect(client.of("17")).toHaveLength(1);
  client.send(25, 1, 9);
  await client.waitFor(() => client.errors(162).length === 1);
  expect(client.errors(162)[0]?.[4]).toContain("API historical data query cancelled: 9");
  client.end();
});

test("a cancel of bars that nobody asked for -> 366 that names the id", async () => {
  covers("error/366");
  const client = await simulator.ready(22);
  client.send(25, 1, 5);
  await client.waitFor(() => client.errors(366).length === 1);
  const text = "No historical data query found for ticker id:5";
  expect(client.errors(366)).toEqual([["4", "2", "5", "366", text, ""]]);
  client.end();
});
