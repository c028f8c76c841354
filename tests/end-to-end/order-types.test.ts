import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

const AAPL = 265598;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

/** The market stands at this price; orders are matched before it resolves. */
async function price(text: string, conid = AAPL): Promise<void> {
  await control("/market/price", { conid, price: text });
}

/** The same, and the system has a quote of it. */
async function quoted(text: string): Promise<void> {
  await price(text);
  const isNear = (quoted: string | null) => quoted !== null && Math.abs(Number(quoted) - Number(text)) < 0.5;
  const quote = async () => (await tool(system, "get_quote", { conid: AAPL, max_age_ms: 500 })).value;
  await until(quote, ({ bid, ask, last }) => [bid, ask, last].every(isNear));
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${system.twsControl}${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}

/** An order as an agent asks for it: without the limit price of the usual one. */
function order(args: object): Record<string, unknown> {
  const { limit_price: _, ...rest } = buyApple();
  return { ...rest, ...args };
}

async function countersigned(args: object): Promise<string> {
  const { isError, value } = await tool(system, "propose_order", order(args));
  expect(isError, JSON.stringify(value)).toBe(false);
  const denied = value.verdict.rules.filter((rule: { outcome: string }) => rule.outcome === "deny");
  expect(denied).toEqual([]);
  const path = `/api/v1/proposals/${value.proposal_id}/approve`;
  const approved = await admin(system, "POST", path, { ticketHash: value.ticket_hash });
  expect(approved.status, JSON.stringify(approved.body)).toBe(200);
  return value.proposal_id;
}

const becomes = (id: string, ...states: string[]) =>
  until(
    async () => (await tool(system, "get_proposal", { proposal_id: id })).value,
    (view) =>
      [view.state, ...(view.order?.legs ?? []).map((leg: { state: string }) => leg.state)].join() === states.join(),
  );

async function cancelled(id: string): Promise<void> {
  const args = { proposal_id: id, reason: "test", idempotency_key: id };
  expect((await tool(system, "propose_cancel", args)).isError).toBe(false);
}

/** Among the open orders, with the price from which it trades. */
async function listed(id: string, args: { order_type: string; stop_price?: string; trigger_price?: string }) {
  const { isError, value } = await tool(system, "list_orders", { account: buyApple().account });
  expect(isError, JSON.stringify(value)).toBe(false);
  const row = value.items.find((one: { proposal_id: string }) => one.proposal_id === id);
  const waitsFor = args.stop_price ?? args.trigger_price;
  if (waitsFor !== undefined) expect(row.stop_price).toBe(waitsFor);
  else expect("stop_price" in row).toBe(args.order_type.startsWith("TRAIL"));
}

const soon = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d{3}Z$/, "Z");
const BRACKET = { take_profit_price: "410", stop_loss_price: "380", exits_time_in_force: "GTC" };

