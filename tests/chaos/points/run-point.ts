import { expect } from "vitest";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { judge, none } from "../system/judge.ts";
import { settled } from "../system/settled.ts";
import type { Stage } from "../system/stage.ts";
import { type Proposed, RESTS, type Trader } from "../system/trader.ts";
import type { Action } from "./instants.ts";
import type { CrashPoint, Expected } from "./points.ts";

const FIRES_WITHIN_MS = 20_000;
/** Of these the broker has never heard. */
const NOT_SENT: readonly string[] = ["RISK_DENIED", "EXPIRED", "KILLED_NOT_SENT", "VOIDED"];

/** One order on its way while the instant comes, and what is left of everything afterwards. */
export async function runPoint({ system, trader }: Stage, point: CrashPoint, action: Action): Promise<void> {
  const expected = point.expected[action];
  if (expected === undefined) throw new Error("nothing is expected of this action");
  if (point.fault !== undefined) await fault(system, "POST", point.fault);
  const armed = point.at.arm(system, action);
  try {
    const proposed = await order(trader, point);
    await inTime(armed.fired, `never came: ${point.at.text}`);
    await settled(system);
    await trader.becomes(proposed, expected.rests);
    await settled(system);
    const state = await trader.stateOf(proposed);
    expect(expected.rests, `came to rest as ${state}`).toContain(state);
    expect(sentAs(expected.sent, state), `${state}`).toContain(await trader.sent(proposed));
    await everythingHolds(system, trader);
  } finally {
    armed.disarm();
    await fault(system, "DELETE");
  }
}

function sentAs(sent: Expected["sent"], state: string | undefined): readonly number[] {
  if (sent !== "as told") return [sent];
  if (state === "UNKNOWN") return [0, 1];
  return NOT_SENT.includes(state ?? "") ? [0] : [1];
}

/** Up to here the instant is within the proposal, which may be denied for it. */
const PROPOSAL_UP_TO = 4;

async function order(trader: Trader, { cp, order: kind }: CrashPoint): Promise<Proposed> {
  const changes = kind === "fills" ? {} : RESTS;
  const proposed = await (cp <= PROPOSAL_UP_TO ? trader.propose(changes) : trader.admitted(changes));
  if (proposed.denied) return proposed;
  await trader.approveUntilHeard(proposed);
  if (kind !== "cancelled") return proposed;
  await trader.becomes(proposed, ["WORKING"]);
  await trader.cancel(proposed);
  return proposed;
}

/** What holds at every crash point: no duplicate, nothing unapproved or unrecorded, an audit that verifies, a reservation of the worst case. */
export async function everythingHolds(system: ChaosSystem, trader: Trader): Promise<void> {
  expect(await judge(system, trader, await trader.journal())).toEqual(none);
}

export async function fault(system: ChaosSystem, method: "POST" | "DELETE", document?: object): Promise<void> {
  const body = document === undefined ? {} : { body: JSON.stringify(document) };
  const answer = await fetch(`${system.twsControl}/faults`, { method, ...body });
  if (!answer.ok) throw new Error(`the simulator refused the fault: ${await answer.text()}`);
}

export async function inTime<T>(task: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), FIRES_WITHIN_MS);
  });
  return Promise.race([task, late]).finally(() => clearTimeout(timer));
}
