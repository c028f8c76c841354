import { setTimeout as sleep } from "node:timers/promises";
import type { State } from "@countersign/contracts/life";
import type { Dice } from "../../../services/broker-gateway/src/testing/chaos/dice.ts";
import { pinApple } from "../../end-to-end/system.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { settled } from "../system/settled.ts";
import { type Proposed, RESTS, type Trader } from "../system/trader.ts";
import { chooseFault } from "./faults.ts";
import type { Witness } from "./witness.ts";

export interface World {
  readonly system: ChaosSystem;
  readonly trader: Trader;
  readonly witness: Witness;
}

export interface Cycle {
  readonly faults: readonly string[];
  /** Where each order was when everything was well again, with the codes of a denial. */
  readonly states: readonly string[];
}

const ORDERS_MAX = 4;
const MESSAGES_MAX = 80;
const STRIKES_WITHIN_MS = 1_500;
const RESTS_WITHIN_MS = 12_000;
/** Nobody was asked, or nobody heard of it. */
const NOT_PROPOSED = "NOT_PROPOSED";
const MOVING: readonly State[] = [
  "PROPOSED",
  "SIMULATED",
  "APPROVED",
  "INTENT",
  "SEND_STARTED",
  "CANCEL_REQUESTED",
  "PARTIAL",
];

/** A few orders at once, one or two faults somewhere in the middle of them, and then peace. */
export async function runCycle(world: World, dice: Dice): Promise<Cycle> {
  const { system, trader } = world;
  const count = 1 + dice.roll(ORDERS_MAX);
  const wishes = Array.from({ length: count }, () => ({
    rests: dice.oneIn(3),
    startMs: dice.roll(300),
    cancels: dice.oneIn(2),
  }));
  const faults = Array.from({ length: dice.oneIn(4) ? 2 : 1 }, () => {
    const watched = dice.pick(["broker-gateway", "broker-gateway", "approval", "risk-gate"]);
    return { fault: chooseFault(system, world.witness, dice), watched, nth: 1 + dice.roll(MESSAGES_MAX) };
  });
  const striking = strikeInTurn(system, faults);
  const trading = wishes.map((wish) => trade(trader, wish));
  await striking;
  await settled(system);
  await pinApple(system.twsControl);
  const proposed = await Promise.all(trading);
  const states = await Promise.all(proposed.map((one) => (one === undefined ? NOT_PROPOSED : rest(trader, one))));
  return { faults: faults.map(({ fault }) => fault.name), states };
}

/** One after the other, each when the watched service has said so many things, or when it says nothing for long. */
async function strikeInTurn(
  system: ChaosSystem,
  faults: readonly { fault: { strike(): Promise<void> }; watched: string; nth: number }[],
): Promise<void> {
  for (const { fault, watched, nth } of faults) {
    let seen = 0;
    await new Promise<void>((resolve) => {
      const done = () => {
        remove();
        resolve();
      };
      const remove = system.bus(watched).addRule(({ from }) => {
        if (from === "client") seen += 1;
        if (seen >= nth) done();
        return undefined;
      });
      setTimeout(done, STRIKES_WITHIN_MS);
    });
    await fault.strike();
  }
}

async function trade(
  trader: Trader,
  { rests, startMs, cancels }: { rests: boolean; startMs: number; cancels: boolean },
): Promise<Proposed | undefined> {
  await sleep(startMs);
  const proposed = await trader.propose(rests ? RESTS : {}).catch(() => undefined);
  if (proposed === undefined || proposed.denied) return proposed;
  await Promise.all([
    trader.approve(proposed),
    rests && cancels ? sleep(100).then(() => trader.cancel(proposed)) : undefined,
  ]);
  return proposed;
}

/** Clicks again where nothing was heard, cancels what rests, and waits a while for what moves. */
async function rest(trader: Trader, proposed: Proposed): Promise<string> {
  if (proposed.denied) return ["RISK_DENIED", ...proposed.codes].join(" ");
  const deadline = performance.now() + RESTS_WITHIN_MS;
  let state: State | undefined;
  while (performance.now() < deadline) {
    state = await trader.stateOf(proposed);
    if (state === "PENDING_APPROVAL") await trader.approve(proposed);
    else if (state === "WORKING") await trader.cancel(proposed);
    else if (state !== undefined && !MOVING.includes(state)) return state;
    await sleep(100);
  }
  return state ?? NOT_PROPOSED;
}
