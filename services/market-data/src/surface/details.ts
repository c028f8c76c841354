import { Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { InstrumentDetails, MarketRule } from "@countersign/contracts/messages/instrument-reads.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Served } from "../pacing/asking.ts";
import type { Paced } from "../pacing/paced.ts";

type Bands = z.output<typeof MarketRule>["steps"];

interface Details {
  readonly instrument: InstrumentDetails;
  readonly marketRules: { exchange: string; ruleId: number; bands: Bands }[];
  readonly source: string;
  readonly asOf: string;
}

const ONE = {
  ...{ symbol: null, secType: null, currency: null, exchange: null, primaryExchange: null, lastTradeDate: null },
  ...{ strike: null, right: null, multiplier: null, localSymbol: null, tradingClass: null, securityId: null },
  ...{ includeExpired: false, offset: 0, limit: 1 },
} as const;
const COST = { kind: "contract", weight: 1, hard: false } as const;

/** One instrument with the price steps of each of its exchanges. Many exchanges share a rule, which is asked once. */
export async function detailsOf(bus: Served, paced: Paced, conid: number): Promise<Reply<Details>> {
  const reply = await paced(COST, () => bus.request(RPCS.details, { ...ONE, conid }));
  if (reply.outcome === "denied") return reply;
  const [instrument] = reply.value.instruments;
  if (instrument === undefined) throw new Fault("MARKET_DATA_UNAVAILABLE", "the broker named no instrument");
  const { source, asOf } = reply.value;
  const rules = new Map<number, Bands>();
  for (const ruleId of new Set(instrument.marketRuleIds)) {
    const rule = await paced(COST, () => bus.request(RPCS.marketRule, { ruleId }));
    if (rule.outcome === "denied") return rule;
    rules.set(ruleId, rule.value.steps);
  }
  const marketRules = instrument.validExchanges.flatMap((exchange, at) => {
    const ruleId = instrument.marketRuleIds[at];
    const bands = ruleId === undefined ? undefined : rules.get(ruleId);
    return ruleId === undefined || bands === undefined ? [] : [{ exchange, ruleId, bands }];
  });
  return ok({ instrument, marketRules, source, asOf });
}
