import type { Bus } from "@countersign/bus/bus";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Asker } from "../pacing/cost.ts";
import type { Paced } from "../pacing/paced.ts";

type Request<R extends { request: z.ZodType }> = z.input<R["request"]>;
type Answer<R extends { reply: z.ZodType }> = Promise<z.output<R["reply"]>>;

/** What is asked of the broker about instruments. A denial is an answer, a Fault is thrown. */
export interface InstrumentBroker {
  details(request: Request<typeof BROKER_READS.details>, asker: Asker): Answer<typeof BROKER_READS.details>;
  chains(request: Request<typeof BROKER_READS.optionChains>, asker: Asker): Answer<typeof BROKER_READS.optionChains>;
  ticks(request: Request<typeof BROKER_READS.ticks>, asker: Asker): Answer<typeof BROKER_READS.ticks>;
  search(request: Request<typeof RPCS.brokerSearch>, asker: Asker): Answer<typeof RPCS.brokerSearch>;
  /** Of the link itself; costs the broker nothing. */
  status(): Answer<typeof RPCS.brokerStatus>;
}

export function instrumentBroker(bus: Bus, paced: Paced): InstrumentBroker {
  const once = { weight: 1, hard: false } as const;
  return {
    details: (request, asker) =>
      paced({ kind: "contract", ...once }, asker, () => bus.request(BROKER_READS.details, request)),
    chains: (request, asker) =>
      paced({ kind: "contract", conid: request.conid, ...once }, asker, () =>
        bus.request(BROKER_READS.optionChains, request),
      ),
    ticks: (request, asker) =>
      paced({ kind: "line", conid: request.conid, ...once }, asker, () => bus.request(BROKER_READS.ticks, request)),
    search: (request, asker) =>
      paced({ kind: "search", ...once }, asker, () => bus.request(RPCS.brokerSearch, request)),
    status: () => bus.request(RPCS.brokerStatus, {}),
  };
}
