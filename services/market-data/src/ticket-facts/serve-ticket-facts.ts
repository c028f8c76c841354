import { denied, ok, partOf, type Reply } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import type { MarketSession } from "@countersign/contracts/market-session";
import type { BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import type { Rate } from "@countersign/contracts/messages/md-fx.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Served } from "../pacing/asking.ts";
import { averageVolume } from "./average-volume.ts";

/** Only risk-gate may ask on this subject, so everything here is asked for the gate. */
export interface TicketFactsParts {
  readonly quote: (conid: number, maxAgeMs: number) => Promise<Reply<Quote>>;
  readonly session: (conid: number) => Promise<Reply<MarketSession>>;
  readonly dailyBars: (conid: number, days: number) => Promise<Reply<BarsValue>>;
  /** The currency in which the instrument is quoted. */
  readonly currencyOf: (conid: number) => Promise<Reply<string>>;
  readonly rate: (from: string, to: string, maxAgeMs: number) => Promise<Reply<Rate>>;
}

type Question = z.output<typeof RPCS.marketFacts.request>;
type Answer = z.input<typeof RPCS.marketFacts.reply>;

/** All that the gate asks about the market of one order: gathered at once, each part with its own outcome and age. */
export function serveTicketFacts(bus: Served, parts: TicketFactsParts): void {
  bus.serve(RPCS.marketFacts, (question) => ticketFacts(parts, question));
}

async function ticketFacts(parts: TicketFactsParts, question: Question): Promise<Answer> {
  const { conids, rateTo } = question;
  const [rate, instruments] = await Promise.all([
    rateTo === null ? null : partOf(() => rateOf(parts, question, rateTo)),
    Promise.all(conids.map((conid) => marketOf(parts, conid, question))),
  ]);
  return ok({ instruments, rate });
}

async function marketOf(parts: TicketFactsParts, conid: number, { maxAgeMs, dailyBars: days }: Question) {
  const [quote, session, dailyBars] = await Promise.all([
    partOf(() => parts.quote(conid, maxAgeMs)),
    partOf(() => parts.session(conid)),
    days === 0 ? null : partOf(() => parts.dailyBars(conid, days)),
  ]);
  const averaged = dailyBars?.outcome === "ok" ? averageVolume(dailyBars.value) : null;
  return { conid, quote, session, dailyBars, averageVolume: averaged };
}

/** Legs in several currencies have no one rate. */
async function rateOf(parts: TicketFactsParts, { conids, maxAgeMs }: Question, to: string): Promise<Reply<Rate>> {
  const currencies = new Set<string>();
  for (const reply of await Promise.all(conids.map((conid) => parts.currencyOf(conid)))) {
    if (reply.outcome === "denied") return reply;
    currencies.add(reply.value);
  }
  const [from, second] = currencies;
  if (from === undefined || second !== undefined) return denied("NO_RATE", "the instruments are in several currencies");
  return parts.rate(from, to, maxAgeMs);
}
