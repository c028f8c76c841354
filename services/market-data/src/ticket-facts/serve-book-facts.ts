import { parseUtcText } from "@countersign/clock/clock";
import { denied, ok, partOf, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { BookInstrument, Closes } from "@countersign/contracts/messages/book-facts.v1";
import type { BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import type { Rate } from "@countersign/contracts/messages/md-fx.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { localTime } from "../bars/local-time.ts";
import type { Served } from "../pacing/asking.ts";
import { averageVolume } from "./average-volume.ts";

export interface BookFactsParts {
  readonly describe: (conid: number) => Promise<Reply<{ readonly instrument: Instrument }>>;
  readonly rate: (from: string, to: string, maxAgeMs: number) => Promise<Reply<Rate>>;
  readonly dailyBars: (conid: number, days: number) => Promise<Reply<BarsValue>>;
}

/** What the gate knows of an account's holdings ahead of any order; each part with its own outcome. */
export function serveBookFacts(bus: Served, parts: BookFactsParts): void {
  bus.serve(RPCS.bookFacts, (question) => bookFacts(parts, question));
  bus.serve(RPCS.bookCloses, (question) => bookCloses(parts, question));
}

async function bookFacts(
  { describe, rate }: BookFactsParts,
  { conids, rates: wanted }: z.output<typeof RPCS.bookFacts.request>,
): Promise<z.input<typeof RPCS.bookFacts.reply>> {
  const [instruments, rates] = await Promise.all([
    Promise.all(conids.map(async (conid) => ({ conid, instrument: await partOf(() => slim(describe(conid))) }))),
    Promise.all(
      (wanted?.from ?? []).map(async (from) => ({
        from,
        rate: await partOf(() => rate(from, wanted?.to ?? from, wanted?.maxAgeMs ?? 0)),
      })),
    ),
  ]);
  return ok({ instruments, rates });
}

async function slim(describing: Promise<Reply<{ readonly instrument: Instrument }>>): Promise<Reply<BookInstrument>> {
  const described = await describing;
  if (described.outcome === "denied") return described;
  const { symbol, secType, currency, multiplier, industry, category, ...more } = described.value.instrument;
  const { right, strike, underlyingConid = null } = more;
  const option = right !== null && strike !== null && { option: { right, strike, underlyingConid } };
  return ok({ symbol, secType, currency, multiplier, industry, category, ...option });
}

async function bookCloses(
  { dailyBars }: BookFactsParts,
  { conids, days }: z.output<typeof RPCS.bookCloses.request>,
): Promise<z.input<typeof RPCS.bookCloses.reply>> {
  const instruments = conids.map(async (conid) => ({
    conid,
    closes: await partOf(async () => closesOf(await dailyBars(conid, days))),
  }));
  return ok({ instruments: await Promise.all(instruments) });
}

/** A month of sessions. */
const VOLUME_SESSIONS = 20;

/** Of finished sessions only: the close of one that is not over is no close. */
function closesOf(bars: Reply<BarsValue>): Reply<Closes> {
  if (bars.outcome === "denied") return bars;
  const { value } = bars;
  if (!value.complete) return denied("DATA_TOO_OLD", "a part of the bars was not loaded in time");
  const hole = holeIn(value);
  if (hole !== undefined) return denied("NO_DATA", hole);
  const closes = value.bars.flatMap(({ date, close, partial }): [string, string][] =>
    partial || date === null ? [] : [[date, close]],
  );
  const newest = value.bars.filter(({ partial }) => !partial).slice(-VOLUME_SESSIONS);
  const { sessions, volume } = averageVolume({ bars: newest, volumeUnit: value.volumeUnit });
  return ok({ closes, averageVolume: volume, volumeSessions: sessions, asOf: value.asOf, source: value.source });
}

/** A finished session whose bar was refused: without it the fall of that day and the rise of the next are no move at all. */
function holeIn({ refused, refusedLeftOut, timeZoneId, asOf }: BarsValue): string | undefined {
  const today = localTime(timeZoneId, parseUtcText(asOf)).date;
  const [first] = refused.filter(({ date }) => date === null || date < today);
  if (first === undefined) return refusedLeftOut > 0 ? `${refusedLeftOut} of its bars cannot be right` : undefined;
  return `its bar of ${first.date ?? "an unknown day"} cannot be right: ${first.reason}`;
}
