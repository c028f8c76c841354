import { IB_CODES } from "@countersign/contracts/ib-codes";
import { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { wireTermsOf } from "./session/order-terms.ts";
import { AAPL, ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;
const TERMS = { account: ACCOUNT, conid: AAPL, side: "BUY", quantity: "1", timeInForce: "DAY" } as const;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
});

const fault = (rule: object) => world.simulator.control("POST", "/faults", rule);
const types = async (proposal: string) => (await world.execLog(proposal)).map((fact) => fact.type);
const orderOf = (proposal: string) => world.gateway?.table.get(proposal)?.order;
const stateOf = (proposal: string) => orderOf(proposal)?.state;
const inState = (proposal: string, state: string) =>
  eventually(() => (stateOf(proposal) === state ? (true as const) : undefined));
const frames = async (name: string) => (await world.simulator.frames())[name] ?? 0;

/** A reading of all orders that began after this was called, and is over. */
async function readAgain(): Promise<void> {
  const gateway = world.gateway;
  const before = gateway?.reconciler.count ?? 0;
  await eventually(() => ((gateway?.reconciler.count ?? 0) > before ? true : undefined));
}

/** An order whose frame TWS answers with this error and does nothing else with. */
async function refused(code: number, text = `the words of ${code}`): Promise<string> {
  await fault({ action: "answerError", message: "placeOrder", code, text });
  const { approval, proposal } = await world.approved({ terms: RESTING });
  expect(await world.submit(approval)).toBe("sent");
  return proposal;
}

async function working(): Promise<string> {
  const { approval, proposal } = await world.approved({ terms: RESTING });
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "acknowledged/1");
  return proposal;
}

/** TWS says this about a live order. */
const says = (proposal: string, code: number, text = `the words of ${code}`) =>
  fault({ action: "notice", id: orderOf(proposal)?.orderId, code, text });

describe("an order that TWS does not take", () => {
  covers("code/109", "code/110", "code/200", "code/201", "code/382", "code/383", "code/451", "code/460", "code/10243");
  test.each([109, 110, 200, 201, 203, 382, 383, 388, 434, 451, 460, 10_052, 10_243, 10_268])(
    "%i -> BROKER_REJECTED with the code and the words",
    async (code) => {
      const proposal = await refused(code);
      const facts = await world.execLogWith(proposal, "brokerRejected/1");
      expect(facts.find(({ type }) => type === "brokerRejected/1")).toMatchObject({
        code,
        text: expect.stringContaining(`the words of ${code}`),
      });
      await inState(proposal, "BROKER_REJECTED");
    },
  );

  test("434 is prevented: no ticket has a quantity of zero or less", () => {
    covers("code/434");
    const terms = { ...TERMS, orderType: "MKT", limitPrice: null };
    for (const quantity of ["0", "0.0", "-1"]) expect(OrderTerms.safeParse({ ...terms, quantity }).success).toBe(false);
    expect(OrderTerms.safeParse(terms).success).toBe(true);
  });

  test("321 and read-only -> rejected, and nothing more is submitted until TWS answers a what-if again", async () => {
    covers("code/321");
    await fault({ action: "readOnlyApi" });
    const first = await world.approved({ terms: RESTING });
    await world.submit(first.approval);
    await world.execLogWith(first.proposal, "brokerRejected/1");
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_READ_ONLY", effect: "none" });
    expect(await types(proposal)).toEqual([]);
    expect(await status()).toMatchObject({
      hold: { code: "BROKER_READ_ONLY" },
      conditions: expect.arrayContaining([expect.objectContaining({ code: "BROKER_READ_ONLY" })]),
    });
    await world.simulator.control("DELETE", "/faults");
    const terms = { ...TERMS, orderType: "LMT", limitPrice: "1.00" } as const;
    expect(await world.risk.request(RPCS.whatIf, { terms })).toMatchObject({ outcome: "ok" });
    expect(await world.submit(approval)).toBe("sent");
  });

  test("321 for another reason -> rejected, and other orders go on", async () => {
    const proposal = await refused(321, "Error validating request.-'bW' : cause - Missing order exchange");
    await world.execLogWith(proposal, "brokerRejected/1");
    await working();
  });

  test("103 -> UNKNOWN, looked up, the next id asked for, and never sent again", async () => {
    covers("code/103");
    const [placed, asked] = [await frames("placeOrder"), await frames("reqIds")];
    const read = readAgain();
    const proposal = await refused(103, "Duplicate order id");
    await inState(proposal, "UNKNOWN");
    await read;
    await eventually(async () => ((await frames("reqIds")) > asked ? true : undefined));
    expect(await frames("placeOrder")).toBe(placed + 1);
    expect(stateOf(proposal)).toBe("UNKNOWN");
    await working();
  });

  test("512 -> UNKNOWN: the library could not send it, and perhaps it did", async () => {
    covers("code/512");
    const proposal = await refused(512, "Send order failed");
    await inState(proposal, "UNKNOWN");
    await world.linkUp();
  });

  test.each([
    ["10311, the precaution about direct routes", 10_311],
    ["a code that stands in no row", 31_337],
    ["another one", 9_999],
  ])("%s -> UNKNOWN with the words, looked up, never taken for a cancel", async (_, code) => {
    covers("code/10311", "code/unknown");
    const read = readAgain();
    const proposal = await refused(code);
    await inState(proposal, "UNKNOWN");
    await read;
    const facts = await world.execLog(proposal);
    expect(facts.find(({ type }) => type === "lost/1")).toMatchObject({
      reason: expect.stringContaining(`the words of ${code}`),
    });
    expect(facts.map(({ type }) => type)).not.toContain("cancelled/1");
  });

  test("an unlisted code is on the record and in the status", async () => {
    await refused(31_338);
    const now = await eventually(async () => {
      const value = await status();
      return value.faults.some(({ code }) => code === 31_338) ? value : undefined;
    });
    expect(now.conditions.map(({ code }) => code)).toContain("UNKNOWN_CODES");
    await eventually(() =>
      world.audit.some(({ kind, body }) => kind === "broker.fault" && body.code === 31_338) ? true : undefined,
    );
  });
});

