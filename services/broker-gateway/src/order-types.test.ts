import { utcText } from "@countersign/clock/clock";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
beforeEach(() => world.price("200"));

const amount = (text: string) => ({ by: "amount", amount: text });
const percent = (text: string) => ({ by: "percent", percent: text });
const SELL = { side: "SELL" };

async function sent(terms: object): Promise<string> {
  const { approval, proposal } = await world.approved({ terms });
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "acknowledged/1");
  return proposal;
}
const drifts = (facts: ExecFact[]) => facts.filter(({ type }) => type === "drifted/1");

/** Each type with the prices that fill it, in order; the market stands at 200 when it is sent. */
const filling: [string, object, string[]][] = [
  ["LMT", { orderType: "LMT", limitPrice: "190" }, ["189"]],
  ["STP", { orderType: "STP", stopPrice: "205" }, ["206"]],
  ["STP SELL", { ...SELL, orderType: "STP", stopPrice: "195" }, ["194"]],
  ["STP LMT", { orderType: "STP LMT", stopPrice: "205", limitPrice: "208" }, ["206"]],
  ["TRAIL by amount", { ...SELL, orderType: "TRAIL", trail: amount("5") }, ["210", "204"]],
  ["TRAIL by percent", { orderType: "TRAIL", trail: percent("5") }, ["190", "201"]],
  ["TRAIL from a first stop", { orderType: "TRAIL", trail: amount("5"), stopPrice: "203" }, ["204"]],
  [
    "TRAIL LIMIT",
    { ...SELL, orderType: "TRAIL LIMIT", trail: amount("5"), stopPrice: "195", limitOffset: "3" },
    ["210", "204"],
  ],
  ["MIT", { orderType: "MIT", triggerPrice: "195" }, ["194"]],
  ["LIT", { orderType: "LIT", triggerPrice: "195", limitPrice: "196" }, ["194"]],
  ["a stop that stays until it is cancelled", { orderType: "STP", stopPrice: "205", timeInForce: "GTC" }, ["206"]],
  ["a limit also outside regular hours", { orderType: "LMT", limitPrice: "190", outsideRth: true }, ["189"]],
];

describe("from the ticket to the fill, through the real simulator", () => {
  test.each(filling)("%s waits, and fills when its price comes", async (_name, terms, prices) => {
    const proposal = await sent(terms);
    expect((await world.execLog(proposal)).some(({ type }) => type === "filled/1")).toBe(false);
    for (const price of prices) await world.price(price);
    const facts = await world.execLogWith(proposal, "filled/1");
    expect(drifts(facts)).toEqual([]);
  });

  test.each([
    ["IOC", { timeInForce: "IOC" }],
    ["MIDPRICE", { orderType: "MIDPRICE" }],
    ["a limit at once", { orderType: "LMT", limitPrice: "202", timeInForce: "IOC" }],
  ])("%s fills", async (_name, terms) => {
    const { approval, proposal } = await world.approved({ terms });
    expect(await world.submit(approval)).toBe("sent");
    expect(drifts(await world.execLogWith(proposal, "filled/1"))).toEqual([]);
  });
});

describe("what does not fill", () => {
  test.each([
    ["MOC", { orderType: "MOC" }],
    ["LOC", { orderType: "LOC", limitPrice: "200" }],
    ["MOO", { orderType: "MOO", timeInForce: "OPG" }],
    ["LOO", { orderType: "LOO", timeInForce: "OPG", limitPrice: "200" }],
    ["REL", { orderType: "REL", offset: "0.01", limitPrice: "150" }],
    ["MIDPRICE with a cap", { orderType: "MIDPRICE", limitPrice: "150" }],
  ])("%s is shown by the broker as it was sent, and can be cancelled", async (_name, terms) => {
    const proposal = await sent(terms);
    await world.cancel(proposal);
    expect(drifts(await world.execLogWith(proposal, "cancelled/1"))).toEqual([]);
  });

  test("now or never, far from the market -> CANCELLED by itself", async () => {
    const terms = { orderType: "LMT", limitPrice: "150", timeInForce: "IOC" };
    const { approval, proposal } = await world.approved({ terms });
    expect(await world.submit(approval)).toBe("sent");
    await world.execLogWith(proposal, "cancelled/1");
  });

  test("too far through the market -> the band that TWS names is kept word for word", async () => {
    const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "260" } });
    expect(await world.submit(approval)).toBe("sent");
    const facts = await world.execLogWith(proposal, "brokerSaid/1");
    expect(facts.find(({ type }) => type === "brokerSaid/1")).toMatchObject({
      code: 202,
      text: expect.stringContaining("at or more aggressive than"),
    });
  });

  test("good till a time -> CANCELLED when it has come", async () => {
    const goodTill = utcText(Math.ceil(Date.now() / 1_000) * 1_000 + 4_000);
    const proposal = await sent({ orderType: "LMT", limitPrice: "150", timeInForce: "GTD", goodTill });
    await world.execLogWith(proposal, "cancelled/1");
  });
});

