import { checkAudit, checkPromises, unsettled } from "../check/at-rest.ts";
import { BrokerLife } from "../world/broker-life.ts";
import { heal, planFaults, type World } from "../world/faults.ts";
import { Host, type Violation } from "../world/host.ts";
import { People } from "../world/people-act.ts";
import { approvalSlot, gatewaySlot } from "../world/processes.ts";
import { useStandIns } from "../world/stand-ins.ts";
import type { Tally } from "../world/tally.ts";

export interface Outcome {
  readonly seed: number;
  readonly hash: string;
  readonly violations: readonly Violation[];
  readonly tally: Tally;
  readonly trace: readonly string[];
}

/** Without faults everything must have come to rest in this time. */
const REST_WITHIN_MS = 60_000;
/** Runaway work is a finding too. */
const STEPS_MAX = 60_000;

/** One schedule from its beginning to its rest; everything in it follows from the seed. To be run by `inCallback`. */
export function runSchedule(seed: number, options: { readonly trace: boolean }): Outcome {
  const host = new Host(seed, options);
  useStandIns(seed, host.swarm);
  const gateways = [gatewaySlot(host, "gateway")];
  if (host.swarm.standby) gateways.push(gatewaySlot(host, "standby"));
  const world: World = { host, gateways, approval: approvalSlot(host), broker: new BrokerLife(host) };
  const people = new People(host);
  people.policy();
  for (let index = 0; index < host.swarm.orders; index += 1) people.trade(index);
  planFaults(world);
  while (!isOver(host) && host.scheduler.step(host.swarm.faultyMs));
  host.scheduler.nowMs = Math.max(host.scheduler.nowMs, host.swarm.faultyMs);
  heal(world);
  const calmFromMs = host.scheduler.nowMs;
  rest(host);
  // Whose clock was wrong may have taken the approval for over.
  if (host.swarm.counts.clockStep === 0)
    checkPromises(host.truth, calmFromMs, (name, what) => host.violated(name, what));
  const { violations, scheduler, truth, trace, hash } = host;
  const sent = [...truth.orders.values()].filter(({ written }) => written > 0).length;
  const tally = { ...host.tally, steps: scheduler.steps, "virtual ms": scheduler.nowMs, "orders sent": sent };
  return { seed, hash, violations, tally, trace: trace ?? [] };
}

function isOver({ scheduler, violations }: Host): boolean {
  return violations.length > 0 || scheduler.steps > STEPS_MAX;
}

/** Looks now and then, less often as time goes by, whether everything has come to rest as it must. */
function rest(host: Host): void {
  const { scheduler } = host;
  const fromMs = scheduler.nowMs;
  let why: string | undefined;
  let seen = "";
  for (let waitedMs = 400; waitedMs <= REST_WITHIN_MS; waitedMs = Math.ceil(waitedMs * 1.5)) {
    while (!isOver(host) && scheduler.step(fromMs + waitedMs));
    if (isOver(host)) break;
    // Nothing that is looked at has changed since the last look: nor has what was found.
    const now = `${host.truth.changes} ${host.net.changes}`;
    if (now !== seen) why = whyNot(host);
    seen = now;
    if (why === undefined) return;
  }
  if (host.violations.length === 0)
    host.violated("L2", `not at rest after ${REST_WITHIN_MS} ms: ${why ?? "too many steps"}`);
}

function whyNot(host: Host): string | undefined {
  const open = unsettled(host.truth, host.truth.views(), host.tws);
  if (open !== undefined) return open;
  let missing: string | undefined;
  checkAudit(host.truth, (_, what) => {
    missing = what;
  });
  return missing;
}
