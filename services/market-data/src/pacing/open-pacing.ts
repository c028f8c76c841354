import type { Bus } from "@countersign/bus/bus";
import type { BusLog } from "@countersign/bus/connection";
import type { Clock } from "@countersign/clock/clock";
import type { Source } from "../broker-source.ts";
import { AgentLimit } from "./agent-limit.ts";
import { servedFor } from "./asking.ts";
import type { PacingConfig } from "./config.ts";
import type { Cost } from "./cost.ts";
import { History } from "./history.ts";
import { historyStore } from "./history-store.ts";
import type { Paced } from "./paced.ts";
import { pacedSource } from "./paced-source.ts";
import { Scheduler } from "./scheduler.ts";

/** The scheduler with all that stands around it. Throws a Fault when it is not known what was asked of the broker before. */
export async function openPacing(deps: {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly config: PacingConfig;
  readonly log: BusLog;
}) {
  const { bus, clock, config, log } = deps;
  const times = { leavesWithinMs: config.taskMsMax, marginMs: config.marginMs, timeScale: config.timeScale };
  const history = new History({ clock, store: historyStore(bus) }, times);
  const scheduler = new Scheduler({ clock, config, history, onViolation: (text) => log.error({ text }, VIOLATED) });
  await scheduler.open();
  const agentLimit = new AgentLimit(clock, config.agentPerMinute);
  return {
    scheduler,
    served: servedFor(bus, { clock, agentLimit, waitShare: config.waitShare }),
    paced: (<T>(cost: Cost, task: () => Promise<T>) => scheduler.paced(cost, task)) satisfies Paced,
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
        const said = `${scheduler.queued} queued, ${violations} violations that TWS named`;
        const { failure } = history;
        return {
          ok: !scheduler.paused && failure === undefined,
          detail: failure === undefined ? said : `${said}; ${failure}`,
        };
      },
    },
  };
}

const VIOLATED = "TWS named a pacing violation: this is a bug, historical requests pause";
