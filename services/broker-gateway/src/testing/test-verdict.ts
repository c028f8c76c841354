import { createSystemClock, utcText } from "@countersign/clock/clock";
import { Verdict } from "@countersign/contracts/verdict";

const SHA = "0".repeat(64);
const clock = createSystemClock();

/** What the gate says of an order of this size, in the account's base currency. */
export function testVerdict(outcome: "pass" | "confirm" | "deny", notional = "1500"): Verdict {
  const code = outcome === "deny" ? "MAX_ORDER_QUANTITY" : null;
  const rule = { rule: "maxQuantity", outcome, code, limit: "100", value: "10", headroom: "90", unit: "shares" };
  const size = { rule: "maxOrderNotional", limit: "10000", value: notional, headroom: null, unit: "base currency" };
  return Verdict.parse({
    type: "countersign.verdict/1",
    outcome: outcome === "confirm" ? "pass" : outcome,
    rules: [
      { ...rule, message: "test" },
      { ...size, outcome: "pass", code: null, message: "test" },
    ],
    policyHash: SHA,
    inputsHash: SHA,
    judgedAt: utcText(clock.nowMs()),
  });
}
