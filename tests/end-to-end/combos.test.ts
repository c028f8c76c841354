import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tool } from "./mcp-client.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

let system: System;
/** Two calls on AAPL, as search and chains of the simulator's book have them: 200 and 210. */
const LOW = 2_000_000_071;
const HIGH = 2_000_000_072;
const VERTICAL = [
  { conid: LOW, side: "BUY", ratio: 1 },
  { conid: HIGH, side: "SELL", ratio: 1 },
];
beforeAll(async () => {
  system = await startSystem();
  await price("8.00", LOW);
  await price("6.00", HIGH);
});
afterAll(() => system?.stop());

async function price(text: string, conid: number): Promise<void> {
  const body = JSON.stringify({ conid, price: text });
  const answer = await fetch(`${system.twsControl}/market/price`, { method: "POST", body });
  if (!answer.ok) throw new Error(await answer.text());
}

const spread = (args: object = {}): Record<string, unknown> => ({
  ...{ account: "DU1234567", legs: VERTICAL, side: "BUY", quantity: "2", order_type: "LMT", limit_price: "2.1" },
  ...{ time_in_force: "DAY", idempotency_key: randomUUID(), rationale: "a vertical spread" },
  ...args,
});
const propose = (args: object = {}) => tool(system, "propose_order", spread(args));

describe("a vertical spread, from an agent's argument to the fill", () => {
  test("is judged leg by leg, countersigned, filled once, and on the record", async () => {
    const before = (await frames(system)).placeOrder ?? 0;
    const { isError, value } = await propose();
    expect(isError, JSON.stringify(value)).toBe(false);
    expect(value.verdict.rules.filter((rule: { outcome: string }) => rule.outcome === "deny")).toEqual([]);
    expect(value.terms).toMatchObject({ symbol: "AAPL", limit_price: "2.1" });
    expect(value.terms.legs).toEqual([
      { ...VERTICAL[0], name: "AAPL 20271217 C 200" },
      { ...VERTICAL[1], name: "AAPL 20271217 C 210" },
    ]);
    expect(value.simulation.what_if.commission).toEqual({ amount: "2.6", currency: "USD" });
    expect(value.simulation.estimate).toMatchObject({
      price: { amount: "2.1" },
      legs: [{ conid: LOW }, { conid: HIGH }],
    });

    const path = `/api/v1/proposals/${value.proposal_id}`;
    const shown = await admin(system, "GET", path);
    expect(shown.body.ticket.instrument).toMatchObject({ secType: "BAG", legs: [{ conid: LOW }, { conid: HIGH }] });
    const approved = await admin(system, "POST", `${path}/approve`, { ticketHash: value.ticket_hash });
    expect(approved.status, JSON.stringify(approved.body)).toBe(200);

    const done = await until(
      async () => (await tool(system, "get_proposal", { proposal_id: value.proposal_id })).value,
      (view) => view.state === "FILLED" && view.order.executions.length === 3 && view.order.commission.length > 0,
    );
    expect(done.order).toMatchObject({ filled_quantity: "2", average_price: "2.1", untrusted: { drift: [] } });
    expect(done.order.executions.map((one: { combo_leg?: number }) => one.combo_leg)).toEqual([undefined, LOW, HIGH]);
    expect((await frames(system)).placeOrder).toBe(before + 1);

    const positions = await until(
      async () => (await tool(system, "list_positions", { account: "DU1234567" })).value.items,
      (items) => items.some((one: { conid: number }) => one.conid === HIGH),
    );
    const held = (conid: number) => positions.find((one: { conid: number }) => one.conid === conid)?.quantity;
    expect([held(LOW), held(HIGH)]).toEqual(["2", "-2"]);
    const executions = (await tool(system, "list_executions", { account: "DU1234567" })).value.items;
    expect(executions.map((one: { combo?: true }) => one.combo === true).sort()).toEqual([false, false, true]);
    const verified = await admin(system, "POST", "/api/v1/audit/verify");
    expect(verified.body.ok, JSON.stringify(verified.body)).toBe(true);
  });

  test("previewed, it is simulated and judged alike, and nothing is recorded", async () => {
    const { idempotency_key: _key, rationale: _why, ...args } = spread({ order_type: "MKT", limit_price: undefined });
    const { isError, value } = await tool(system, "preview_order", args);
    expect(isError, JSON.stringify(value)).toBe(false);
    expect(value.verdict.outcome).toBe("pass");
  });

  test("for a credit, its price may lie below zero; it waits, and is cancelled", async () => {
    const { value } = await propose({ side: "SELL", limit_price: "2.5", quantity: "1" });
    expect(value.state, JSON.stringify(value.verdict?.rules)).toBe("PENDING_APPROVAL");
    const legs = VERTICAL.map((leg) => ({ ...leg, side: leg.side === "BUY" ? "SELL" : "BUY" }));
    const credit = await propose({ legs, limit_price: "-2.5", quantity: "1" });
    const id = credit.value.proposal_id;
    await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash: credit.value.ticket_hash });
    const state = async () => (await tool(system, "get_proposal", { proposal_id: id })).value.state;
    await until(state, (one) => one === "WORKING");
    const open = (await tool(system, "list_orders", { account: "DU1234567" })).value.items;
    expect(open).toMatchObject([{ ownership: "ours", limit_price: "-2.5", combo_legs: legs }]);
    await tool(system, "propose_cancel", { proposal_id: id, reason: "test", idempotency_key: id });
    await until(state, (one) => one === "CANCELLED");
  });

  test("a kill switch of one leg's instrument stops the whole", async () => {
    const { value } = await propose({ limit_price: "1.5" });
    const kill = (level: string) =>
      admin(system, "PUT", "/api/v1/kill-switch", { scope: `instrument.${HIGH}`, level, reason: "test" });
    expect((await kill("HALTED")).status).toBe(200);
    const path = `/api/v1/proposals/${value.proposal_id}/approve`;
    const refused = await admin(system, "POST", path, { ticketHash: value.ticket_hash });
    expect(refused.body.code).toBe("KILL_SWITCH_HALTED");
    expect((await kill("ACTIVE")).status).toBe(200);
  });
});