describe("a live order", () => {
  test.each([399, 404, 492, 2_109, 2_148, 2_188, 165, 366, 300, 2_102])("lives on through %i", async (code) => {
    covers("code/399", "code/404", "code/492", "code/2109", "code/2148", "code/2188");
    covers("code/165", "code/366", "code/300");
    const proposal = await working();
    await says(proposal, code);
    // Its answer comes behind the words on the same wire.
    await world.risk.request(RPCS.openOrders, { account: ACCOUNT });
    await world.execLogWith(proposal, "brokerSaid/1");
    expect(stateOf(proposal)).toBe("WORKING");
    expect(await world.execLog(proposal)).toContainEqual(
      expect.objectContaining({ type: "brokerSaid/1", code, text: `the words of ${code}` }),
    );
    expect(await types(proposal)).not.toContain("lost/1");
  });

  test.each([104, 105, 106, 107, 329])(
    "%i, a refused change -> the original stands and is read again",
    async (code) => {
      covers("code/104", "code/105", "code/106", "code/107", "code/329");
      const proposal = await working();
      const read = readAgain();
      await says(proposal, code);
      await read;
      expect(stateOf(proposal)).toBe("WORKING");
      expect(await types(proposal)).not.toContain("lost/1");
    },
  );

  test.each([110, 200, 10_268])("%i, which would refuse a new order -> read again and found WORKING", async (code) => {
    const proposal = await working();
    await says(proposal, code);
    await eventually(async () =>
      (await types(proposal)).filter((type) => type === "acknowledged/1").length === 2 ? true : undefined,
    );
    expect(stateOf(proposal)).toBe("WORKING");
  });

  test("202 without a status that says so -> read again and found WORKING", async () => {
    covers("code/202");
    const proposal = await working();
    await says(proposal, 202, "Order Canceled - reason:");
    await world.execLogWith(proposal, "lost/1");
    await inState(proposal, "WORKING");
    expect((await world.cancel(proposal)).outcome).toBe("ok");
    await world.execLogWith(proposal, "cancelled/1");
    expect(stateOf(proposal)).toBe("CANCELLED");
  });

  test("a code that stands in no row -> UNKNOWN, read again, WORKING", async () => {
    const proposal = await working();
    await says(proposal, 31_339);
    await world.execLogWith(proposal, "lost/1");
    await inState(proposal, "WORKING");
  });
});

