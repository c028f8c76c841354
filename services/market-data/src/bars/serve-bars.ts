import { type Clock, parseUtcText, utcText } from "@countersign/clock/clock";
import { denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { BarsRequest, BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { CacheMetrics } from "../cache.ts";
import type { Served } from "../pacing/asking.ts";
import { GATE } from "../pacing/cost.ts";
import { orDenied } from "../pacing/refused.ts";
import { BarPages } from "./bar-pages.ts";
import type { BarSource } from "./bar-source.ts";
import { barsOf } from "./bars.ts";
import type { BarsSettings } from "./bars-settings.ts";
import { liveBarsCost } from "./costs.ts";
import { Heads } from "./head.ts";
import { isOffered, offered } from "./kinds.ts";
import type { Pace } from "./pace.ts";
import { pastTicks } from "./past-ticks.ts";
import { Patience } from "./patience.ts";
import { Schedules } from "./schedules.ts";

export const BARS_SERVED = [RPCS.bars, RPCS.head, RPCS.ticksPast, RPCS.barsLive] as const;

export interface BarsParts {
  readonly clock: Clock;
  readonly source: BarSource;
  readonly settings: BarsSettings;
  readonly pace: Pace;
  readonly describe: (conid: number) => Promise<Reply<{ readonly instrument: Instrument }>>;
}

/** For the gate, in its lane: one bar for each of the newest days. */
export type DailyBars = (conid: number, days: number) => Promise<Reply<BarsValue>>;

/** Bars, past ticks, live bars, and how far back the data goes. */
export function serveBars(
  bus: Served,
  parts: BarsParts,
): { dailyBars: DailyBars; caches: () => Record<string, CacheMetrics> } {
  const { clock, settings, source, pace, describe } = parts;
  const deps = {
    ...{ clock, settings, pages: new BarPages(parts), heads: new Heads(parts), schedules: new Schedules(parts) },
  };
  const of = async <T>(conid: number, read: (instrument: Instrument) => Promise<Reply<T>>): Promise<Reply<T>> => {
    const described = await describe(conid);
    return described.outcome === "denied" ? described : orDenied(read(described.value.instrument));
  };
  bus.serve(RPCS.bars, (request) =>
    of(request.conid, (instrument) => barsOf(deps, request, instrument, Patience.of(clock, request))),
  );
  bus.serve(RPCS.head, (request) =>
    of(request.conid, async ({ secType }) => {
      const { whatToShow, conid } = request;
      if (!isOffered(secType, whatToShow)) return notOffered(secType, whatToShow);
      const told = await deps.heads.get(request, Patience.of(clock, request));
      if (told.outcome === "denied") return told;
      const { earliestMs, source: origin, asOf } = told.value;
      return ok({ conid, whatToShow, earliest: utcText(earliestMs), source: origin, asOf, ageMs: ageMs(clock, asOf) });
    }),
  );
  bus.serve(RPCS.ticksPast, (request) =>
    of(request.conid, ({ secType }) => {
      if (!isOffered(secType, request.kind)) return Promise.resolve(notOffered(secType, request.kind));
      return pastTicks({ clock, source, pace }, request, Patience.of(clock, request));
    }),
  );
  bus.serve(RPCS.barsLive, (request) =>
    of(request.conid, ({ secType }) => {
      if (!isOffered(secType, request.whatToShow)) return Promise.resolve(notOffered(secType, request.whatToShow));
      return liveBars(parts, request);
    }),
  );
  const dailyBars: DailyBars = (conid, days) =>
    of(conid, (instrument) => {
      const patience = new Patience(clock, { maxWaitMs: GATE_WAIT_MS, asker: GATE });
      return barsOf(deps, dailyOf(instrument, days), instrument, patience);
    });
  const caches = () => ({
    bars: deps.pages.metrics(),
    heads: deps.heads.metrics(),
    schedules: deps.schedules.metrics(),
  });
  return { dailyBars, caches };
}

/** The gate does not wait for history longer than for the rest of its facts. */
const GATE_WAIT_MS = 8_000;
const DAILY_AGE_MS_MAX = 300_000;

function dailyOf({ conid, secType }: Instrument, days: number): BarsRequest {
  return {
    ...{ conid, barSize: "1 day", regularHoursOnly: true, duration: `${days} D`, from: null, until: null },
    // Nobody reports the trades of a currency pair.
    whatToShow: secType === "CASH" ? "MIDPOINT" : "TRADES",
    ...{ maxPoints: 800, maxAgeMs: DAILY_AGE_MS_MAX, maxWaitMs: GATE_WAIT_MS, asker: GATE.id },
  };
}

type LiveReply = z.output<typeof RPCS.barsLive.reply>;

async function liveBars(
  { clock, source, pace }: BarsParts,
  request: z.output<typeof RPCS.barsLive.request>,
): Promise<LiveReply> {
  const patience = Patience.of(clock, request);
  const { conid, whatToShow, regularHoursOnly, count } = request;
  const task = () => source.liveBars({ conid, whatToShow, regularHoursOnly, count });
  const told = await patience.waitFor(pace.run(liveBarsCost(conid), task));
  if (told === undefined) throw new Fault("TIMEOUT", "no bar came in time");
  const reply = told.value;
  return reply.outcome === "denied" ? reply : ok({ ...reply.value, ageMs: ageMs(clock, reply.value.asOf) });
}

function ageMs(clock: Clock, asOf: string): number {
  return Math.max(0, Math.round(clock.nowMs() - parseUtcText(asOf)));
}

function notOffered(secType: string, kind: string): Extract<Reply<never>, { outcome: "denied" }> {
  return denied("DATA_KIND_NOT_OFFERED", `there is no ${kind} of ${secType}`, { offered: [...offered(secType)] });
}
