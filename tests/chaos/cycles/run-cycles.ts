import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dice } from "../../../services/broker-gateway/src/testing/chaos/dice.ts";
import { ChaosSystem } from "../system/chaos-system.ts";
import { type Findings, judge } from "../system/judge.ts";
import { settled } from "../system/settled.ts";
import { Trader } from "../system/trader.ts";
import { runCycle, type World } from "./cycle.ts";
import { Witness } from "./witness.ts";

export interface CyclesReport {
  readonly cycles: number;
  readonly systems: number;
  readonly faults: Map<string, number>;
  readonly states: Map<string, number>;
  /** How often each code was among those of a denial. */
  readonly denials: Map<string, number>;
  readonly sent: number;
  readonly counts: Record<keyof Findings, number>;
  /** What was found, and the folder that shows it; undefined: nothing. */
  readonly failure: { readonly cycle: number; readonly text: string; readonly dataDir: string } | undefined;
}

/** So many cycles on one system: its logs are read whole after each one. */
const CYCLES_PER_SYSTEM = 25;

export async function runCycles(options: {
  readonly cycles: number;
  readonly seed: number;
  readonly onCycle: (cycle: number, text: string) => void;
}): Promise<CyclesReport> {
  const report = {
    cycles: 0,
    systems: 0,
    faults: new Map<string, number>(),
    states: new Map<string, number>(),
    denials: new Map<string, number>(),
    sent: 0,
    counts: { duplicate: 0, unapproved: 0, unrecorded: 0, reservation: 0, audit: 0 },
  };
  while (report.cycles < options.cycles) {
    const dataDir = mkdtempSync(join(tmpdir(), "countersign-chaos-"));
    const world = await open(dataDir);
    report.systems += 1;
    let failure: string | undefined;
    try {
      for (let turn = 0; turn < CYCLES_PER_SYSTEM && report.cycles < options.cycles; turn += 1) {
        report.cycles += 1;
        const found = await oneCycle(world, new Dice(options.seed * 100_003 + report.cycles), report, options.onCycle);
        if (found.length > 0) failure = found.join("\n");
        if (failure !== undefined || !(await tradesOn(world))) break;
      }
    } catch (error) {
      failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    report.sent += (await world.witness.journal().catch(() => [])).filter(({ name }) => name === "placeOrder").length;
    await world.system.stop();
    if (failure !== undefined) return { ...report, failure: { cycle: report.cycles, text: failure, dataDir } };
    rmSync(dataDir, { recursive: true, force: true });
  }
  return { ...report, failure: undefined };
}

async function open(dataDir: string): Promise<World> {
  const system = await ChaosSystem.start({ dataDir });
  const trader = new Trader(system);
  await settled(system);
  return { system, trader, witness: new Witness(system, trader) };
}

type Totals = Omit<CyclesReport, "failure">;

async function oneCycle(
  world: World,
  dice: Dice,
  totals: Totals,
  onCycle: (cycle: number, text: string) => void,
): Promise<string[]> {
  const { faults, states } = await runCycle(world, dice);
  await settled(world.system);
  const findings = await judge(world.system, world.trader, await world.witness.journal());
  for (const fault of faults) count(totals.faults, fault);
  for (const [state = "", ...codes] of states.map((one) => one.split(" "))) {
    count(totals.states, state);
    for (const code of codes) count(totals.denials, code);
  }
  const kinds = Object.keys(findings) as (keyof Findings)[];
  for (const kind of kinds) totals.counts[kind] += findings[kind].length;
  onCycle(totals.cycles, `${faults.join(", then ")}: ${states.join(", ")}`);
  return kinds.flatMap((kind) => findings[kind].map((text) => `${kind}: ${text}`));
}

/** False: something that only a person ends holds up all trading. The next cycle begins with another system. */
async function tradesOn({ trader }: World): Promise<boolean> {
  const answer = await trader.kill("ACTIVE", "the cycle is over");
  return answer?.status === 200 && answer.body.effective === "ACTIVE";
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
