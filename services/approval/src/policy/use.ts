import { utcText } from "@countersign/clock/clock";
import type { UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import { toText } from "@countersign/money/decimal";
import type { AssessInput } from "./check.ts";
import { notionalOf, positionAfter } from "./checks/limits.ts";
import { currentPeriod } from "./checks/position.ts";
import { repeatsOf } from "./ledger.ts";

/** The entry for an order that satisfies every condition: what it takes of the room that there is. */
export function useOf(input: AssessInput): UsedEntry {
  const { ticket, document, facts, ledger, throttle, nowMs } = input;
  const { account, conid, side } = ticket.terms;
  if (document.state !== "valid" || "missing" in facts || conid === undefined || ledger.mode === "off")
    throw new TypeError("an order was approved without what it takes");
  const { policy, ref } = document;
  const notional = notionalOf({ policy, facts });
  if ("missing" in notional) throw new TypeError("an order was approved without its notional");
  const same = { agent: ticket.agent, conid, side, mode: ledger.mode };
  const before = repeatsOf(ledger, same, nowMs - throttle.windowSeconds * 1_000).length;
  return {
    type: "used/1",
    at: utcText(nowMs),
    mode: ledger.mode,
    policy: ref,
    proposalId: ticket.proposalId,
    ...{ account, agent: ticket.agent, conid, side },
    notional: { amount: toText(notional), currency: policy.baseCurrency },
    schedule: scheduleOf({ ...input, policy, facts }),
    turnsOff: ledger.mode === "on" && before + 1 >= throttle.max,
  };
}

/** The plan that it follows; null: it only reduces, or opens where there is no plan. */
function scheduleOf(input: Parameters<typeof positionAfter>[0]): UsedEntry["schedule"] {
  const { conid, side } = input.ticket.terms;
  const { lanes } = input.policy;
  const plan = lanes.schedules.find((one) => one.conid === conid && one.side === side);
  if (plan === undefined) return null;
  const found = positionAfter(input);
  if (!("missing" in found) && found.reduces && lanes.reducing) return null;
  const period = currentPeriod(input, plan);
  if ("missing" in period || period.date === undefined) throw new TypeError("an order was approved without its period");
  return { id: plan.id, periodFrom: period.date };
}