describe("every type of order, from an agent's argument to the broker", () => {
  test.each([
    ["STP", { order_type: "STP", stop_price: "402" }, "403"],
    ["STP LMT", { order_type: "STP LMT", stop_price: "402", limit_price: "404" }, "403"],
    ["TRAIL by amount", { side: "SELL", order_type: "TRAIL", trailing_amount: "5" }, "389"],
    ["TRAIL by percent", { order_type: "TRAIL", trailing_percent: "1.5" }, "402"],
    ["TRAIL LIMIT", { order_type: "TRAIL LIMIT", trailing_amount: "5", stop_price: "400", limit_offset: "3" }, "401"],
    ["MIT", { order_type: "MIT", trigger_price: "390" }, "389"],
    ["LIT", { order_type: "LIT", trigger_price: "390", limit_price: "391" }, "389"],
    ["LMT good till a time", { order_type: "LMT", limit_price: "390", time_in_force: "GTD", good_till: soon }, "389"],
  ])("%s: judged with the broker's what-if, countersigned, waits, fills at its price", async (_name, args, fillsAt) => {
    await quoted("395");
    const id = await countersigned(args);
    await becomes(id, "WORKING");
    await listed(id, args);
    await price(fillsAt);
    const view = await becomes(id, "FILLED");
    expect(view.simulation.what_if.source).toBe("broker");
    expect(view.order.untrusted.drift).toEqual([]);
  });

  test.each([
    ["MKT", { order_type: "MKT" }],
    ["MKT, now or never", { order_type: "MKT", time_in_force: "IOC" }],
    ["MIDPRICE", { order_type: "MIDPRICE" }],
  ])("%s: fills at once", async (_name, args) => {
    await quoted("395");
    await becomes(await countersigned(args), "FILLED");
  });

  test.each([
    ["MOC", { order_type: "MOC" }],
    ["LOC", { order_type: "LOC", limit_price: "390" }],
    ["REL", { order_type: "REL", offset: "0.01", limit_price: "380" }],
    ["GTC", { order_type: "LMT", limit_price: "390", time_in_force: "GTC" }],
  ])("%s: waits, and is cancelled", async (_name, args) => {
    await quoted("395");
    const id = await countersigned(args);
    await becomes(id, "WORKING");
    await cancelled(id);
    await becomes(id, "CANCELLED");
  });

  test("MOO in regular hours: the opening auction is over, so the gate denies it", async () => {
    const { value } = await tool(system, "propose_order", order({ order_type: "MOO", time_in_force: "OPG" }));
    expect(value.state).toBe("RISK_DENIED");
    expect(JSON.stringify(value.verdict.rules)).toContain("TIME_IN_FORCE_NOT_ALLOWED");
  });
});

test("a change of a stop that works is not one stop more: the order that it changes is not counted beside it", async () => {
  await quoted("395");
  const stop = order({ order_type: "STP", stop_price: "402" });
  const asked = async (args: object) => (await tool(system, "propose_order", { ...stop, ...args })).value;
  const stopsIn = ({ verdict }: { verdict: { rules: { rule: string; value: string }[] } }) =>
    verdict.rules.find(({ rule }) => rule === "maxStopOrders")?.value;
  const id = await countersigned(stop);
  await becomes(id, "WORKING");
  const another = await asked({ idempotency_key: "another" });
  const change = await asked({ idempotency_key: "change", stop_price: "403", modifies: id });
  await cancelled(id);
  await becomes(id, "CANCELLED");
  expect(change.state, JSON.stringify(change)).toBe("PENDING_APPROVAL");
  expect([stopsIn(another), stopsIn(change)]).toEqual(["2", "1"]);
});

describe("currencies, where nothing is traded and triggers look at the quote", () => {
  const EURUSD = { conid: 12087792, quantity: "10000" };

  test("a stop on the wrong side of the ask is denied; above it, it waits and fills", async () => {
    await price("1.10000", EURUSD.conid);
    const ask = (await tool(system, "get_quote", { conid: EURUSD.conid, max_age_ms: 500 })).value.ask;
    const wrong = await tool(system, "propose_order", order({ ...EURUSD, order_type: "STP", stop_price: ask }));
    expect(JSON.stringify(wrong.value.verdict.rules)).toContain("PRICE_ON_WRONG_SIDE");
    const id = await countersigned({ ...EURUSD, order_type: "STP", stop_price: "1.105" });
    await becomes(id, "WORKING");
    await price("1.10600", EURUSD.conid);
    const { order: filled } = await becomes(id, "FILLED");
    expect(filled.untrusted.drift).toEqual([]);
  });
});

