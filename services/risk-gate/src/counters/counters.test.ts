import { describe, expect, test } from "vitest";
import { FACTS, TERMS } from "../test-facts.ts";
import { OrderLog } from "../testing/order-log.ts";
import { splitOrders } from "../testing/split-orders.ts";
import type { Counters } from "./counters.ts";

const HOUR = 3_600_000;

const look = (counters: Counters, order: { proposalId?: string; agent?: string } = {}) =>
  counters.of({ agent: "agent-1", terms: TERMS, ...order }, [FACTS]);

describe("what is counted", () => {
  test("messages from the proposal on, orders and their notional from the intent on, for all three scopes", () => {
    const log = new OrderLog();
    const counters = log.gate();
    log.send("a", "100.5");
    log.propose("b");
    const counts = look(counters);
    for (const scope of [counts.account, counts.agent, counts.instruments[0]])
      expect(scope?.windows.minute).toEqual({ messages: 2, orders: 1, notional: "100.5" });
    expect(look(counters, { agent: "agent-2" }).agent.windows.day).toEqual({ messages: 0, orders: 0, notional: "0" });
    expect(look(counters, { agent: "agent-2" }).account.windows.day.orders).toBe(1);
  });

  test.each([
    ["never sent", [["killedNotSent/1", {}]], 0],
    [
      "refused by the broker without a fill",
      [
        ["sendStarted/1", {}],
        ["brokerRejected/1", {}],
      ],
      0,
    ],
    [
      "cancelled",
      [
        ["sendStarted/1", {}],
        ["acknowledged/1", {}],
        ["cancelled/1", {}],
      ],
      1,
    ],
    ["UNKNOWN", [["lost/1", {}]], 1],
    [
      "refused, and shown by the broker all the same",
      [
        ["sendStarted/1", {}],
        ["brokerRejected/1", {}],
        ["acknowledged/1", {}],
      ],
      1,
    ],
  ] as const)("an order that is %s -> counts %s", (_name, facts, orders) => {
    const log = new OrderLog();
    const counters = log.gate();
    log.send("a");
    for (const [type, more] of facts) log.write("a", "exec", type, { code: null, text: "", ...more });
    for (const gate of [counters, log.gate()]) {
      expect(look(gate).account.windows.day.orders).toBe(orders);
      expect(look(gate).account.session?.orders).toBe(orders);
      expect(look(gate).account.windows.day.notional).toBe(orders === 0 ? "0" : "100");
    }
  });

  test("an order of which the log says no notional makes the sum unknown", () => {
    const log = new OrderLog();
    const counters = log.gate();
    log.send("a", null);
    expect(look(counters).account.windows.day).toEqual({ messages: 1, orders: 1, notional: null });
  });

  test("an order does not count itself, and its messages are those before it", () => {
    const log = new OrderLog();
    const counters = log.gate();
    log.propose("a");
    log.send("b");
    log.propose("c");
    expect(look(counters, { proposalId: "b" }).agent.windows.minute).toEqual({ messages: 1, orders: 0, notional: "0" });
    expect(look(counters, { proposalId: "a" }).agent.windows.minute).toEqual({
      messages: 0,
      orders: 1,
      notional: "100",
    });
  });

  test("a proposal that is being recorded counts already, once, and not when it never was", () => {
    const log = new OrderLog();
    const counters = log.gate();
    const forget = counters.begin({ proposalId: "a", agent: "agent-1", terms: TERMS });
    expect(look(counters, { proposalId: "b" }).agent.windows.second.messages).toBe(1);
    log.propose("a");
    expect(look(counters, { proposalId: "b" }).agent.windows.second.messages).toBe(1);
    forget();
    expect(look(counters, { proposalId: "b" }).agent.windows.second.messages).toBe(0);
  });

  describe("a change", () => {
    const change = (log: OrderLog, id: string, notional: string) => {
      const verdict = { rules: [{ rule: "maxOrderNotional", value: notional }] };
      log.propose(id);
      log.write(id, "proposal", "simulated/1", { simulation: {} });
      log.write(id, "proposal", "admitted/1", { verdict: {}, ticket: {} });
      log.write(id, "decision", "approved/1", { approval: { statement: {} } });
      log.write(id, "exec", "intent/1", { verdict, orderRef: "a", orderId: 1, clientId: 0, modifies: "a" });
    };
    const replaced = (counters: Counters) =>
      counters.of({ agent: "agent-1", terms: TERMS, modifies: "a" }, [FACTS]).replaced;

    test("counts what it adds to its order, and the next one what it adds to both", () => {
      const log = new OrderLog();
      const counters = log.gate();
      log.send("a", "100");
      expect(replaced(counters)).toBe("100");
      change(log, "m", "130");
      expect(look(counters).agent.windows.minute).toEqual({ messages: 2, orders: 2, notional: "130" });
      expect(replaced(counters)).toBe("130");
      const again = counters.of({ agent: "agent-1", terms: TERMS, proposalId: "m", modifies: "a" }, [FACTS]);
      expect([again.replaced, again.agent.windows.minute.notional]).toEqual(["100", "100"]);
      change(log, "n", "90");
      change(log, "o", "150");
      for (const gate of [counters, log.gate()]) {
        expect(look(gate).agent.windows.minute).toEqual({ messages: 4, orders: 4, notional: "150" });
        expect(replaced(gate)).toBe("150");
      }
    });

    test("that never left adds nothing, also not for the next one", () => {
      const log = new OrderLog();
      const counters = log.gate();
      log.send("a", "100");
      change(log, "m", "130");
      log.write("m", "exec", "killedNotSent/1", { code: null, text: "" });
      expect(replaced(counters)).toBe("100");
      change(log, "n", "130");
      expect(look(counters).agent.windows.minute).toMatchObject({ orders: 2, notional: "130" });
    });
  });
});