test("10349, the time in force was changed by a preset -> WORKING, the words kept, and the drift named", async () => {
  covers("code/10349");
  const { approval, proposal } = await world.approved({ terms: RESTING });
  await world.submit(approval);
  await world.execLogWith(proposal, "acknowledged/1");
  await says(proposal, 10_349, "Order TIF was set to GTC based on order preset.");
  const order = orderOf(proposal);
  if (order === undefined) throw new Error("no order");
  const { orderId, orderRef } = order;
  const preset = { ...wireTermsOf(approval.statement.ticket.terms), timeInForce: "GTC" } as const;
  const ids = { orderId, orderRef, account: ACCOUNT, whatIf: false, group: null };
  world.gateway?.link.connection()?.placeOrder({ ...preset, ...ids, contract: { conid: AAPL, exchange: "SMART" } });
  const facts = await world.execLogWith(proposal, "drifted/1");
  expect(facts).toContainEqual(expect.objectContaining({ type: "brokerSaid/1", code: 10_349 }));
  expect(facts.find(({ type }) => type === "drifted/1")).toMatchObject({
    differences: [{ field: "timeInForce", approved: "DAY", broker: "GTC" }],
  });
  expect(stateOf(proposal)).toBe("WORKING");
});

describe("a cancel", () => {
  test.each([135, 161, 10_147])(
    "answered with %i -> all lists are read, and the order found there is WORKING",
    async (code) => {
      covers("code/135", "code/161", "code/10147");
      const proposal = await working();
      await fault({ action: "answerError", message: "cancelOrder", code, text: "no" });
      const completed = await frames("reqCompletedOrders");
      expect((await world.cancel(proposal)).outcome).toBe("ok");
      await inState(proposal, "WORKING");
      expect(await frames("reqCompletedOrders")).toBeGreaterThan(completed);
      expect(await types(proposal)).not.toContain("cancelled/1");
    },
  );

  /** An order that fills while the gateway hears nothing of it. */
  async function filledUnseen(): Promise<string> {
    const proposal = await working();
    for (const message of ["execDetails", "orderStatus", "commissionReport"])
      await fault({ action: "dropReply", message, times: 1 });
    await fault({ action: "dropReply", message: "orderStatus.Filled", times: 3 });
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: "0.90" });
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: null });
    return proposal;
  }

  test("of an order that has filled meanwhile, 10148 -> FILLED, not cancelled", async () => {
    covers("code/10148");
    let proposal = await filledUnseen();
    // Where the fill was heard of before the cancel was asked for, there was nothing to cancel: once more.
    for (let tries = 0; (await world.cancel(proposal)).outcome !== "ok"; proposal = await filledUnseen())
      expect(++tries).toBeLessThan(5);
    await inState(proposal, "FILLED");
    expect(await types(proposal)).not.toContain("cancelled/1");
  });

  test("that the broker does not carry out stays asked for, without an error", async () => {
    covers("field/late-cancel");
    const proposal = await working();
    await fault({ action: "ignoreRequest", message: "cancelOrder" });
    expect((await world.cancel(proposal)).outcome).toBe("ok");
    expect(stateOf(proposal)).toBe("CANCEL_REQUESTED");
    expect((await status()).conditions.map(({ code }) => code)).toContain("CANCEL_PENDING");
  });
});

test("every row about orders stands for one of the behaviours that are shown here", () => {
  const behaviours = new Set(IB_CODES.flatMap(({ order }) => (order === undefined ? [] : [order])));
  expect([...behaviours].sort()).toEqual(
    ["cancelled", "duplicateId", "livesOn", "lookUp", "queryAgain", "rejected", "rejectedIfNew"].sort(),
  );
});

async function status() {
  const reply = await world.risk.request(RPCS.brokerStatus, {});
  if (reply.outcome !== "ok") throw new Error(reply.denial.message);
  return reply.value;
}
