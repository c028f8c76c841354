import type { BusLog } from "@countersign/bus/connection";
import type { Clock } from "@countersign/clock/clock";
import type { Source } from "../broker-source.ts";
import { AgentLimit } from "./agent-limit.ts";
import { type Served, servedFor } from "./asking.ts";
import type { PacingConfig } from "./config.ts";
import type { Cost } from "./cost.ts";
import type { Paced } from "./paced.ts";
import { pacedSource } from "./paced-source.ts";
import { Scheduler } from "./scheduler.ts";

/** The scheduler with all that stands around it. */
export function openPacing(deps: {
  readonly bus: Served;
  readonly clock: Clock;
  readonly config: PacingConfig;
  readonly log: BusLog;
}) {
  const { bus, clock, config, log } = deps;
  const scheduler = new Scheduler({ clock, config, onViolation: (text) => log.error({ text }, VIOLATED) });
  const agentLimit = new AgentLimit(clock, config.agentPerMinute);
  return {
    scheduler,
    served: servedFor(bus, { clock, agentLimit, waitShare: config.waitShare }),
    paced: (<T>(cost: Cost, _asker: unknown, task: () => Promise<T>) => scheduler.paced(cost, task)) satisfies Paced,
    source: (source: Source) => pacedSource(source, { clock, scheduler, config }),
    metrics: () => ({
      ...scheduler.stats,
      queued: scheduler.queued,
      used: scheduler.used(),
      agentsRefused: agentLimit.refused,
    }),
    check: {
      name: "pacing",
      check: async () => {
        const { violations } = scheduler.stats;
        return { ok: !scheduler.paused, detail: `${scheduler.queued} queued, ${violations} violations that TWS named` };
      },
    },
  };
}

const VIOLATED = "TWS named a pacing violation: this is a bug, historical requests pause";
