import type { BarSize } from "@countersign/contracts/bars";
import { SIZE_RULES } from "./bar-sizes.ts";
import type { Wanted } from "./range.ts";

const DAY_MS = 86_400_000;
/** Noon in UTC of a Saturday. */
const GRID_START_MS = (2 + 0.5) * DAY_MS;
/** The broker corrects the bars of a day until its accounts are closed. */
const SETTLED_AFTER_MS = DAY_MS;

/** One request to the broker. Only bars from `fromMs` on and before `untilMs` belong to it; null: all that came. */
export interface Page {
  /** Equal for equal requests, whoever asks. */
  readonly key: string;
  readonly duration: string;
  /** Null: now. */
  readonly endMs: number | null;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
  /** Over so long ago that it does not change any more. */
  readonly finished: boolean;
}

/** The pages of a request, newest first. They lie on a grid, so that ranges that overlap share them. */
export function pagesOf(size: BarSize, wanted: Wanted, nowMs: number): Page[] {
  if (wanted.kind === "direct") return [directPage(wanted, nowMs)];
  const { windowMs } = SIZE_RULES[size].page;
  const first = indexOf(wanted.fromMs, windowMs);
  const last = indexOf((wanted.untilMs ?? nowMs) - 1, windowMs);
  return Array.from({ length: last - first + 1 }, (_, back) => gridPage(size, last - back, nowMs));
}

/** How many pages a range has, without making them. */
export function pageCount(size: BarSize, fromMs: number, untilMs: number): number {
  const { windowMs } = SIZE_RULES[size].page;
  return indexOf(untilMs - 1, windowMs) - indexOf(fromMs, windowMs) + 1;
}

function indexOf(atMs: number, windowMs: number): number {
  return Math.floor((atMs - GRID_START_MS) / windowMs);
}

function directPage({ duration, untilMs }: Extract<Wanted, { kind: "direct" }>, nowMs: number): Page {
  const finished = untilMs !== null && untilMs + SETTLED_AFTER_MS <= nowMs;
  const key = `${duration} until ${untilMs ?? "now"}`;
  return { key, duration, endMs: untilMs, fromMs: null, untilMs, finished };
}

function gridPage(size: BarSize, index: number, nowMs: number): Page {
  const { windowMs, duration, beyondMs } = SIZE_RULES[size].page;
  const fromMs = GRID_START_MS + index * windowMs;
  const untilMs = fromMs + windowMs;
  const askedMs = untilMs + beyondMs;
  return {
    ...{ key: `page ${index}`, duration, fromMs, untilMs },
    endMs: askedMs >= nowMs ? null : askedMs,
    finished: askedMs + SETTLED_AFTER_MS <= nowMs,
  };
}
