import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

async function conids(query: string, change: object = {}): Promise<number[]> {
  const request = { query, secType: null, currency: null, exchange: null, limit: 10, asker: "agent-1", ...change };
  const reply = await world.agents.request(RPCS.search, request);
  if (reply.outcome === "denied") throw new Error(reply.denial.message);
  return reply.value.candidates.map(({ conid }) => conid);
}

test.each<[string, string, object, number[]]>([
  ["a symbol, with all its listings", "SAP", {}, [2000000031, 2000000051]],
  ["a symbol at an exchange by its MIC", "SAP", { exchange: "XETR" }, [2000000051]],
  ["a symbol in a currency", "SAP", { currency: "USD" }, [2000000031]],
  ["a share class with a dot", "BRK.B", {}, [72063691]],
  ["an ISIN", "US0378331005", {}, [265598]],
  ["an ISIN with blanks and lower case", "us 0378331005", {}, [265598]],
  ["an ISIN with a wrong check digit", "US0378331006", {}, []],
  ["a SEDOL", "0540528", {}, [2000002000]],
  ["a pair", "EUR.USD", {}, [12087792]],
  ["futures by their symbol", "NQ", { secType: "FUT" }, [2000000211]],
  ["nothing that there is", "qqqqzzzz", {}, []],
])("%s", async (_what, query, change, expected) => {
  covers("request/reqMatchingSymbols", "reply/symbolSamples");
  expect((await conids(query, change)).toSorted()).toEqual(expected.toSorted());
});

test("an equal symbol stands before a name that is alike, and a like name before a less like one", async () => {
  const [first] = await conids("V");
  expect(first).toBe(2000000002);
  expect((await conids("bank"))[0]).not.toBe((await conids("bank of america"))[0]);
});

test("a name that is not written exactly is found among those that were seen", async () => {
  expect(await conids("netflix")).toEqual([2000000014]);
  expect(await conids("Netflx Inc")).toEqual([2000000014]);
});
