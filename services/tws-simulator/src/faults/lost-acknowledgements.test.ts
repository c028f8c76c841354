import { covers } from "@countersign/testing/covers";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";
import type { FaultInput } from "./fault-document.ts";

const simulator = await TestSimulator.start();
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.calm();
  await simulator.pin(AAPL.conId, "200");
});

const OPEN_ORDER = "5";
const STATUS = "3";
const EXECUTION = "11";
const COMMISSION = "59";
let clientId = 100;

/** Places one order with the fault in force, and returns what arrived before the connection ended. */
async function placed(fault: FaultInput, orderType: "MKT" | "LMT", orderRef: string): Promise<string[]> {
  clientId += 1;
  const client = await simulator.ready(clientId);
  await simulator.fault(fault);
  client.place(await nextId(client), { orderType, orderRef });
  await client.closed;
  return client.sequence();
}

async function nextId(client: RawClient): Promise<number> {
  return Number(client.of("9")[0]?.[2]);
}

/** What a new client finds out about an order by its reference. */
async function found(orderRef: string) {
  const client = await simulator.ready(1);
  client.send(16, 1);
  client.send(99, 0);
  client.send(7, 3, 5, 0, "", "", "", "", "", "");
  await client.waitFor(() => client.of("53").length > 0 && client.of("102").length > 0 && client.of("55").length > 0);
  const executions = client.of(EXECUTION).filter((frame) => frame[26] === orderRef);
  const ids = new Set(executions.map((frame) => frame[14]));
  const commissions = client.of(COMMISSION).filter((frame) => ids.has(frame[2]));
  const open = client.of(OPEN_ORDER).filter((frame) => frame[23] === orderRef);
  const completed = client.of("101").filter((frame) => frame[22] === orderRef);
  client.end();
  return {
    open: open.length,
    completed: completed.length,
    executions: executions.length,
    commissions: commissions.length,
  };
}

const NOTHING = { open: 0, completed: 0, executions: 0, commissions: 0 };
const DONE = { open: 0, completed: 1, executions: 1, commissions: 1 };

describe("the connection ends around an order; what became of it is found by asking", () => {
  test("before the order was looked at -> it never was", async () => {
    covers("fault/drop-before-order");
    expect(await placed({ action: "dropBefore", message: "placeOrder" }, "MKT", "ref-before")).toEqual([]);
    expect(await found("ref-before")).toEqual(NOTHING);
  });

  test("after it was accepted and before any callback -> it is open, and the snapshot of the next session has it", async () => {
    covers("fault/drop-after-accept");
    expect(await placed({ action: "dropAfter", message: "placeOrder" }, "LMT", "ref-after")).toEqual([]);
    expect(await found("ref-after")).toEqual({ ...NOTHING, open: 1 });
    const again = await simulator.ready(clientId);
    expect(again.of(OPEN_ORDER).map((frame) => frame[23])).toEqual(["ref-after"]);
    expect(again.frames.slice(1).map(([id]) => id)).toEqual(["5", "3", "53", "15", "9", "4", "4", "4"]);
    again.end();
  });

  test("between openOrder and its status -> the order is open", async () => {
    covers("fault/drop-before-status");
    const seen = await placed({ action: "cutBeforeReply", message: "orderStatus" }, "LMT", "ref-status");
    expect(seen).toEqual([OPEN_ORDER]);
    expect(await found("ref-status")).toEqual({ ...NOTHING, open: 1 });
  });

  test("between an execution and its commission -> both are there when asked for", async () => {
    covers("fault/drop-before-commission");
    const seen = await placed({ action: "cutBeforeReply", message: "commissionReport" }, "MKT", "ref-commission");
    expect(seen).toContain(EXECUTION);
    expect(seen).not.toContain(COMMISSION);
    expect(await found("ref-commission")).toEqual(DONE);
  });

  test("after the last status -> the commission is missing, and found", async () => {
    covers("fault/drop-after-filled");
    const seen = await placed({ action: "cutAfterReply", message: "orderStatus.Filled" }, "MKT", "ref-filled");
    expect(seen.at(-1)).toBe(STATUS);
    expect(seen).not.toContain(COMMISSION);
    expect(await found("ref-filled")).toEqual(DONE);
  });

  test.each([1, 2, 3, 4, 5])("after frame %i of any kind -> exactly so many arrived", async (nth) => {
    const seen = await placed({ action: "cutAfterReply", message: "*", nth }, "MKT", `ref-nth-${nth}`);
    expect(seen).toHaveLength(nth);
    expect((await found(`ref-nth-${nth}`)).executions).toBeLessThanOrEqual(1);
  });

  test("before the nth frame of one order of one client -> other orders and clients go on", async () => {
    const [one, other] = [await simulator.ready(201), await simulator.ready(202)];
    await simulator.fault({
      action: "cutBeforeReply",
      message: "orderStatus",
      orderRef: "ref-b",
      clientId: 201,
      nth: 2,
    });
    other.place(1, { orderRef: "ref-b" });
    one.place(1, { orderRef: "ref-a" });
    one.place(2, { orderRef: "ref-b" });
    await one.closed;
    expect(one.statuses(1)).toEqual(["PreSubmitted", "Submitted"]);
    expect(one.statuses(2)).toEqual(["PreSubmitted"]);
    await other.waitFor(() => other.statuses(1).length === 2);
    other.end();
  });
});

describe("an order placed, changed and cancelled, cut behind each frame in turn", () => {
  /** Frames of the whole story when nobody cuts it. */
  const FRAMES = 8;

  test.each(Array.from({ length: FRAMES }, (_, index) => index + 1))(
    "behind frame %i -> one order, none twice",
    async (nth) => {
      clientId += 1;
      const client = await simulator.ready(clientId);
      const orderRef = `ref-story-${nth}`;
      await simulator.fault({
        action: "cutAfterReply",
        message: "*",
        orderRef,
        nth,
        how: nth % 2 === 0 ? "rst" : "fin",
      });
      client.place(1, { orderRef, lmtPrice: "150" });
      client.place(1, { orderRef, lmtPrice: "151" });
      client.cancel(1);
      await client.closed;
      expect(client.sequence().length + client.errors(202).length).toBe(nth);
      const { open, completed, executions } = await found(orderRef);
      expect([open + completed, executions]).toEqual([1, 0]);
    },
  );
});
