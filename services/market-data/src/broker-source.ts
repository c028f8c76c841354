import type { Bus } from "@countersign/bus/bus";
import type { Reply } from "@countersign/contracts/denial";
import type { Instrument, Quote } from "@countersign/contracts/instrument";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";

type Schedule = z.output<typeof RPCS.schedule.reply>;
type Search = z.output<typeof RPCS.brokerSearch.reply>;

/** Where numbers come from. The only implementation asks broker-gateway; a denial is an answer, a Fault is thrown. */
export interface Source {
  quote(conid: number): Promise<Reply<Quote>>;
  contract(conid: number): Promise<Reply<{ instrument: Instrument; source: string; asOf: string }>>;
  details(request: z.input<typeof RPCS.details.request>): Promise<z.output<typeof RPCS.details.reply>>;
  schedule(request: z.input<typeof RPCS.schedule.request>): Promise<Schedule>;
  search(request: z.input<typeof RPCS.brokerSearch.request>): Promise<Search>;
}

export function brokerSource(bus: Bus): Source {
  return {
    quote: (conid) => bus.request(RPCS.brokerQuote, { conid }),
    contract: (conid) => bus.request(RPCS.brokerContract, { conid }),
    details: (request) => bus.request(RPCS.details, request),
    schedule: (request) => bus.request(RPCS.schedule, request),
    search: (request) => bus.request(RPCS.brokerSearch, request),
  };
}
