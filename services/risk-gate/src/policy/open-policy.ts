import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import { ConfigError } from "@countersign/config/load";
import { Fault, ok } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import { SignedRiskPolicy } from "@countersign/contracts/risk-policy";
import { RPCS } from "@countersign/contracts/subjects";
import { RISK_POLICY_FILE } from "@countersign/roster/risk-policy-file";
import type { Roster } from "@countersign/roster/roster";
import { DecisionReader } from "../decisions/reader.ts";
import { LivePolicy } from "./live-policy.ts";
import { openPolicyLog, type PolicyLog } from "./policy-log.ts";
import { replayPolicy } from "./replay.ts";

export interface PolicyGiven {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly roster: Roster;
  readonly keysDir: string;
}

/** The audit may still be coming up when the gate does. */
const AUDIT_WITHIN_MS = 15_000;
const AGAIN_MS = 100;

/**
 * The policy in force, from its log, or from the signed document in the keys folder when that one is newer. Without one
 * that holds the gate does not start: ConfigError, with every fault and its place.
 */
export async function openPolicy(given: PolicyGiven): Promise<LivePolicy> {
  const { bus, clock, mode, roster } = given;
  const onFailed = (error: unknown) => bus.log.warn({ error: String(error) }, "the log of the risk policy");
  const log = await openPolicyLog(bus, mode);
  const live = new LivePolicy({ log, clock, mode, roster, audit: (entry) => bus.audit(entry), onFailed });
  try {
    const refusal = await install(given, live, log);
    const faults = live.faults();
    if (faults.length > 0) throw new ConfigError(`${refusal ?? "the risk policy in force"}:\n  ${faults.join("\n  ")}`);
    if (refusal !== undefined) bus.log.warn({ refusal }, "the risk policy in the keys folder is not in force");
  } catch (error) {
    live.stop();
    throw error;
  }
  bus.serve(RPCS.riskPolicy, async () => ok(live.status()));
  bus.serve(RPCS.activateRiskPolicy, (request) => live.handIn(request));
  const reader = new DecisionReader(bus);
  bus.serve(
    RPCS.replayRiskPolicy,
    oneAtATime((request) => replayPolicy({ reader, clock }, request)),
  );
  return live;
}

/** Why the document in the keys folder is not taken; undefined: it is in force, older than what is, or not there. */
async function install({ clock, keysDir }: PolicyGiven, live: LivePolicy, log: PolicyLog): Promise<string | undefined> {
  const file = join(keysDir, RISK_POLICY_FILE);
  const signed = existsSync(file) ? readSigned(file) : undefined;
  const { last } = log.known();
  if (signed === undefined || Number(signed.document.policy.version) <= (last?.version ?? 0)) return undefined;
  const handedIn = { signed, operator: "keys-folder", reason: `${RISK_POLICY_FILE} in the keys folder` };
  const untilMs = clock.monotonicMs() + AUDIT_WITHIN_MS;
  for (;;) {
    try {
      const answer = await live.handIn(handedIn);
      if (answer.outcome === "denied") return `${file}: ${answer.denial.message}`;
      const { outcome, needed, signers } = answer.value;
      return outcome === "activated" ? undefined : `${file}: ${signers.length} of ${needed} persons have signed it`;
    } catch (error) {
      const waits = error instanceof Fault && error.effect === "none" && clock.monotonicMs() < untilMs;
      if (!waits) throw error;
      await clock.sleep(AGAIN_MS);
    }
  }
}

function readSigned(file: string): SignedRiskPolicy {
  try {
    return SignedRiskPolicy.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new ConfigError(`${file} is no signed risk policy`, { cause });
  }
}

/** A replay takes its share of the one core that judges orders: no two at once. */
function oneAtATime<A, B>(task: (request: A) => Promise<B>): (request: A) => Promise<B> {
  let running = false;
  return async (request) => {
    if (running) throw new Fault("BUSY", "another replay is running");
    running = true;
    return task(request).finally(() => {
      running = false;
    });
  };
}
