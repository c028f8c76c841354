import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./testing/world.ts";

/** What a restart keeps, on a real stream behind a real broker. */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const MSFT = 272093;
const contract = () => world.agents.request(RPCS.contract, { conid: MSFT, asker: "agent-1" });
const nothing = {
  action: "answerError",
  message: "reqContractDetails",
  code: 200,
  text: "No security definition",
  times: 0,
};

test("an instrument is known over a restart, without a broker and with its age", async () => {
  const before = await contract();
  await world.market.stop("broker-gateway");
  await world.startMarketData();
  expect(await contract()).toEqual(before);
  const unknown = world.agents.request(RPCS.contract, { conid: 265598, asker: "agent-1" });
  await expect(unknown).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("one that the broker no longer defines -> gone after the second time, with its last known name", async () => {
  covers("code/200");
  await world.simulator.control("POST", "/faults", nothing);
  await world.market.start("broker-gateway");
  await world.linkUp();
  await world.startMarketData({ ttlMs: 1, absentTtlMs: 1, absenceConfirmMs: 1 });
  const lastKnown = { conid: MSFT, symbol: "MSFT", name: "MICROSOFT CORP" };
  expect(await contract()).toMatchObject({ denial: { code: "UNKNOWN_INSTRUMENT", detail: { lastKnown } } });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await contract()).toMatchObject({ denial: { code: "INSTRUMENT_GONE", detail: { lastKnown } } });
  await world.simulator.control("DELETE", "/faults");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await contract()).toMatchObject({ outcome: "ok" });
});
