import { parseUtcText } from "@countersign/clock/clock";
import { type Denial, denied, ok, type Reply } from "@countersign/contracts/denial";
import { numberOf } from "@countersign/contracts/market-value";
import type { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import type { CalendarDay } from "@countersign/contracts/messages/md-calendar.v1";
import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { absolute, decimal, multiply, roundUp, toText } from "@countersign/money/decimal";
import type { Deps } from "./deps.ts";
import { ask } from "./facts/answers.ts";
import { notionalBase, positionOf, workingSameSide } from "./facts/exposure.ts";
import { type Fact, type Facts, known, missing } from "./facts/fact.ts";
import { partsOf } from "./facts/parts.ts";
import { worstPrice } from "./facts/prices.ts";
import { haltedRefusal } from "./halted.ts";
import { judge } from "./judge.ts";
import { FEED_WAIT_MS } from "./judge-and-record.ts";
import type { PolicyInForce } from "./policy.ts";

type Hours = Extract<EnvelopeFacts["hours"], { state: "known" }>["value"];
type Gathered<T> = { state: "known"; value: T } | { state: "missing"; reason: string };

/** A fresh verdict with the numbers that a standing policy looks at, from the same facts. */
export async function envelope(
  deps: Deps,
  { ticket, afterSequence }: { ticket: Ticket; afterSequence: number },
): Promise<Reply<EnvelopeFacts>> {
  const refusal = refusalOf(deps, ticket);
  if (refusal !== undefined) return { outcome: "denied", denial: refusal };
  const halted = haltedRefusal(deps.control, ticket);
  if (halted !== undefined) return halted;
  const known = await deps.orders.waitFor(afterSequence, { clock: deps.clock, timeoutMs: FEED_WAIT_MS });
  if (!known) return denied("PROPOSAL_NOT_FOUND", "the gate does not know the orders up to there");
  const [facts, hours] = await Promise.all([
    deps.gatherer.gather(ticket.terms, ticket.agent, {
      whatIf: "recent",
      exposure: true,
      proposalId: ticket.proposalId,
      modifies: ticket.modifies,
    }),
    hoursOf(deps, ticket),
  ]);
  return ok(envelopeOf(ticket, facts, { hours, inForce: deps.inForce }));
}

function refusalOf(deps: Deps, { mode, terms }: Ticket): Denial | undefined {
  if (mode !== deps.mode) return denied("APPROVAL_INVALID", `the ticket is of mode ${mode}`).denial;
  return terms.legs === undefined ? undefined : denied("COMBO_INVALID", "no standing policy takes combinations").denial;
}

/** The regular sessions by the contract's own hours; the table of exchanges does not count. */
function hoursOf({ bus }: Deps, { agent, terms }: Ticket): Promise<Fact<Hours>> {
  const question = { conid: terms.conid ?? 0, pastDays: 0, asker: agent };
  return ask(bus.request(RPCS.calendar, question), (calendar) => {
    const { source, zone, asOf } = calendar;
    if (source !== "contract") return missing("the contract has no hours of its own");
    const regular = ({ sessions }: CalendarDay) => sessions.filter(({ session }) => session === "liquid");
    const sessions = calendar.days.filter((day) => day.source === "contract").flatMap(regular);
    return known({ zone, sessions: sessions.slice(0, 200).map(({ open, close }) => ({ open, close })) }, source, asOf);
  });
}

/** Pure: the same facts give the same numbers. */
export function envelopeOf(
  ticket: Ticket,
  facts: Facts,
  { hours, inForce }: { hours: Fact<Hours>; inForce: PolicyInForce },
): EnvelopeFacts {
  const { instrument, summary } = facts;
  const notional = notionalBase(ticket.terms, facts);
  return {
    type: "countersign.envelopeFacts/1",
    at: facts.at,
    verdict: judge(ticket.terms, facts, inForce),
    kill: read(facts.kill, (value) => value),
    secType: read(instrument, (value) => value.secType),
    baseCurrency: read(summary, ({ baseCurrency }) => baseCurrency),
    notional:
      notional === undefined ? { state: "missing", reason: "no price or no rate" } : is(toText(roundUp(notional, 2))),
    netLiquidation: netLiquidationOf(summary),
    position: positionFacts(ticket, facts),
    quote: quoteOf(facts),
    hours: read(hours, (value) => value),
  };
}

function netLiquidationOf(summary: Facts["summary"]): Gathered<string> {
  if (summary.state === "missing") return summary;
  const { netLiquidation, baseCurrency } = summary.value;
  if (netLiquidation.currency !== baseCurrency) return missing(`the account's value is in ${netLiquidation.currency}`);
  return is(netLiquidation.amount);
}

function positionFacts({ terms }: Ticket, facts: Facts): EnvelopeFacts["position"] {
  const [part, other] = partsOf(terms, facts);
  if (part === undefined || other !== undefined) return missing("not one instrument");
  const before = positionOf(part, facts);
  const working = workingSameSide(part, facts);
  if (before === undefined || working === undefined) return missing("positions or open orders are not known");
  const price = worstPrice(terms, facts);
  if (price === undefined || facts.rate.state === "missing" || facts.instrument.state === "missing")
    return missing("price, rate or multiplier is not known");
  const multiplier = decimal(facts.instrument.value.multiplier);
  const unitValue = roundUp(absolute(multiply(multiply(price, multiplier), decimal(facts.rate.value))), 8);
  return is({ before: toText(before), working: toText(working), unitValue: toText(unitValue) });
}

function quoteOf({ quote, at }: Facts): EnvelopeFacts["quote"] {
  if (quote.state === "missing") return quote;
  const [bid, ask] = [numberOf(quote.value.bid), numberOf(quote.value.ask)];
  if (bid === null || ask === null) return missing("the quote is one-sided");
  const { dataType, flags, asOf } = quote.value;
  return is({ bid, ask, dataType, flags, ageMs: parseUtcText(at) - parseUtcText(asOf) });
}

function read<T, V>(fact: Fact<T>, value: (value: T) => V): Gathered<V> {
  return fact.state === "known" ? is(value(fact.value)) : { state: "missing", reason: fact.reason };
}

function is<T>(value: T): { state: "known"; value: T } {
  return { state: "known", value };
}
