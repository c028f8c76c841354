import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Served } from "../pacing/asking.ts";

type Answer<K extends keyof typeof RPCS> = Promise<z.output<(typeof RPCS)[K]["reply"]>>;
type Question<K extends keyof typeof RPCS> = z.input<(typeof RPCS)[K]["request"]>;

/** What of the past is asked of broker-gateway. A denial is an answer, a Fault is thrown. */
export interface BarSource {
  bars(request: Question<"brokerBars">): Answer<"brokerBars">;
  head(request: Question<"headTimestamp">): Answer<"headTimestamp">;
  schedule(request: Question<"schedule">): Answer<"schedule">;
  pastTicks(request: Question<"pastTicks">): Answer<"pastTicks">;
  liveBars(request: Question<"liveBars">): Answer<"liveBars">;
}

export function barSource(bus: Served): BarSource {
  return {
    bars: (request) => bus.request(RPCS.brokerBars, request),
    head: (request) => bus.request(RPCS.headTimestamp, request),
    schedule: (request) => bus.request(RPCS.schedule, request),
    pastTicks: (request) => bus.request(RPCS.pastTicks, request),
    liveBars: (request) => bus.request(RPCS.liveBars, request),
  };
}
