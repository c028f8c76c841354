import { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, AGENT, World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const MSFT = 272093;
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

  test("by what the market asks for it, which nobody knows before it is recorded -> RISK_DENIED, without an estimate", async () => {
    // The place of the multiplier of an instrument in its frame.
    const huge = { action: "replaceToken", message: "contractDetails", index: 15, text: "100000000", times: 0 };
    await world.simulator.control("POST", "/faults", huge);
    const view = await world.admitted("market", { ...ORDER, conid: MSFT, orderType: "MKT", limitPrice: null } as never);
    expect(view).toMatchObject({ state: "RISK_DENIED", simulation: { estimate: { missing: expect.any(String) } } });
    const denied = view.verdict?.rules.filter(({ outcome }) => outcome === "deny").map(({ rule }) => rule);
    expect(denied).toContain("maxOrderNotional");
  });
});
