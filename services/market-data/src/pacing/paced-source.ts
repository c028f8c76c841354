import type { Clock } from "@countersign/clock/clock";
import { LRUCache } from "lru-cache";
import type { Source } from "../broker-source.ts";
import type { PacingConfig } from "./config.ts";
import type { Scheduler } from "./scheduler.ts";

const ONCE = { weight: 1, hard: false } as const;

/** The broker, asked no faster than it allows. */
export function pacedSource(
  source: Source,
  deps: { clock: Clock; scheduler: Scheduler; config: Pick<PacingConfig, "lineKeptMs" | "max"> },
): Source {
  const { clock, scheduler, config } = deps;
  // broker-gateway keeps a line open for a while; reading it again costs TWS no message.
  const lines = new LRUCache<number, number>({ max: config.max.lines });
  const readLine = async (conid: number) => {
    const reply = await source.quote(conid);
    if (reply.outcome === "ok") lines.set(conid, clock.monotonicMs());
    return reply;
  };
  const isOpen = (conid: number) =>
    clock.monotonicMs() - (lines.get(conid) ?? Number.NEGATIVE_INFINITY) < config.lineKeptMs;
  return {
    quote: (conid) =>
      isOpen(conid) ? readLine(conid) : scheduler.paced({ kind: "quote", conid, ...ONCE }, () => readLine(conid)),
    contract: (conid) => scheduler.paced({ kind: "contract", conid, ...ONCE }, () => source.contract(conid)),
    details: (request) => scheduler.paced({ kind: "contract", ...ONCE }, () => source.details(request)),
    schedule: (request) =>
      scheduler.paced({ kind: "bars", conid: request.conid, ...ONCE }, () => source.schedule(request)),
    search: (request) => scheduler.paced({ kind: "search", ...ONCE }, () => source.search(request)),
  };
}
