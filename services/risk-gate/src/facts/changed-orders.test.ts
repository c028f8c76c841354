import type { OrderTerms } from "@countersign/contracts/order";
import { OrderProjection } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import { TERMS } from "../test-facts.ts";
import { OrderLog } from "../testing/order-log.ts";
import { AgentUses } from "./agent-use.ts";
import { OwnWorkingOrders } from "./book/own-working.ts";

const USD = { amount: "0", currency: "USD" };
const stop = (quantity: string, stopPrice: string) => {
  const { limitPrice: _, ...plain } = TERMS as OrderTerms & { limitPrice: string };
  return { ...plain, orderType: "STP", timeInForce: "GTC", quantity, stopPrice } as OrderTerms;
};

/** What is known of the agent and the account, by a real log of orders and of changes of them. */
function world() {
  const log = new OrderLog();
  const projection = new OrderProjection();
  const uses = new AgentUses({ orders: projection, clock: log.clock, sessionZone: "America/New_York" });
  const own = new OwnWorkingOrders(projection);
  const taken = { seen: 0 };
  const follow = () => {
    const young = log.facts.slice(taken.seen);
    taken.seen = log.facts.length;
    projection.attach({ subscribe: (handler) => young.forEach(handler) });
  };
  const send = (
    id: string,
    { terms, notional, modifies }: { terms: OrderTerms; notional: string; modifies?: string },
  ) => {
    const target = modifies === undefined ? {} : { modifies: { proposalId: modifies } };
    log.write(id, "proposal", "proposed/1", { mode: "simulator", agent: "agent-1", terms, ...target });
    const estimate = { notionalBase: { ...USD, amount: notional }, fxRate: "1" };
    log.write(id, "proposal", "simulated/1", { simulation: { estimate } });
    const verdict = { rules: [{ rule: "maxOrderNotional", value: notional }] };
    log.write(id, "proposal", "admitted/1", { verdict, ticket: { instrument: { multiplier: "1" } } });
    log.write(id, "decision", "approved/1", { approval: { statement: {} } });
    log.write(id, "exec", "intent/1", { verdict, orderRef: id, orderId: 1, clientId: 0 });
    log.write(id, "exec", "sendStarted/1");
    if (modifies !== undefined) log.write(modifies, "exec", "modifyRequested/1", { by: id, terms });
    follow();
  };
  const write = (id: string, type: string, more: object = {}) => {
    log.write(id, "exec", type, more);
    follow();
  };
  const open = (changes?: string) => uses.of("agent-1", changes);
  const working = () =>
    own.of(TERMS.account).map(({ order, remaining, unitValue }) => `${order} ${remaining} x ${unitValue}`);
  return { send, write, open, working };
}

/** A stop for 10 at 100 that works, and a change of it to 50 at 200 that is on its way. */
function changing() {
  const all = world();
  all.send("order", { terms: stop("10", "100"), notional: "1000" });
  all.write("order", "acknowledged/1", { permId: 7, status: "Submitted" });
  all.send("change", { terms: stop("50", "200"), notional: "10000", modifies: "order" });
  return all;
}
const replaced = { by: "change", terms: stop("50", "200") };

test("an order and the change that is on its way are one open risk: the worse of both", () => {
  const { open } = changing();
  expect(open().openRisk).toBe("10000");
  expect(open("order").replaced).toBe("10000");
});

test("an order that was changed is the open risk that the change was judged at", () => {
  const { open, write } = changing();
  write("order", "termsReplaced/1", replaced);
  expect(open().openRisk).toBe("10000");
  write("change", "modified/1", { permId: 7 });
  expect(open().openRisk).toBe("10000");
});

test("a change that came to nothing leaves the open risk as it was", () => {
  const { open, write } = changing();
  write("order", "modifyClosed/1", { by: "change", outcome: "rejected", code: 201, text: "no" });
  write("change", "brokerRejected/1", { code: 201, text: "no" });
  expect(open().openRisk).toBe("1000");
  expect(open("order").replaced).toBe("1000");
});

test("a change of which nothing is known leaves the open risk unknown", () => {
  const { open, write } = changing();
  write("order", "termsReplaced/1", { ...replaced, by: "another" });
  expect(open()).toMatchObject({ openRisk: null });
  expect(open("order")).toMatchObject({ replaced: null });
});

test("a stop that was raised is worth what the change was judged at, for as long as it works", () => {
  const { working, write } = changing();
  write("order", "termsReplaced/1", replaced);
  write("change", "modified/1", { permId: 7 });
  expect(working()).toEqual(["order 50 x 200.0002"]);
  write("order", "cancelled/1", { code: null, text: "" });
  expect(working()).toEqual([]);
});

test("a stop of which nobody knows what it was changed to has no worth", () => {
  const { working, write } = changing();
  write("order", "termsReplaced/1", { ...replaced, by: "another" });
  write("change", "brokerRejected/1", { code: 201, text: "no" });
  expect(working()).toEqual(["order 50 x undefined"]);
});
