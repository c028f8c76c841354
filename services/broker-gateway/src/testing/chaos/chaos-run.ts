import { World } from "../../test-support.ts";
import { eventually } from "../eventually.ts";
import { readTruth } from "./broker-truth.ts";
import { runCycle } from "./cycle.ts";
import { Dice } from "./dice.ts";
import { judge, type Verdict } from "./judge.ts";

export interface ChaosOptions {
  readonly seed: number;
  readonly cycles: number;
  /** Orders that one simulator and one set of logs see, before they are made anew. */
  readonly perWorld: number;
  /** Orders between two comparisons with the broker. */
  readonly perComparison: number;
  readonly onProgress?: (done: number, found: number) => void;
}

export interface ChaosReport {
  readonly orders: number;
  readonly sent: number;
  readonly modified: number;
  readonly cancelled: number;
  /** Cuts at the frame that the dice chose; all others came after the last frame of the order. */
  readonly chosenCuts: number;
  /** Cuts after which the client id was in use for a while, so that the fallback read first. */
  readonly stolen: number;
  readonly states: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
}

const TRUTH_CLIENT = 900;

/** Orders under cuts, compared with the broker again and again. The same seed does the same, as far as time allows. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const total = { orders: 0, sent: 0, modified: 0, cancelled: 0, chosenCuts: 0, stolen: 0 };
  const states: Record<string, number> = {};
  const verdicts: Verdict[] = [];
  while (total.orders < options.cycles) {
    const world = await World.open();
    try {
      await world.startGateway({ backOffMs: [5], clientIdTakenMs: 20 });
      const count = Math.min(options.perWorld, options.cycles - total.orders);
      for (let index = 0; index < count; index += 1) {
        // Dice of its own: how often they are thrown hangs on the time, and what comes after must not.
        const report = await runCycle(world, new Dice(options.seed * 100_003 + total.orders));
        total.orders += 1;
        if (report.sent) total.sent += 1;
        if (report.modified) total.modified += 1;
        if (report.cancelAsked) total.cancelled += 1;
        if (report.stolen) total.stolen += 1;
        if (report.chosen) total.chosenCuts += 1;
        const last = index === count - 1;
        if (last || (index + 1) % options.perComparison === 0) verdicts.push(...(await compare(world)));
        options.onProgress?.(total.orders, verdicts.length);
      }
      for (const { order } of world.gateway?.table.list() ?? []) states[order.state] = (states[order.state] ?? 0) + 1;
    } finally {
      await world.close();
    }
  }
  return { ...total, states, verdicts };
}

/** A complete reading of the gateway's own, and then what another client sees. */
async function compare(world: World): Promise<Verdict[]> {
  const gateway = world.gateway;
  if (gateway === undefined) throw new Error("no gateway");
  const before = gateway.reconciler.count;
  gateway.reconciler.soon("comparison");
  await eventually(() => (gateway.reconciler.count > before ? true : undefined), 30_000);
  const truth = await readTruth(world.simulator.port, TRUTH_CLIENT);
  await Promise.all(gateway.table.list().map((actor) => actor.idle()));
  return gateway.table.list().flatMap(({ order }) => judge(order, truth) ?? []);
}
