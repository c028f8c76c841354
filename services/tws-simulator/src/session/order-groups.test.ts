import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
beforeEach(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "20");
  client = await simulator.library();
});
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

const status = (id: number, wanted: string) =>
  client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === wanted);
const filled = (id: number) => status(id, "Filled");
const cancelled = (id: number) => client.waitFor(EventName.error, (args) => args[1] === 202 && args[2] === id);
/** Everything so far is answered. */
async function settled(): Promise<void> {
  const count = client.of(EventName.currentTime).length + 1;
  client.api.reqCurrentTime();
  await client.waitFor(EventName.currentTime, () => true, count);
}
const lastOf = (id: number) => client.of(EventName.openOrder).findLast(({ args }) => args[0] === id)?.args[2];

interface Bracket {
  readonly parent: number;
  readonly profit: number;
  readonly stop: number;
}

/** A parent with a profit taker and a stop, sent as TWS wants it: transmit only with the last one. */
function bracket(parentOrder: object): Bracket {
  const parent = client.place(AAPL, { ...parentOrder, transmit: false });
  const child = { action: "SELL" as never, parentId: parent };
  const profit = client.place(AAPL, { ...child, lmtPrice: 21, transmit: false });
  const stop = client.place(AAPL, { ...child, orderType: "STP" as never, auxPrice: 19 });
  return { parent, profit, stop };
}

describe("brackets", () => {
  test("nothing until the last leg, then all; children wait for the parent, share a group, and work once it is filled", async () => {
    covers("sequence/bracket");
    const parent = client.place(AAPL, { lmtPrice: 19.5, transmit: false });
    const child = { action: "SELL" as never, parentId: parent };
    const profit = client.place(AAPL, { ...child, lmtPrice: 21, transmit: false });
    await settled();
    expect([parent, profit].map((id) => story(client, id))).toEqual([[], []]);
    const stop = client.place(AAPL, { ...child, orderType: "STP" as never, auxPrice: 19 });
    await status(stop, "PreSubmitted");
    expect(story(client, parent)).toEqual(["5 PreSubmitted", "3 PreSubmitted", "5 Submitted", "3 Submitted"]);
    expect(story(client, profit)).toEqual(["5 PreSubmitted", "3 PreSubmitted child"]);
    expect(story(client, stop)).toEqual(["5 PreSubmitted", "3 PreSubmitted child,trigger"]);
    const permId = client.of(EventName.orderStatus).find(({ args }) => args[0] === parent)?.args[5];
    for (const id of [profit, stop]) {
      expect(lastOf(id)).toMatchObject({ parentId: parent, ocaGroup: String(permId), ocaType: 3 });
      expect(client.of(EventName.orderStatus).find(({ args }) => args[0] === id)?.args[6]).toBe(parent);
    }
    await simulator.pin(AAPL.conId, "19.49");
    await status(profit, "Submitted");
    await settled();
    expect(story(client, profit).slice(2)).toEqual(["5 PreSubmitted", "3 PreSubmitted", "5 Submitted", "3 Submitted"]);
    expect(story(client, stop).slice(2)).toEqual(["5 PreSubmitted", "3 PreSubmitted trigger"]);
    await simulator.pin(AAPL.conId, "21.01");
    await cancelled(stop);
    expect(story(client, profit).at(-3)).toBe("3 Filled");
    expect(story(client, stop).slice(-2)).toEqual(["3 Cancelled", "4 202"]);
  });

  test("the stop fills -> the profit taker is cancelled", async () => {
    const { parent, profit, stop } = bracket({ orderType: "MKT" });
    await filled(parent);
    await status(profit, "Submitted");
    await simulator.pin(AAPL.conId, "18.90");
    await filled(stop);
    await cancelled(profit);
  });

  test("the parent is cancelled -> its children are, too", async () => {
    const { parent, profit, stop } = bracket({ lmtPrice: 15 });
    await status(stop, "PreSubmitted");
    client.api.cancelOrder(parent);
    for (const id of [parent, profit, stop]) await cancelled(id);
  });

  test("a parent that is cancelled after a part -> the children protect that part", async () => {
    const { parent, profit, stop } = bracket({ lmtPrice: 20.01, totalQuantity: 1500, tif: "IOC" });
    await cancelled(parent);
    await status(profit, "Submitted");
    expect([profit, stop].map((id) => lastOf(id))).toMatchObject([{ totalQuantity: 10 }, { totalQuantity: 10 }]);
    const large = client.place(AAPL, { lmtPrice: 20.01, totalQuantity: 1500, tif: "IOC" as never, transmit: false });
    const cover = client.place(AAPL, { action: "SELL" as never, parentId: large, lmtPrice: 21, totalQuantity: 1500 });
    await cancelled(large);
    await status(cover, "Submitted");
    expect(lastOf(cover)).toMatchObject({ totalQuantity: 1000 });
  });

  test("a child of nobody, or of an order that is over -> 10006", async () => {
    covers("error/10006");
    const orphan = client.place(AAPL, { lmtPrice: 15, parentId: 4711 });
    await client.waitFor(EventName.error, (args) => args[1] === 10006 && args[2] === orphan);
    expect(errorText(client, orphan, 10006)).toBe("Missing parent order");
    const done = client.place(AAPL, { orderType: "MKT" as never });
    await filled(done);
    const late = client.place(AAPL, { action: "SELL" as never, lmtPrice: 21, parentId: done });
    await client.waitFor(EventName.error, (args) => args[1] === 10006 && args[2] === late);
  });

  test("the cancel of a staged parent takes its staged children along", async () => {
    const parent = client.place(AAPL, { lmtPrice: 15, transmit: false });
    const child = client.place(AAPL, { action: "SELL" as never, lmtPrice: 21, parentId: parent, transmit: false });
    client.api.cancelOrder(parent);
    await cancelled(child);
    expect(story(client, child)).toEqual(["3 ApiCancelled", "4 202"]);
  });
});

