import type { Bus } from "@countersign/bus/bus";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Paced } from "../pacing/paced.ts";

type Request<R extends { request: z.ZodType }> = z.input<R["request"]>;
type Answer<R extends { reply: z.ZodType }> = Promise<z.output<R["reply"]>>;

/** What is asked of the broker about instruments. A denial is an answer, a Fault is thrown. */
export interface InstrumentBroker {
  details(request: Request<typeof BROKER_READS.details>): Answer<typeof BROKER_READS.details>;
  chains(request: Request<typeof BROKER_READS.optionChains>): Answer<typeof BROKER_READS.optionChains>;
  ticks(request: Request<typeof BROKER_READS.ticks>): Answer<typeof BROKER_READS.ticks>;
  search(request: Request<typeof RPCS.brokerSearch>): Answer<typeof RPCS.brokerSearch>;
  /** Of the link itself; costs the broker nothing. */
  status(): Answer<typeof RPCS.brokerStatus>;
}

export function instrumentBroker(bus: Bus, paced: Paced): InstrumentBroker {
  const once = { weight: 1, hard: false } as const;
  return {
    details: (request) => paced({ kind: "contract", ...once }, () => bus.request(BROKER_READS.details, request)),
    chains: (request) =>
      paced({ kind: "contract", conid: request.conid, ...once }, () => bus.request(BROKER_READS.optionChains, request)),
    ticks: (request) =>
      paced({ kind: "line", conid: request.conid, ...once }, () => bus.request(BROKER_READS.ticks, request)),
    search: (request) => paced({ kind: "search", ...once }, () => bus.request(RPCS.brokerSearch, request)),
    status: () => bus.request(RPCS.brokerStatus, {}),
  };
}