describe("what makes no combination is refused in plain words", () => {
  const leg = (conid: number, ratio: number) => ({ conid, side: "BUY", ratio });
  test.each<[string, object, string, string]>([
    ["one leg", { legs: [leg(LOW, 1)] }, "COMBO_INVALID", "at least two legs"],
    ["a doubled leg", { legs: [leg(LOW, 1), leg(LOW, 2)] }, "COMBO_INVALID", "is in two legs"],
    ["a ratio of 0", { legs: [leg(LOW, 0), leg(HIGH, 1)] }, "COMBO_INVALID", "not 0"],
    ["a huge ratio", { legs: [leg(LOW, 5_000), leg(HIGH, 1)] }, "COMBO_INVALID", "not 5000"],
    ["ratios with a divisor", { legs: [leg(LOW, 2), leg(HIGH, 2)] }, "COMBO_INVALID", "multiples of 2"],
    ["a stop", { order_type: "STP", limit_price: undefined, stop_price: "2" }, "COMBO_INVALID", "not as STP"],
    [
      "exits",
      { take_profit_price: "3", stop_loss_price: "1", exits_time_in_force: "DAY" },
      "BRACKET_NOT_ALLOWED",
      "bracket",
    ],
    ["an unknown leg", { legs: [leg(LOW, 1), leg(99, 1)] }, "UNKNOWN_INSTRUMENT", "leg 2"],
    ["legs and a conid", { conid: LOW }, "INVALID_ARGUMENT", "not both"],
    ["neither", { legs: undefined }, "INVALID_ARGUMENT", "legs for a combination"],
    [
      "a price below zero without legs",
      { legs: undefined, conid: LOW, limit_price: "-1" },
      "INVALID_ARGUMENT",
      "above",
    ],
  ])("%s -> %s", async (_name, args, code, words) => {
    const { isError, value } = await propose(args);
    expect([isError, value.error.code], JSON.stringify(value)).toEqual([true, code]);
    expect(value.error.message).toContain(words);
  });

  test.each<[string, object, string]>([
    ["legs in two currencies", { legs: [leg(2_000_000_201, 1), leg(2_000_000_241, 1)] }, "the currency differs"],
    ["legs with two multipliers", { legs: [leg(2_000_000_201, 1), leg(2_000_000_211, 1)] }, "the multiplier differs"],
  ])("%s -> RISK_DENIED, and nothing waits for a person", async (_name, args, words) => {
    const { value } = await propose(args);
    expect(value.state, JSON.stringify(value)).toBe("RISK_DENIED");
    const found = value.verdict.rules.find((rule: { rule: string }) => rule.rule === "comboLegs");
    expect(found).toMatchObject({ code: "COMBO_INVALID", message: expect.stringContaining(words) });
  });
});
