import type { Bus } from "@countersign/bus/bus";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import { Fault, ok } from "@countersign/contracts/denial";
import type { Modifies, OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { OrderProjection } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import { OrderHistory } from "../counters/order-history.ts";
import { LiveOrders } from "../live-orders.ts";
import { OpenStops } from "../open-stops.ts";
import { killSwitch } from "../rules/kill-switch.ts";
import { resultOf } from "../rules/rule.ts";
import { POLICY, TERMS } from "../test-facts.ts";
import { OrderLog } from "../testing/order-log.ts";
import { AgentUses } from "./agent-use.ts";
import { neither } from "./book/book-keeper.ts";
import { OwnWorkingOrders } from "./book/own-working.ts";
import { missing } from "./fact.ts";
import { FactGatherer, type GatherDeps } from "./gather.ts";

const sale = (quantity: string) => ({ ...TERMS, side: "SELL", quantity }) as OrderTerms;

/** A sale of 100 of ours works while 150 are held; `meanwhile` happens between the broker's look at the positions and its answer. */
function world(meanwhile: (log: OrderLog) => void) {
  const log = new OrderLog();
  const { clock } = log;
  const orders = new OrderProjection();
  const own = new OwnWorkingOrders(orders);
  const live = new LiveOrders(orders);
  const history = new OrderHistory(orders, { clock, sessionZone: "America/New_York" });
  const agentUses = new AgentUses({ orders, clock, sessionZone: "America/New_York" });
  const stops = new OpenStops(orders);
  const follow = (seen: number) => orders.attach({ subscribe: (handler) => log.facts.slice(seen).forEach(handler) });
  log.send("order", "23000", "agent-1", sale("100"));
  log.write("order", "exec", "sendStarted/1");
  log.write("order", "exec", "acknowledged/1", { permId: 7, status: "Submitted" });
  follow(0);
  const request = async ({ subject }: Rpc) => {
    if (subject !== RPCS.brokerFacts.subject) throw new Fault("MARKET_DATA_UNAVAILABLE");
    const row = { account: TERMS.account, conid: TERMS.conid, symbol: "AAPL", secType: "STK", currency: "USD" };
    const positions = [{ ...row, quantity: "150", averageCost: "230" }];
    const asOf = new Date(clock.nowMs()).toISOString();
    const seen = log.facts.length;
    meanwhile(log);
    follow(seen);
    const gone = { outcome: "fault", fault: new Fault("BROKER_UNAVAILABLE").toBody() };
    return ok({
      ...{ accounts: gone, summary: gone, whatIf: gone },
      positions: ok({ account: TERMS.account, version: "a.1", positions, source: "tws", asOf }),
      openOrders: ok({ account: TERMS.account, orders: [], asOf }),
    });
  };
  const gatherer = new FactGatherer({
    ...{ bus: { request } as unknown as Bus, clock, mode: "simulator", live, history, stops, agentUses },
    ...{ config: { whatIfReuseMsMax: 0, quoteAskAgeMsMax: 0 }, inForce: { policy: POLICY, hash: "" } },
    control: { level: () => ({ level: "REDUCE_ONLY", reason: "test" }), onChange: () => undefined },
    books: {
      ownNow: (account: string) => own.of(account),
      facts: async () => neither("not asked"),
      foreignOrders: () => [],
      way: () => undefined,
    },
    watch: { facts: async () => missing("not asked") },
    past: { loadOwn: async () => undefined, facts: async () => missing("not asked") },
  } as unknown as GatherDeps);
  return gatherer;
}

/** What the kill switch says of the sale of 100 that is changed to one of so many. */
async function changedTo(quantity: string, meanwhile: (log: OrderLog) => void) {
  const modifies = { proposalId: "order", before: sale("100"), atBroker: { filledQuantity: "0" } } as Modifies;
  const facts = await world(meanwhile).gather(sale(quantity), "agent-1", { whatIf: "fresh", modifies });
  const { code } = resultOf(killSwitch, { terms: sale(quantity), facts, policy: POLICY, limits: null });
  return { code, filled: facts.replaces?.filledQuantity };
}

const nothing = () => undefined;
const execution = {
  execId: "a.1",
  side: "SLD",
  quantity: "50",
  price: "230",
  cumulativeQuantity: "50",
  comboLeg: null,
};
const fills = (log: OrderLog) => log.write("order", "exec", "partiallyFilled/1", { execution });

test("REDUCE_ONLY: a sale of 100 of 150 is changed to one of 150, and to one of 151", async () => {
  expect(await changedTo("150", nothing)).toEqual({ code: null, filled: "0" });
  expect(await changedTo("151", nothing)).toEqual({ code: "KILL_SWITCH_REDUCE_ONLY", filled: "0" });
});

test("what the changed order fills while the broker is asked is still in the position, and so not yet filled", async () => {
  expect(await changedTo("200", fills)).toEqual({ code: "KILL_SWITCH_REDUCE_ONLY", filled: "0" });
});