describe("time", () => {
  test("a window ends, a session does not", async () => {
    const log = new OrderLog();
    const counters = log.gate();
    log.send("a");
    await log.clock.advance(62_000);
    expect(look(counters).agent.windows.minute.orders).toBe(0);
    expect(look(counters).agent.windows.fiveMinutes.orders).toBe(1);
    await log.clock.advance(25 * HOUR);
    expect(look(counters).agent.windows.day.orders).toBe(0);
  });

  test("the account's session ends at midnight of its zone, the instrument's at that of its exchange", async () => {
    const log = new OrderLog();
    const counters = log.gate();
    log.send("a");
    expect(look(counters).account.session).toMatchObject({ since: "2026-11-23T05:00:00.000Z", orders: 1 });
    expect(look(counters).instruments[0]?.session).toMatchObject({ since: "2026-11-23T05:00:00.000Z", orders: 1 });
    await log.clock.advance(14 * HOUR);
    expect(look(counters).account.session).toMatchObject({ since: "2026-11-24T05:00:00.000Z", orders: 0 });
    expect(look(counters).instruments[0]?.session?.orders).toBe(1);
  });

  test.each([1, -1])(
    "a clock that is set by %s h opens no window, neither while the gate runs nor with a restart",
    async (hours) => {
      const log = new OrderLog();
      const counters = log.gate();
      log.send("a");
      await log.clock.advance(1_000);
      log.clock.offsetMs = hours * HOUR;
      expect(look(counters).agent.windows.minute.orders).toBe(1);
      log.send("b");
      log.clock.offsetMs = 0;
      expect(look(counters).agent.windows.minute.orders).toBe(2);
      // What was written while the clock was ahead lies in the future, and counts.
      if (hours > 0) expect(look(log.gate()).agent.windows.minute.orders).toBe(2);
      expect(look(log.gate()).agent.windows.day.orders).toBe(2);
    },
  );

  test.each([1, -1])("a writer whose clock is %s h off opens no window of a running gate", (hours) => {
    const log = new OrderLog();
    const counters = log.gate();
    log.writerOffMs = hours * HOUR;
    log.send("a");
    expect(look(counters).agent.windows.minute.orders).toBe(1);
    log.clock.jump(30_000);
    expect(look(counters).agent.windows.minute.orders).toBe(1);
  });

  test("a restart counts the same", async () => {
    const log = new OrderLog();
    const counters = log.gate();
    for (let count = 0; count < 40; count += 1) {
      log.send(`p${count}`, String(count));
      if (count % 3 === 0)
        log.write(`p${count}`, "exec", "killedNotSent/1", { code: "APPROVAL_CONSUMED", reason: "x" });
      if (count % 3 === 1) log.write(`p${count}`, "exec", "cancelRequested/1", {});
      await log.clock.advance(17_000);
    }
    expect(look(log.gate())).toEqual(look(counters));
    expect(look(counters).agent.windows.day.orders).toBe(26);
  });
});

test("no cut of an order passes what the whole would not: random orders, fates and restarts against a naive list", () => {
  const { passed, refused } = splitOrders(300, 6);
  expect(passed).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
});
