import { describe, expect, test } from "vitest";
import * as z from "zod";
import { judge } from "../judge.ts";
import { limitLines } from "../limit-lines.ts";
import type { RiskPolicy } from "../policy.ts";
import { defineRule } from "../rules/rule.ts";
import { FACTS, TERMS } from "../test-facts.ts";
import { PASSPORT, policyWith } from "../test-policy.ts";
import { compareBlocks, strictestOf } from "./blocks.ts";
import { checkRiskPolicy, inForceOf } from "./check.ts";
import { comparePolicies, signersNeeded } from "./compare.ts";

const BASE = policyWith();
const ten = { maxOrderQuantity: { max: "10" } };
const five = { maxOrderQuantity: { max: "5" } };
/** The block of a rule with some limits changed. */
const limits = (rule: string, change: object) => ({ [rule]: { ...(BASE.rules[rule] as object), ...change } });
const withLimits = (rule: string, change: object) => ({ ...BASE, rules: { ...BASE.rules, ...limits(rule, change) } });
const overridden = (...overrides: object[]) => ({ ...BASE, overrides });
const faultsOf = (value: object) => {
  const found = checkRiskPolicy(value);
  return found.outcome === "good" ? [] : found.faults;
};

describe("a policy says everything once, and nothing that contradicts it", () => {
  test("as it is -> good, and its hash is that of its canonical JSON, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(BASE).reverse());
    const [one, other] = [checkRiskPolicy(BASE), checkRiskPolicy(turned)];
    expect(one).toMatchObject({ outcome: "good", hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(other).toEqual({ ...one });
  });
  test.each<[string, object, string]>([
    ["an unknown key", { ...BASE, ordrLimit: 1 }, '(top): Unrecognized key: "ordrLimit"'],
    ["an unknown rule", { ...BASE, rules: { ...BASE.rules, noRule: {} } }, 'rules: Unrecognized key: "noRule"'],
    ["a limit too many", { ...BASE, rules: { ...BASE.rules, maxOrderQuantity: { max: "1", x: 1 } } }, '"x"'],
    [
      "a day below one order",
      withLimits("sessionLimits", { agent: { orders: 1, notional: "9999", currency: "USD" } }),
      "sessionLimits.agent.notional: it is below rules.maxOrderNotional.max.amount",
    ],
    [
      "limits of one policy in two currencies",
      withLimits("maxPosition", { value: { amount: "1000000", currency: "EUR" } }),
      "rules.maxPosition.value.currency: it is not USD, as in rules.maxOrderNotional.max.currency",
    ],
    [
      "budgets of a passport in another currency than the limits",
      {
        ...BASE,
        passports: {
          ...BASE.passports,
          agents: { a: { ...PASSPORT, budgets: { ...PASSPORT.budgets, currency: "EUR" } } },
        },
      },
      "passports.agents.a.budgets.currency: it is not USD",
    ],
    [
      "a week below a day",
      withLimits("weeklyLoss", { percentMax: "1.9" }),
      "weeklyLoss.percentMax: it is below rules.dailyLoss",
    ],
    ["a soft limit beyond the hard one", withLimits("slippage", { softBps: "600" }), "soft"],
    [
      "a wider collar where the spread is narrow than where it is not",
      withLimits("priceCollar", { liquidPercent: "10.1" }),
      "a narrow spread must not have the wider collar",
    ],
    ["no version", { ...BASE, version: undefined }, "version: "],
    ["version 0", { ...BASE, version: 0 }, "version: "],
    ["an override of an unknown rule", overridden({ when: { mode: "live" }, rules: { noRule: {} } }), "noRule"],
    [
      "an override of a rule without limits",
      overridden({ when: { mode: "live" }, rules: { killSwitch: {} } }),
      "no limits",
    ],
    ["an override with an unknown limit", overridden({ when: { mode: "live" }, rules: { margin: { x: "1" } } }), '"x"'],
    ["an override for nothing", overridden({ when: {}, rules: five }), "what it is for"],
    ["an override of nothing", overridden({ when: { mode: "live" }, rules: {} }), "must name a rule"],
    [
      "an override by which fewer spreads are narrow, so that more orders have the wider collar",
      overridden({ when: { agent: "a" }, rules: { priceCollar: { liquidSpreadPercent: "0.01" } } }),
      "looser",
    ],
    ["a looser override", overridden({ when: { agent: "a" }, rules: { maxOrderQuantity: { max: "101" } } }), "looser"],
    [
      "an override that is stricter in one limit and looser in another",
      overridden({ when: { agent: "a" }, rules: { knownPrice: { ageMsMax: 6000, spreadPercentMax: "1" } } }),
      "mixed",
    ],
    [
      "an override whose hard limit is below the soft one of the policy",
      overridden({ when: { agent: "a" }, rules: { slippage: { hardBps: "200" } } }),
      "overrides.0.rules.slippage.softBps: with the other limits of the rule: it must be stricter than hardBps",
    ],
    [
      "an override that lets less through in an hour than in a minute",
      overridden({
        when: { agent: "a" },
        rules: { notionalOverTime: { agent: { minute: "9000", hour: "8000", day: "9000", currency: "USD" } } },
      }),
      "overrides.0.rules.notionalOverTime.agent.hour: with the other limits of the rule: it is below",
    ],
    [
      "two overrides for one order, of which neither is the stricter one",
      overridden(
        { when: { agent: "a" }, rules: { permittedInstruments: { conidsOnly: [1] } } },
        { when: { account: "DU1234567" }, rules: { permittedInstruments: { conidsOnly: [2] } } },
      ),
      "neither is the stricter one",
    ],
  ])("%s -> one line that names its place", (_, value, words) => {
    const faults = faultsOf(value);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(words);
  });
  test("the same two overrides for two different agents -> good: no order is of both", () => {
    const only = (conid: number) => ({ permittedInstruments: { conidsOnly: [conid] } });
    const [one, other] = [1, 2].map((conid) => ({ when: { agent: `agent-${conid}` }, rules: only(conid) }));
    expect(faultsOf(overridden(one as object, other as object))).toEqual([]);
  });
});

describe("the strictest limits that are for an order are applied", () => {
  const limitOf = (policy: object, change: object = {}) => {
    const verdict = judge(TERMS, { ...FACTS, ...change }, inForceOf(policy as RiskPolicy));
    return verdict.rules.find(({ rule }) => rule === "maxOrderQuantity")?.limit;
  };
  test.each([
    [{ mode: "simulator" }, "5"],
    [{ mode: "live" }, "100"],
    [{ account: TERMS.account }, "5"],
    [{ account: "DU7654321" }, "100"],
    [{ agent: "agent-1" }, "5"],
    [{ agent: "agent-2" }, "100"],
    [{ secType: "STK" }, "5"],
    [{ secType: "OPT" }, "100"],
    [{ conids: [1, TERMS.conid] }, "5"],
    [{ conids: [1] }, "100"],
    [{ agent: "agent-1", secType: "STK", conids: [TERMS.conid] }, "5"],
    [{ agent: "agent-1", secType: "OPT" }, "100"],
  ])("for %j -> at most %s", (when, limit) => {
    expect(limitOf(overridden({ when, rules: five }))).toBe(limit);
  });
  test("two that fit -> the stricter one, in whatever order they stand", () => {
    const [one, other] = [
      { when: { agent: "agent-1" }, rules: five },
      { when: { account: TERMS.account }, rules: ten },
    ];
    expect([limitOf(overridden(one, other)), limitOf(overridden(other, one))]).toEqual(["5", "5"]);
  });
  test("what get_risk_limits shows for an account has the overrides of that account", () => {
    const policy = overridden({ when: { account: "DU1" }, rules: five }) as unknown as RiskPolicy;
    const shown = (account: string) =>
      limitLines(policy, { mode: "simulator", account }).find(({ rule }) => rule === "maxOrderQuantity")?.limit;
    expect([shown("DU1"), shown("DU2")]).toEqual(["5", "100"]);
  });
});

describe("what a change of the policy needs", () => {
  const next = { ...BASE, version: 2 };
  const changed = (rules: object) => ({ ...next, rules: { ...BASE.rules, ...rules } });
  const at = (before: object | undefined, after: object) => {
    const changes = comparePolicies(before as never, after as RiskPolicy);
    return `${changes.map(({ path, effect }) => `${path} ${effect}`).join("; ") || "nothing"} -> ${signersNeeded(changes)}`;
  };
  const only = { when: { agent: "a" }, rules: five };
  test.each<[string, object | undefined, object, string]>([
    ["none before", undefined, next, "(policy) looser -> 2"],
    ["the same with another version", BASE, next, "nothing -> 1"],
    ["a lower limit", BASE, changed(five), "rules.maxOrderQuantity.max stricter -> 1"],
    ["a higher limit", changed(five), changed(ten), "rules.maxOrderQuantity.max looser -> 2"],
    [
      "one lower, one higher",
      changed(five),
      changed({ ...ten, ...limits("margin", { excessLiquidityMin: { amount: "2000", currency: "USD" } }) }),
      "rules.maxOrderQuantity.max looser; rules.margin.excessLiquidityMin stricter -> 2",
    ],
    [
      "another currency",
      BASE,
      changed({ ...limits("margin", { excessLiquidityMin: { amount: "2000", currency: "EUR" } }) }),
      "rules.margin.excessLiquidityMin looser -> 2",
    ],
    ["one account more", BASE, { ...next, accounts: [...BASE.accounts, "DU9"] }, "accounts looser -> 2"],
    ["an account for another", BASE, { ...next, accounts: ["DU9"] }, "accounts looser -> 2"],
    [
      "a denied instrument",
      BASE,
      changed({ permittedInstruments: { ...(BASE.rules.permittedInstruments as object), conidsNever: [7] } }),
      "rules.permittedInstruments.conidsNever stricter -> 1",
    ],
    [
      "a rule that was not there",
      { ...BASE, rules: { ...BASE.rules, margin: undefined } },
      next,
      "rules.margin stricter -> 1",
    ],
    ["a rule that cannot be read", { ...BASE, rules: { ...BASE.rules, margin: 5 } }, next, "rules.margin looser -> 2"],
    [
      "a rule that was off",
      { ...BASE, rules: { ...BASE.rules, margin: { off: "not needed here" } } },
      next,
      "rules.margin stricter -> 1",
    ],
    ["a rule switched off", BASE, changed({ margin: { off: "not needed here" } }), "rules.margin looser -> 2"],
    [
      "an agent with a passport",
      BASE,
      { ...next, passports: { ...BASE.passports, agents: { a: PASSPORT } } },
      "passports.agents.a looser -> 2",
    ],
    [
      "an agent without one, and one of any agent",
      { ...BASE, passports: { ...BASE.passports, agents: { a: PASSPORT } } },
      next,
      "passports.agents.a looser -> 2",
    ],
    [
      "no passport of any agent",
      BASE,
      { ...next, passports: { anyAgent: null, agents: {} } },
      "passports.anyAgent stricter -> 1",
    ],
    [
      "a smaller budget",
      BASE,
      { ...next, passports: { anyAgent: { ...PASSPORT, budgets: { ...PASSPORT.budgets, orders: 5 } }, agents: {} } },
      "passports.anyAgent.budgets stricter -> 1",
    ],
    [
      "a larger budget beside a smaller one",
      BASE,
      {
        ...next,
        passports: { anyAgent: { ...PASSPORT, budgets: { ...PASSPORT.budgets, orders: 5, loss: "2000" } }, agents: {} },
      },
      "passports.anyAgent.budgets looser -> 2",
    ],
    [
      "more instruments",
      { ...BASE, passports: { anyAgent: { ...PASSPORT, conids: [1] }, agents: {} } },
      next,
      "passports.anyAgent.conids looser -> 2",
    ],
    ["a new override", BASE, { ...next, overrides: [only] }, 'overrides {"agent":"a"} stricter -> 1'],
    ["an override gone", overridden(only), next, 'overrides {"agent":"a"} looser -> 2'],
    [
      "an override for others",
      overridden(only),
      { ...next, overrides: [{ ...only, when: { agent: "b" } }] },
      'overrides {"agent":"a"} looser; overrides {"agent":"b"} stricter -> 2',
    ],
    [
      "a looser override",
      overridden(only),
      { ...next, overrides: [{ ...only, rules: ten }] },
      'overrides {"agent":"a"} rules.maxOrderQuantity.max looser -> 2',
    ],
    [
      "a limit of an override gone",
      overridden(only),
      { ...next, overrides: [{ ...only, rules: { marketOpen: {} } }] },
      'overrides {"agent":"a"} rules.marketOpen stricter; overrides {"agent":"a"} rules.maxOrderQuantity looser -> 2',
    ],
    [
      "two overrides of the same words",
      overridden(only, { ...only, rules: ten }),
      overridden(only),
      'overrides looser; overrides {"agent":"a"} rules.maxOrderQuantity.max stricter -> 2',
    ],
  ])("%s", (_, before, after, expected) => {
    const sorted = (text: string) => text.split(/ -> |; /).sort();
    expect(sorted(at(before, after))).toEqual(sorted(expected));
  });
});

describe("blocks of one rule", () => {
  const rule = defineRule({
    ...{ name: "twoLimits", source: "test", description: "", formula: "", inputs: [], unit: "", mayBeOff: true },
    limits: z.strictObject({ max: z.string(), kinds: z.array(z.string()) }),
    stricter: { max: "lower", kinds: "fewer" },
    ...{ codes: [], limit: () => null, judge: () => ({ outcome: "pass", value: null, message: "" }) },
  });
  const block = (max: string, ...kinds: string[]) => ({ max, kinds });
  const off = { off: "not used in this place" };
  test("the strictest of two is taken limit by limit; where neither is stricter there is none", () => {
    expect(strictestOf(rule, block("1", "a", "b"), block("2", "a"))).toEqual(block("1", "a"));
    expect(strictestOf(rule, block("1", "a"), block("2", "b"))).toBeUndefined();
    expect(strictestOf(rule, off, block("2", "b"))).toEqual(block("2", "b"));
    expect(strictestOf(rule, block("2", "b"), off)).toEqual(block("2", "b"));
  });
  test("off is looser than any limits, and no block is looser than any", () => {
    const all = [off, block("1", "a"), undefined].map((after) => compareBlocks(rule, block("1", "a"), after));
    expect(all).toEqual(["looser", "same", "looser"]);
    expect([off, block("9", "a")].map((after) => compareBlocks(rule, off, after))).toEqual(["same", "stricter"]);
  });
});
