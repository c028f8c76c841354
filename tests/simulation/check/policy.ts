import type { LedgerEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { TrueOrder, Truth } from "./truth.ts";

type Report = (invariant: string, what: string) => void;

/** How often the same may be approved before it turns itself off; see world/config.ts. */
export const SAME_MAX = 2;

/** The ledger of the standing policy, entry by entry: room is taken only while it is on, and the throttle turns it off. */
export function checkLedger({ ledger }: Truth, report: Report): void {
  const entry = ledger.at(-1);
  if (entry?.type !== "used/1") return;
  const before = ledger.slice(0, -1);
  const since = before.findLastIndex((one) => one.type !== "used/1" || one.turnsOff);
  const last = before[since];
  const name = entry.proposalId;
  if (last?.type !== "modeSet/1" || last.mode === "off") {
    report("P1", `${name} is approved by a policy that is off`);
    return;
  }
  if (last.policy?.hash !== entry.policy.hash) report("P1", `${name} is approved by another policy than was turned on`);
  const same = before.slice(since + 1).filter((one) => one.type === "used/1" && isSame(one, entry));
  if (entry.mode === "on" && same.length + 1 >= SAME_MAX && !entry.turnsOff)
    report("P1", `${name} is the ${same.length + 1}th of its kind, and the policy stays on`);
  if (same.some((one) => one.type === "used/1" && one.proposalId === name)) report("P1", `${name} is counted twice`);
}

type Used = Extract<LedgerEntry, { type: "used/1" }>;

function isSame(a: Used, b: Used): boolean {
  return a.agent === b.agent && a.conid === b.conid && a.side === b.side && a.mode === b.mode;
}

/** What was approved in the name of a policy has its place in the ledger before. */
export function checkByPolicy({ ledger }: Truth, { ticket }: TrueOrder, policyHash: string, report: Report): void {
  const { proposalId } = ticket;
  const used = ledger.some(
    (one) =>
      one.type === "used/1" && one.mode === "on" && one.proposalId === proposalId && one.policy.hash === policyHash,
  );
  if (!used) report("P2", `${proposalId} is approved by policy, and its ledger does not have it`);
}
