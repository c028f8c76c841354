import { type CashStep, CHECKLIST, type LiveEvidence, type LiveGate } from "@countersign/contracts/live";
import { compare, decimal } from "@countersign/money/decimal";
import type { LiveConfig } from "./live-config.ts";

/** A fact, or why it is not there. What is missing shuts its gate. */
export type Known<T> = { readonly value: T } | { readonly missing: string };

export interface SystemFacts {
  readonly evidence: Known<LiveEvidence>;
  readonly durability: Known<"proven" | "unproven">;
}

/** Pure: the gates that are the same for every order. */
export function systemGates({ liveTrading, safety, audit, evidence }: LiveConfig, facts: SystemFacts): LiveGate[] {
  const { enabled, checklist } = liveTrading;
  const open = CHECKLIST.filter((point) => checklist[point] === null);
  const signed = CHECKLIST.flatMap((point) => checklist[point] ?? []).map(({ by, at }) => `${by} ${at.slice(0, 10)}`);
  return [
    gate("featureEnabled", enabled, `liveTrading.enabled is ${enabled}`),
    gate("safetyFlag", safety.liveTradingEnabled, `safety.liveTradingEnabled is ${safety.liveTradingEnabled}`),
    gate(
      "checklist",
      open.length === 0,
      open.length === 0 ? signed.join(", ") : `not acknowledged: ${open.join(", ")}`,
    ),
    from("durability", facts.durability, (found) => [found === "proven", `nats-server says: ${found}`]),
    from("auditAvailable", facts.evidence, (found) => auditGate(found, audit.retentionDaysMin)),
    from("paperEvidence", facts.evidence, (found) => paperGate(found, evidence)),
    from("reconciliations", facts.evidence, (found) => daysGate(found, evidence)),
  ];
}

type Said = readonly [ok: boolean, evidence: string];

function auditGate({ records, retentionDays, exportBeforePurge, complete }: LiveEvidence, daysMin: number): Said {
  const kept = `${records} records, ${complete ? "the first one still there" : "the first ones are gone"}`;
  const promised = `kept ${retentionDays} days (${daysMin} needed), exported before a purge: ${exportBeforePurge}`;
  return [records > 0 && complete && exportBeforePurge && retentionDays >= daysMin, `${kept}; ${promised}`];
}

function paperGate(found: LiveEvidence, bounds: LiveConfig["evidence"]): Said {
  const { simulated, submitted, rejected, filled, estimated, asEstimated, unexplained, unexplainedCount } = found;
  const ok =
    simulated >= bounds.simulatedMin &&
    submitted >= bounds.submittedMin &&
    rejected * 100 <= submitted * bounds.rejectPercentMax &&
    unexplainedCount === 0;
  const near = asEstimated * 100 >= estimated * bounds.asEstimatedPercentMin;
  return [
    ok,
    [
      `simulated ${simulated} (${bounds.simulatedMin} needed)`,
      `sent ${submitted} (${bounds.submittedMin})`,
      `rejected ${rejected} (at most ${bounds.rejectPercentMax} %)`,
      `unexplained ${unexplainedCount}${unexplainedCount === 0 ? "" : `: ${unexplained.slice(0, 5).join(" ")}`}`,
      `filled ${filled}, as estimated ${asEstimated} of ${estimated}${near ? "" : " (a warning: fewer than hoped)"}`,
    ].join(", "),
  ];
}

function daysGate(found: LiveEvidence, { matchedDaysMin, cashExplained }: LiveConfig["evidence"]): Said {
  const { matchedDays, strangers, lastUnmatchedDay, lastUnmatchedWhy, cashSteps, cashStepsCount } = found;
  const open = cashSteps.filter((step) => !cashExplained.some((said) => isSame(step, said)));
  const before =
    lastUnmatchedDay === null ? "none before did not match" : `${lastUnmatchedDay} did not match: ${lastUnmatchedWhy}`;
  const named = open.slice(0, 5).map(({ day, account, currency, amount }) => `${day} ${account} ${amount} ${currency}`);
  const cash = open.length === 0 ? "" : `; cash that nobody explained: ${named.join(", ")}`;
  return [
    matchedDays >= matchedDaysMin && open.length === 0 && cashStepsCount === cashSteps.length,
    `the latest ${matchedDays} days matched (${matchedDaysMin} needed), ${before}, ${strangers} orders without an intent seen; ${cashStepsCount} steps of cash without an order${cash}`,
  ];
}

function isSame(a: CashStep, b: CashStep): boolean {
  if (a.day !== b.day || a.account !== b.account || a.currency !== b.currency) return false;
  return compare(decimal(a.amount), decimal(b.amount)) === 0;
}

export function gate(name: LiveGate["gate"], ok: boolean | null, evidence: string): LiveGate {
  return { gate: name, ok, evidence: evidence.slice(0, 1_000) };
}

function from<T>(name: LiveGate["gate"], fact: Known<T>, say: (value: T) => Said): LiveGate {
  if ("missing" in fact) return gate(name, false, `not known: ${fact.missing}`);
  const [ok, evidence] = say(fact.value);
  return gate(name, ok, evidence);
}
