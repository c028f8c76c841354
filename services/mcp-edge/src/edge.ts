import { type Clock, utcText } from "@countersign/clock/clock";
import type { Mode } from "@countersign/contracts/mode";
import { RateLimit } from "@countersign/http/rate-limit";
import { newNonce } from "@countersign/ids/ids";
import type { AgentRoster } from "./agents.ts";
import { edgeEntry } from "./audit-entries.ts";
import { AuditQueue } from "./audit-queue.ts";
import type { Backend } from "./backend.ts";
import type { McpEdgeConfig } from "./config.ts";
import type { LogEvents } from "./log-events.ts";
import { Refusals } from "./refusals.ts";
import type { ToolDeps } from "./tools/tool.ts";
import { Usage, type UsageStore } from "./usage/usage.ts";
import { WaitSlots } from "./wait-slots.ts";

/** Everything that a call needs; built once, the same for both transports and both eras. */
export interface Edge {
  readonly deps: ToolDeps;
  readonly roster: AgentRoster;
  readonly config: McpEdgeConfig;
  readonly reads: RateLimit;
  readonly proposes: RateLimit;
  readonly usage: Usage;
  readonly refusals: Refusals;
  readonly audit: AuditQueue;
  readonly log: LogEvents;
}

export function createEdge(given: {
  backend: Backend;
  usage: UsageStore;
  clock: Clock;
  config: McpEdgeConfig;
  roster: AgentRoster;
  mode: Mode;
  adminUrl: string | undefined;
  log: LogEvents;
}): Edge {
  const { backend, clock, config, roster, mode, adminUrl, log } = given;
  const waits = new WaitSlots({ perAgentMax: config.waitsPerAgentMax, pollMs: config.waitPollMs });
  const gapEntry = (lost: number) =>
    edgeEntry(utcText(clock.nowMs()), "audit.gap", `gap_${newNonce()}`, { lostToolRecords: lost });
  return {
    deps: { backend, clock, mode, adminUrl, waits },
    roster,
    config,
    reads: new RateLimit(clock, config.reads),
    proposes: new RateLimit(clock, config.proposes),
    usage: new Usage({ clock, config: config.usage, store: given.usage }),
    refusals: new Refusals(clock, config.refusals),
    audit: new AuditQueue({ backend, clock, max: config.auditQueueMax, retryMs: config.auditRetryMs, gapEntry }),
    log,
  };
}