describe("what the broker says", () => {
  const resting = { orderType: "LMT", limitPrice: "190" };
  const advanced = (facts: ExecFact[]) =>
    facts.flatMap((fact) => ("advancedReject" in fact ? [fact.advancedReject] : []));
  afterEach(() => world.simulator.control("DELETE", "/faults"));

  test.each([
    [
      399,
      "Order Message:\nBUY 10 AAPL NASDAQ.NMS\nWarning: Your order will not be placed at the exchange until 09:30.",
    ],
    [2109, "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order type."],
    [10311, "This order will be directly routed to NYSE. Direct routed orders may result in higher trade fees."],
    [404, "Order held while securities are located."],
    [10349, "Order TIF was set to DAY based on order preset."],
  ])("%i is kept word for word, and the order lives", async (code, text) => {
    covers("code/399", "code/2109", "code/10311", "error/399");
    await world.simulator.control("POST", "/faults", { action: "warnOrder", code, text });
    const proposal = await sent(resting);
    const facts = await world.execLogWith(proposal, "brokerSaid/1");
    const said = facts.find(({ type }) => type === "brokerSaid/1");
    expect(said).toMatchObject({ code, text: text.replaceAll("\n", " ") });
    await world.cancel(proposal);
    await world.execLogWith(proposal, "cancelled/1");
  });

  test.each(["none", "valid", "escaped", "malformed"])(
    "a rejection with %s JSON -> its words, and JSON only if it is some",
    async (json) => {
      const fault = {
        action: "rejectOrder",
        code: 201,
        text: "Order rejected - reason:No margin.",
        advancedReject: json,
      };
      await world.simulator.control("POST", "/faults", fault);
      const { approval, proposal } = await world.approved({ terms: resting });
      expect(await world.submit(approval)).toBe("sent");
      const facts = await world.execLogWith(proposal, "brokerRejected/1");
      expect(facts.find(({ type }) => type === "brokerRejected/1")).toMatchObject({
        code: 201,
        text: "Order rejected - reason:No margin.",
      });
      const [found] = advanced(facts);
      expect(found === undefined).toBe(json === "none" || json === "malformed");
      if (found !== undefined) expect(typeof JSON.parse(found)).toBe("object");
    },
  );
});

describe("an order that a person placed by hand", () => {
  /** The foreign orders, once there are so many; a reading that began before somebody's click may not have it yet. */
  const foreign = (count: number) =>
    eventually(async () => {
      const reply = await world.risk.request(RPCS.openOrders, { account: ACCOUNT });
      if (reply.outcome === "denied") throw new Error(reply.denial.code);
      const found = reply.value.orders.filter(({ ownership }) => ownership === "foreign");
      return found.length === count ? found : undefined;
    });

  test("is shown as foreign, with nobody's proposal, and is gone when the person cancels it", async () => {
    covers("field/foreign-orders");
    // A reject that could not be read is answered by looking at everything again.
    await world.linkUp();
    const hand = { action: "orderByHand", conid: AAPL, side: "SELL", quantity: "7", orderType: "LMT", lmtPrice: "230" };
    const answer = await world.simulator.control("POST", "/faults", { ...hand, account: ACCOUNT });
    const [found] = await foreign(1);
    expect(found).toMatchObject({ proposalId: null, orderRef: "", side: "SELL", quantity: "7", limitPrice: "230" });
    expect(JSON.stringify(answer)).toContain(found?.permId);
    await world.simulator.control("POST", "/faults", { action: "cancelByHand", permId: Number(found?.permId) });
    await foreign(0);
  });
});