describe("one-cancels-all groups", () => {
  /** Two resting buys in one group, one near the market and one far. */
  async function pair(ocaType: number, sizes: { near: number; far: number }) {
    const group = { ocaGroup: `g${ocaType}`, ocaType };
    const far = client.place(AAPL, { ...group, lmtPrice: 15, totalQuantity: sizes.far });
    const near = client.place(AAPL, { ...group, lmtPrice: 19.5, totalQuantity: sizes.near });
    await status(near, "Submitted");
    return { near, far };
  }

  test.each([1, 2, 3])(
    "type %i: one is filled -> the other is cancelled, and 202 follows its status",
    async (ocaType) => {
      covers("sequence/oca");
      const { near, far } = await pair(ocaType, { near: 10, far: 10 });
      expect(lastOf(far)).toMatchObject({ ocaGroup: `g${ocaType}`, ocaType });
      await simulator.pin(AAPL.conId, "19.40");
      await cancelled(far);
      expect(story(client, near)).toContain("3 Filled");
      expect(story(client, far).slice(-2)).toEqual(["3 Cancelled", "4 202"]);
    },
  );

  test("type 1: the first part already cancels the others", async () => {
    covers("sequence/oca", "order/oca-cancel");
    const { near, far } = await pair(1, { near: 2500, far: 100 });
    await simulator.pin(AAPL.conId, "19.40");
    await cancelled(far);
    const names = client.events.filter(({ name, args }) => name === "execDetails" || args[1] === 202);
    expect(names.map(({ name }) => name).slice(0, 2)).toEqual(["execDetails", "error"]);
    await filled(near);
  });

  test.each([2, 3])("type %i: a part of the one makes the other smaller by the same share", async (ocaType) => {
    covers("sequence/oca", "order/oca-reduce", "order/oca-reduce-block");
    const { near, far } = await pair(ocaType, { near: 2000, far: 100 });
    await simulator.pin(AAPL.conId, "19.40");
    await client.waitFor(
      EventName.openOrder,
      (args) => args[0] === far && (args[2] as { totalQuantity: number }).totalQuantity === 50,
    );
    await filled(near);
    await cancelled(far);
  });

  test.each([
    [2, []],
    [3, [50]],
  ])(
    "type %i, both within reach: with a block the second waits for the first, without one it fills as well",
    async (ocaType, fills) => {
      covers("order/oca-reduce-block", "order/oca-reduce");
      const order = { ocaGroup: "g", ocaType, lmtPrice: 19.5 };
      const first = client.place(AAPL, { ...order, totalQuantity: 2000 });
      const second = client.place(AAPL, { ...order, totalQuantity: 100 });
      await status(second, "Submitted");
      await simulator.pin(AAPL.conId, "19.40");
      await filled(ocaType === 2 ? first : second);
      await settled();
      const executions = client
        .of(EventName.execDetails)
        .map(({ args }) => args[2] as { orderId: number; shares: number });
      expect(executions.filter(({ orderId }) => orderId === second).map(({ shares }) => shares)).toEqual(fills);
    },
  );

  test("a cancel by the client leaves the others", async () => {
    const { near, far } = await pair(3, { near: 10, far: 10 });
    client.api.cancelOrder(near);
    await cancelled(near);
    await settled();
    expect(story(client, far).at(-1)).toBe("3 Submitted");
  });
});

test("a group of the same name in another account is another group", async () => {
  covers("sequence/oca");
  const accounts = ["DU1234567", "DU7654321"];
  const two = await TestSimulator.start({ accounts });
  await two.pin(AAPL.conId, "20");
  const both = await two.library();
  const group = { ocaGroup: "same", ocaType: 1, lmtPrice: 19.5 };
  const [mine, theirs] = accounts.map((account) => both.place(AAPL, { ...group, account }));
  const rests = { ...group, lmtPrice: 15, account: accounts[0] ?? "" };
  const sibling = both.place(AAPL, rests);
  await both.waitFor(EventName.orderStatus, (args) => args[0] === sibling && args[1] === "Submitted");
  await two.pin(AAPL.conId, "19.40");
  await both.waitFor(EventName.commissionReport, () => true, 2);
  await both.waitFor(EventName.error, (args) => args[1] === 202 && args[2] === sibling);
  for (const id of [mine, theirs]) expect(story(both, id ?? 0)).toContain("3 Filled");
  expect(both.protocolErrors()).toEqual([]);
  two.stop();
});
