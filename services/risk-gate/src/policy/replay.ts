import { type Clock, utcText } from "@countersign/clock/clock";
import { type Denial, denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { RiskPolicyReplay } from "@countersign/contracts/messages/risk-policy.v1";
import type { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import { type ReadDecision, RecordError } from "../decisions/read-record.ts";
import type { DecisionReader } from "../decisions/reader.ts";
import { judge } from "../judge.ts";
import { RiskPolicy } from "../policy.ts";
import { checkRiskPolicy } from "./check.ts";

const DAY_MS = 86_400_000;
/** What one replay judges at most, so that it ends while somebody waits. */
const DECISIONS_MAX = 20_000;
const CHANGES_MAX = 200;
/** So many are judged before anything else has a turn. */
const BATCH = 50;

interface ReplayDeps {
  readonly reader: Pick<DecisionReader, "between">;
  readonly clock: Clock;
}

/**
 * Judges what is on record of the last days by another policy, and by the one of then with the code of now: what differs is
 * the policy's doing. Reads and judges only.
 */
export async function replayPolicy(
  { reader, clock }: ReplayDeps,
  { policy: value, days }: { policy: unknown; days: number },
): Promise<Reply<RiskPolicyReplay>> {
  const checked = checkRiskPolicy(value);
  if (checked.outcome === "faulty") return invalid(checked.faults);
  const nowMs = clock.nowMs();
  const [from, until] = [utcText(nowMs - days * DAY_MS), utcText(nowMs)];
  const found: RiskPolicyReplay["changes"] = [];
  let [decisions, unreadable, changed] = [0, 0, 0];
  let more = false;
  for await (const decision of heldTogether(reader.between(from, until))) {
    if (decisions + unreadable >= DECISIONS_MAX) {
      more = true;
      break;
    }
    const before = verdictOf(decision);
    if (before === undefined) {
      unreadable += 1;
      continue;
    }
    decisions += 1;
    const change = changeOf(decision, before, judge(decision.terms, decision.facts, checked));
    if (change !== undefined) {
      changed += 1;
      if (found.length < CHANGES_MAX) found.push(change);
    }
    if (decisions % BATCH === 0) await clock.sleep(0);
  }
  return ok({ hash: checked.hash, from, until, decisions, unreadable, more, changed, changes: found });
}

/** undefined: its policy is none that this version reads, or another than the record names. */
function verdictOf({ terms, facts, policy, fact }: ReadDecision): Verdict | undefined {
  const parsed = RiskPolicy.safeParse(policy);
  if (!parsed.success || canonicalHash(policy) !== fact.policyHash) return undefined;
  return judge(terms, facts, { policy: parsed.data, hash: fact.policyHash });
}

function changeOf({ fact, facts }: ReadDecision, before: Verdict, after: Verdict) {
  const named = (verdict: Verdict, outcome: string) =>
    verdict.rules.filter((rule) => rule.outcome === outcome).map(({ rule }) => rule);
  const beyond = (those: string[], these: string[]) => those.filter((rule) => !these.includes(rule));
  const [denied, denies] = [named(before, "deny"), named(after, "deny")];
  const [asked, asks] = [named(before, "confirm"), named(after, "confirm")];
  const change = {
    refusing: beyond(denies, denied),
    passing: beyond(denied, denies),
    asking: beyond(asks, asked),
  };
  // What it denies now stands above.
  const waiving = beyond(asked, [...asks, ...denies]);
  if ([...Object.values(change), waiving].every((names) => names.length === 0)) return undefined;
  const { proposalId, account, at } = fact;
  const told = { ...change, ...(waiving.length > 0 && { waiving }) };
  return { proposalId, account, agent: facts.agent, at, before: before.outcome, after: after.outcome, ...told };
}

function invalid(faults: readonly string[]): { outcome: "denied"; denial: Denial } {
  return denied("RISK_POLICY_INVALID", `the policy does not hold: ${faults.join("; ")}`.slice(0, 1_000), {
    faults: faults.slice(0, 50).map((one) => one.slice(0, 300)),
  });
}

/** A record that does not hold ends the replay: what comes after it may be as wrong. */
async function* heldTogether(decisions: AsyncIterable<ReadDecision>): AsyncGenerator<ReadDecision> {
  try {
    yield* decisions;
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new Fault("STORE_REFUSED", `the record of decisions does not hold: ${cause.message}`, { cause });
  }
}
