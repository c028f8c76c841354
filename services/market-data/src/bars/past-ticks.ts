import { type Clock, parseUtcText, utcText } from "@countersign/clock/clock";
import { type Denial, denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { Trade } from "@countersign/contracts/messages/live-reads.v1";
import type { PastTick, TicksPastReply, TicksPastRequest } from "@countersign/contracts/messages/md-bars.v1";
import type * as z from "zod";
import { PacingRefused } from "../pacing/refused.ts";
import type { BarSource } from "./bar-source.ts";
import { ticksCost } from "./costs.ts";
import { type Pace, waitMsOf } from "./pace.ts";
import type { Patience } from "./patience.ts";

/** Leaves room in the message for the rest of a busy second, which TWS adds to what was asked for. */
const PAGE = 500;
const PAGES_MAX = 12;
const TICKS_MAX = 3_000;
const CHARS_MAX = 185_000;
const SECOND_MS = 1_000;

type Request = z.output<typeof TicksPastRequest>;
type Value = Extract<z.output<typeof TicksPastReply>, { outcome: "ok" }>["value"];

export interface PastTicksDeps {
  readonly clock: Clock;
  readonly source: BarSource;
  readonly pace: Pace;
}

interface Collected {
  /** Oldest first; of a second either all or none. */
  ticks: Trade[];
  currency: string;
  asOf: string;
  pages: number;
  /** Why it ended early, if it did. */
  ended: PacingRefused | "timeUp" | undefined;
  /** Null: there is no more. */
  nextMs: number | null;
}

/**
 * Ticks one by one beyond what one request gives. A page may end within a second whose other ticks it does not have, so
 * that second is asked for again, whole, by the page after it.
 */
export async function pastTicks(deps: PastTicksDeps, request: Request, patience: Patience): Promise<Reply<Value>> {
  const { from, until, count, kind, conid } = request;
  if ((from === null) === (until === null)) return invalid("exactly one of from and until must be given");
  const start = startMs(from ?? until ?? "");
  if (start === undefined) return invalid("from or until is no such time");
  if (from !== null && start > deps.clock.nowMs()) return invalid("from is in the future");
  const all: Collected = { ticks: [], currency: "", asOf: "", pages: 0, ended: undefined, nextMs: start };
  const forwards = from !== null;
  while (all.nextMs !== null && all.ticks.length < count && all.pages < PAGES_MAX) {
    const refused = await addPage(deps, all, { request, forwards, patience });
    if (refused !== undefined && all.pages === 0) return refused;
    if (refused !== undefined || all.ended !== undefined) break;
  }
  const paced = all.ended instanceof PacingRefused ? all.ended : undefined;
  if (all.pages === 0 && paced !== undefined) return { outcome: "denied", denial: paced.denial };
  const nowMs = deps.clock.nowMs();
  const ticks = all.ticks.map(tickOf);
  const value: Value = {
    ...{ conid, kind, currency: all.currency, ticks, next: all.nextMs === null ? null : utcText(all.nextMs) },
    ...{ complete: all.ended === undefined, waitMs: paced === undefined ? null : waitMsOf(paced) },
    ...{ pages: all.pages, source: "tws", asOf: all.asOf },
    ageMs: Math.max(0, Math.round(nowMs - parseUtcText(all.asOf))),
  };
  const isFitting = ticks.length <= TICKS_MAX && JSON.stringify(value).length <= CHARS_MAX;
  return isFitting ? ok(value) : denied("PAYLOAD_TOO_LARGE", "the answer does not fit into one message; ask for less");
}

type Denied = { readonly outcome: "denied"; readonly denial: Denial };

async function addPage(
  { source, pace }: PastTicksDeps,
  all: Collected,
  { request, forwards, patience }: { request: Request; forwards: boolean; patience: Patience },
): Promise<Denied | undefined> {
  const edge = all.nextMs ?? 0;
  const at = utcText(edge);
  const { conid, kind, regularHoursOnly, count } = request;
  const window = forwards ? { from: at, until: null } : { from: null, until: at };
  // One more than is missing: the second at the edge is dropped unless it is whole.
  const wanted = Math.min(PAGE, count - all.ticks.length + 1);
  const asked = { conid, kind, ...window, count: wanted, regularHoursOnly };
  const task = () => source.pastTicks(asked);
  try {
    const told = await patience.waitFor(pace.run(ticksCost(asked), task));
    if (told === undefined) return outOfTime(all);
    if (told.value.outcome === "denied") return told.value;
    const { ticks, currency, asOf } = told.value.value;
    Object.assign(all, { currency, asOf, pages: all.pages + 1 });
    takePage(all, inOrder(ticks, edge, forwards), { wanted, forwards });
    return undefined;
  } catch (error) {
    if (!(error instanceof PacingRefused)) throw error;
    all.ended = error;
    return undefined;
  }
}

function outOfTime(all: Collected): undefined {
  if (all.pages === 0) throw new Fault("TIMEOUT", "the broker did not send any ticks in time");
  all.ended = "timeUp";
  return undefined;
}

/** By time, and without what lies on the wrong side of the edge. */
function inOrder(ticks: readonly Trade[], edgeMs: number, forwards: boolean): Trade[] {
  const right = ticks.filter(({ at }) => (forwards ? Date.parse(at) >= edgeMs : Date.parse(at) < edgeMs));
  return right.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A page shorter than asked for is no end: only an empty one is. */
function takePage(all: Collected, page: Trade[], { wanted, forwards }: { wanted: number; forwards: boolean }): void {
  const last = (forwards ? page.at(-1) : page[0])?.at;
  if (last === undefined) {
    all.nextMs = null;
    return;
  }
  const lastMs = Date.parse(last);
  const whole = page.filter(({ at }) => at !== last);
  // Cut only when it is full; a page of one second is that second as TWS completes it.
  const isCut = page.length >= wanted && whole.length > 0;
  const kept = isCut ? whole : page;
  all.ticks = forwards ? [...all.ticks, ...kept] : [...kept, ...all.ticks];
  if (forwards) all.nextMs = isCut ? lastMs : lastMs + SECOND_MS;
  else all.nextMs = isCut ? lastMs + SECOND_MS : lastMs;
}

function tickOf({ at, ...figures }: Trade): PastTick {
  const given = Object.entries(figures).filter(([, value]) => value !== null && value !== "");
  return { at, ...Object.fromEntries(given) };
}

function startMs(text: string): number | undefined {
  try {
    return Math.floor(parseUtcText(text) / SECOND_MS) * SECOND_MS;
  } catch {
    return undefined;
  }
}

function invalid(message: string): Denied {
  return denied("INVALID_ARGUMENT", message);
}