describe("a bracket: one proposal, one approval, three orders", () => {
  test("fills, takes its profit, and the stop ends", async () => {
    await quoted("395");
    const before = (await frames(system)).placeOrder ?? 0;
    const id = await countersigned({ order_type: "LMT", limit_price: "393", ...BRACKET });
    const view = await becomes(id, "WORKING", "WORKING", "WORKING");
    expect(view.terms.exits).toEqual({
      take_profit: { limit_price: "410" },
      stop_loss: { stop_price: "380" },
      time_in_force: "GTC",
    });
    expect((await frames(system)).placeOrder).toBe(before + 3);
    await price("392");
    const open = await becomes(id, "FILLED", "WORKING", "WORKING");
    expect(open.final).toBe(false);
    await price("411");
    const done = await becomes(id, "FILLED", "FILLED", "CANCELLED");
    expect(done).toMatchObject({ final: true, order: { unprotected: "0" } });
  });

  test("is cancelled as a whole", async () => {
    await quoted("395");
    const id = await countersigned({ order_type: "LMT", limit_price: "390", ...BRACKET });
    await becomes(id, "WORKING", "WORKING", "WORKING");
    await cancelled(id);
    await becomes(id, "CANCELLED", "CANCELLED", "CANCELLED");
  });

  test("the words of the broker reach the agent as untrusted text", async () => {
    const text = "Warning: Your order will not be placed at the exchange until 2026-11-23 09:30:00 US/Eastern.";
    await quoted("395");
    await control("/faults", { action: "warnOrder", code: 399, text });
    const id = await countersigned({ order_type: "LMT", limit_price: "390" });
    const view = await until(
      async () => (await tool(system, "get_proposal", { proposal_id: id })).value,
      ({ order: found }) => (found?.untrusted.said.length ?? 0) > 0,
    );
    expect(view.order.untrusted.said).toMatchObject([{ code: 399, text, advanced_reject: null }]);
    await cancelled(id);
  });
});

describe("arguments that make no order are refused with the argument's name", () => {
  test.each([
    ["a stop without its price", { order_type: "STP" }, "ORDER_FIELDS_INVALID"],
    ["a limit order without its limit", { order_type: "LMT" }, "LIMIT_PRICE_REQUIRED"],
    ["a market order with a stop", { order_type: "MKT", stop_price: "400" }, "ORDER_FIELDS_INVALID"],
    ["both trails", { order_type: "TRAIL", trailing_amount: "1", trailing_percent: "1" }, "ORDER_FIELDS_INVALID"],
    ["half a bracket", { order_type: "MKT", take_profit_price: "410" }, "ORDER_FIELDS_INVALID"],
    ["a bracket now or never", { order_type: "MKT", time_in_force: "IOC", ...BRACKET }, "BRACKET_NOT_ALLOWED"],
    ["GTD without an end", { order_type: "LMT", limit_price: "390", time_in_force: "GTD" }, "GOOD_TILL_INVALID"],
    ["an end without GTD", { order_type: "LMT", limit_price: "390", good_till: soon }, "GOOD_TILL_INVALID"],
    [
      "a stop now or never",
      { order_type: "STP", stop_price: "402", time_in_force: "IOC" },
      "TIME_IN_FORCE_NOT_ALLOWED",
    ],
    ["MKT outside hours", { order_type: "MKT", outside_rth: true }, "OUTSIDE_RTH_NOT_ALLOWED"],
  ])("%s -> %s", async (_name, args, code) => {
    const { isError, value } = await tool(system, "propose_order", order(args));
    expect(isError).toBe(true);
    expect(value.error.code).toBe(code);
  });

  test("a price off the tick is denied with the prices next to it", async () => {
    await quoted("395");
    const { value } = await tool(system, "propose_order", order({ order_type: "STP", stop_price: "402.005" }));
    expect(value.state).toBe("RISK_DENIED");
    const rule = value.verdict.rules.find((one: { code: string }) => one.code === "PRICE_OFF_TICK");
    expect(rule.message).toContain("nearest: 402 and 402.01");
  });

  test("the same with round_to_tick stands on its ticket as it was rounded, in the direction that was named", async () => {
    await quoted("395");
    for (const [round_to_tick, expected] of [
      ["up", "402.01"],
      ["down", "402"],
    ]) {
      const args = order({ order_type: "STP", stop_price: "402.005", round_to_tick });
      const { value } = await tool(system, "propose_order", args);
      expect(value).toMatchObject({ state: "PENDING_APPROVAL", terms: { stop_price: expected } });
    }
  });
});
