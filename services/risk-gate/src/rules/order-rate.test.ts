import fc from "fast-check";
import { WINDOW_NAMES } from "../counters/counts.ts";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { orderRate } from "./order-rate.ts";

const { denies, boundary, missingDenies, property } = ruleTests(orderRate, {
  ...{ unit: "messages", tightens: { agent: [rates(30), rates(29)], account: [rates(60), rates(59)] } },
  finds: {
    ...{ limit: "2/1 s 10/1 min 20/5 min 30/10 min 100/24 h", value: "1", headroom: "1" },
    says: "agent, 1 s: 1 of 2 messages, with this order",
  },
});
const agent = (window: string, messages: number) => ({
  facts: { counters: countersWith({ agent: { windows: { [window]: { messages } } } }) },
});
const account = (messages: number) => ({
  facts: { counters: countersWith({ account: { windows: { minute: { messages } } } }) },
});
const FIVE_IN_FIVE = "100/1 s 100/1 min 5/5 min 100/10 min 100/24 h";

denies("a burst of one agent", "ORDER_RATE", {
  ...agent("second", 10_000),
  finds: { value: "10001", headroom: "-9999", says: "agent, 1 s: 10001 of 2 messages" },
});
denies("all agents of one account together", "ORDER_RATE", {
  ...account(20),
  finds: { value: "21", headroom: "-1", says: "account, 1 min: 21 of 20 messages" },
});
boundary("the tenth message of a minute and the eleventh", "ORDER_RATE", {
  inside: { ...agent("minute", 9), finds: { value: "10", headroom: "0" } },
  outside: { ...agent("minute", 10), finds: { value: "11", headroom: "-1", says: "agent, 1 min: 11 of 10" } },
});
boundary("five orders in 300 s and the sixth, as one reference has it", "ORDER_RATE", {
  inside: {
    ...{ ...agent("fiveMinutes", 4), limits: fives(5) },
    finds: { limit: FIVE_IN_FIVE, value: "5", headroom: "0", says: "agent, 5 min: 5 of 5" },
  },
  outside: {
    ...{ ...agent("fiveMinutes", 5), limits: fives(5) },
    finds: { limit: FIVE_IN_FIVE, value: "6", headroom: "-1", says: "agent, 5 min: 6 of 5" },
  },
});
boundary("the hundredth message of a day and the next", "ORDER_RATE", {
  inside: { ...agent("day", 99), finds: { value: "100", headroom: "0" } },
  outside: { ...agent("day", 100), finds: { value: "101", headroom: "-1", says: "agent, 24 h: 101 of 100" } },
});
missingDenies("no counters", "COUNTERS_UNKNOWN", { facts: { counters: missing("not loaded") } });
property("denied exactly when one window of the agent is full", fc.tuple(...WINDOW_NAMES.map(() => fc.nat(60))), {
  make: (messages) => {
    const windows = Object.fromEntries(WINDOW_NAMES.map((name, at) => [name, { messages: messages[at] ?? 0 }]));
    return { facts: { counters: countersWith({ agent: { windows } }) }, limits: { agent: rates(30) } };
  },
  holds: ({ outcome }, messages) => {
    const judged = messages.filter((_, at) => WINDOW_NAMES[at] !== "hour");
    return (outcome === "deny") === judged.some((count) => count + 1 > 30);
  },
});

function rates(max: number) {
  return { second: max, minute: max, fiveMinutes: max, tenMinutes: max, day: max };
}

function fives(fiveMinutes: number) {
  return { agent: { ...rates(100), fiveMinutes } };
}
