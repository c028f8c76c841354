import { type ApprovalRules, type Demand, demandOfTicket, STRICTEST, strictest } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import { expect, test } from "vitest";
import { demandOf } from "./demand.ts";

const RULES: ApprovalRules = { twoApproversAboveBase: "1000", passkeysAboveBase: "5000" };
const ONE: Demand = { approvals: 1, keys: "session" };
const TWO: Demand = { approvals: 2, keys: "session" };

/** A verdict in which another rule has a value too, and the order is worth this much; null: nobody knows. */
function worth(value: string | null) {
  const none = { code: null, limit: null, headroom: null, unit: "", message: "" };
  const rule = (name: string, value: string | null) => ({ rule: name, outcome: "pass" as const, ...none, value });
  return { rules: [rule("cash", "999999"), rule("maxOrderNotional", value)] };
}

test.each<[string, Mode, string | null, ApprovalRules, Demand]>([
  ["at the limit of one person", "simulator", "1000", RULES, ONE],
  ["a cent above it", "paper", "1000.01", RULES, TWO],
  ["at the limit of session keys", "paper", "5000", RULES, TWO],
  ["a cent above that", "paper", "5000.01", RULES, STRICTEST],
  ["worth nobody knows how much", "simulator", null, RULES, STRICTEST],
  ["of any worth, where no file asks for passkeys", "paper", "9999999", { ...RULES, passkeysAboveBase: null }, TWO],
  ["unknown, where no file asks for passkeys", "paper", null, { ...RULES, passkeysAboveBase: null }, TWO],
  ["of a cent, with real money", "live", "0.01", { ...RULES, passkeysAboveBase: null }, STRICTEST],
])("an order %s", (_name, mode, notional, rules, demand) => {
  expect(demandOf({ mode, rules }, worth(notional))).toEqual(demand);
});

test("without the rule that says what an order is worth it counts as above every limit", () => {
  expect(demandOf({ mode: "paper", rules: RULES }, { rules: [] })).toEqual(STRICTEST);
});

test("a ticket that says nothing asks for one person with a session key", () => {
  expect(demandOfTicket({})).toEqual(ONE);
  expect(demandOfTicket({ approvals: 2 })).toEqual(TWO);
  expect(demandOfTicket({ keys: "passkey" })).toEqual({ approvals: 1, keys: "passkey" });
});

test.each<[Demand, Demand, Demand]>([
  [ONE, ONE, ONE],
  [ONE, TWO, TWO],
  [TWO, ONE, TWO],
  [TWO, { approvals: 1, keys: "passkey" }, STRICTEST],
  [{ approvals: 1, keys: "passkey" }, TWO, STRICTEST],
])("%j and %j together ask for %j", (one, other, both) => {
  expect(strictest(one, other)).toEqual(both);
});
