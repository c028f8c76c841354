import { describe, expect, test } from "vitest";
import { RiskPolicy } from "../policy.ts";
import { policyWith } from "../test-policy.ts";
import { idleParts } from "./idle-parts.ts";

const BASE = policyWith();
const five = { maxOrderQuantity: { max: "5" } };

describe("what can be for no order is named, and is no fault", () => {
  const idle = (change: object) => idleParts(RiskPolicy.parse({ ...BASE, ...change }));
  const { anyAgent } = BASE.passports;
  test.each<[string, object, string[]]>([
    [
      "a type of a passport that the policy does not permit",
      {},
      ["passports.anyAgent: no OPT is among permittedInstruments"],
    ],
    [
      "nothing of a policy whose names agree",
      { passports: { anyAgent: { ...anyAgent, secTypes: ["STK"] }, agents: {} } },
      [],
    ],
  ])("%s", (_name, change, found) => expect(idle(change)).toEqual(found));
  test("an override for a type, an account or an agent that no order has", () => {
    const passports = { anyAgent: null, agents: { a: { ...anyAgent, secTypes: ["STK"], accounts: ["DU7654321"] } } };
    const whens = [{ secType: "STOCK" }, { account: "DU7654321" }, { agent: "b" }, { agent: "a", secType: "STK" }];
    const overrides = whens.map((when) => ({ when, rules: five }));
    expect(idle({ passports, overrides })).toEqual([
      "overrides.0.when: no STOCK is among permittedInstruments",
      "overrides.1.when: account DU7654321 is not among accounts",
      "overrides.2.when: b has no passport",
      "passports.agents.a: account DU7654321 is not among accounts",
    ]);
  });
});
