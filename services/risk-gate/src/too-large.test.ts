import { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, AGENT, World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const MOST = "9999999999999";
const ORDER = { account: ACCOUNT, conid: AAPL, side: "BUY", quantity: MOST, timeInForce: "DAY" };
const REFUSED = { outcome: "denied", denial: { code: "INVALID_ARGUMENT", detail: { field: "quantity" } } };

describe("an order worth more than a message can hold", () => {
  test.each([
    ["limit", { orderType: "LMT", limitPrice: MOST }],
    ["stop", { orderType: "STP", stopPrice: MOST }],
  ])("by its %s price -> INVALID_ARGUMENT, nothing recorded, in the preview too", async (name, prices) => {
    const terms = OrderTerms.parse({ ...ORDER, ...prices });
    const request = { agent: AGENT, terms, idempotencyKey: name, rationale: "because" };
    expect(await world.agents.request(RPCS.propose, request)).toMatchObject(REFUSED);
    expect(await world.agents.request(RPCS.preview, { agent: AGENT, terms })).toMatchObject(REFUSED);
    expect(await world.log(name)).toEqual([]);
  });
});
