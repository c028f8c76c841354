import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { orderToTradeRatio } from "./order-to-trade-ratio.ts";

const { denies, passes, confirms, boundary, missingDenies, property } = ruleTests(orderToTradeRatio, {
  unit: "per execution",
  tightens: { fromMessages: [10, 9], softRatio: ["5", "4.9"], hardRatio: ["15", "14"] },
  finds: { limit: "5 / 15", value: "1", headroom: "14", says: "counted from 10 on" },
});
const account = (session: object | null) => ({ facts: { counters: countersWith({ account: { session } }) } });

denies("sixteen orders for one execution", "ORDER_TO_TRADE_RATIO", {
  ...account({ orders: 15, executions: 1 }),
  finds: { value: "16", headroom: "-1", says: "16 orders and cancels, 1 executions of the day" },
});
denies("cancels count like orders", "ORDER_TO_TRADE_RATIO", {
  ...account({ orders: 8, cancels: 7, executions: 1 }),
  finds: { value: "16", headroom: "-1", says: "16 orders and cancels, 1 executions of the day" },
});
passes("few of the day say nothing yet", {
  ...account({ orders: 8, executions: 0 }),
  finds: { value: "9", headroom: "6", says: "0 executions of the day; counted from 10 on" },
});
confirms("between the soft and the hard ratio", "ORDER_TO_TRADE_RATIO", {
  ...account({ orders: 19, executions: 2 }),
  finds: { value: "10", headroom: "5" },
});
boundary(
  "the soft ratio and a little more",
  { confirm: "ORDER_TO_TRADE_RATIO" },
  {
    inside: { ...account({ orders: 49, executions: 10 }), finds: { value: "5", headroom: "10" } },
    outside: { ...account({ orders: 50, executions: 10 }), finds: { value: "5.1", headroom: "9.9" } },
  },
);
boundary("the hard ratio and a little more", "ORDER_TO_TRADE_RATIO", {
  inside: { ...account({ orders: 149, executions: 10 }), finds: { value: "15", headroom: "0" } },
  outside: { ...account({ orders: 150, executions: 10 }), finds: { value: "15.1", headroom: "-0.1" } },
  softer: { confirm: "ORDER_TO_TRADE_RATIO" },
});
boundary(
  "the ninth message of the day, and the tenth, which counts",
  { confirm: "ORDER_TO_TRADE_RATIO" },
  {
    inside: { ...account({ orders: 8 }), finds: { value: "9", headroom: "6" } },
    outside: {
      ...account({ orders: 9 }),
      finds: { value: "10", headroom: "5", says: "10 orders and cancels, 0 exec" },
    },
  },
);
missingDenies("no counters", "COUNTERS_UNKNOWN", { facts: { counters: missing("not loaded") } });
missingDenies("no session", "COUNTERS_UNKNOWN", account(null));
property("pass, confirmation and denial by the ratio", fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 30 })), {
  make: ([orders, executions]) => account({ orders, executions }),
  holds: ({ outcome }, [orders, executions]) => {
    const messages = orders + 1;
    if (messages < 10 || messages <= 5 * executions) return outcome === "pass";
    return outcome === (messages > 15 * executions ? "deny" : "confirm");
  },
});
