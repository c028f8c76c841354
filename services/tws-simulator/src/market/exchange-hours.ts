import type { ExchangeHours } from "./calendar.ts";

/** Full closures of the New York exchanges, 2026-2028. */
const US_HOLIDAYS = new Set([
  ...["20260101", "20260119", "20260216", "20260403", "20260525", "20260619", "20260703", "20260907", "20261126"],
  ...["20261225", "20270101", "20270118", "20270215", "20270326", "20270531", "20270618", "20270705", "20270906"],
  ...["20271125", "20271224", "20280117", "20280221", "20280414", "20280529", "20280619", "20280704", "20280904"],
  ...["20281123", "20281225"],
]);

/** Days on which New York closes at 13:00. */
const US_EARLY = new Map(["20261127", "20261224", "20271126", "20280703", "20281124"].map((date) => [date, 780]));

const GERMAN_HOLIDAYS = new Set([
  ...["20260101", "20260403", "20260406", "20260501", "20261224", "20261225", "20261231"],
  ...["20270101", "20270326", "20270329", "20271224", "20271231", "20280414", "20280417", "20280501"],
  ...["20281225", "20281226"],
]);

const DUTCH_HOLIDAYS = new Set([
  ...["20260101", "20260403", "20260406", "20260501", "20261225", "20270101", "20270326", "20270329"],
  ...["20280414", "20280417", "20280501", "20281225", "20281226"],
]);

const BRITISH_HOLIDAYS = new Set([
  ...["20260101", "20260403", "20260406", "20260504", "20260525", "20260831", "20261225", "20261228"],
  ...["20270101", "20270326", "20270329", "20270503", "20270531", "20270830", "20271227", "20271228"],
  ...["20280103", "20280414", "20280417", "20280501", "20280529", "20280828", "20281225", "20281226"],
]);

const NO_DATES: ReadonlySet<string> = new Set();
const NO_EARLY: ReadonlyMap<string, number> = new Map();

function at(hour: number, minute = 0): number {
  return hour * 60 + minute;
}

const US_STOCK: ExchangeHours = {
  timeZoneId: "US/Eastern",
  trading: { openMinute: at(4), closeMinute: at(20) },
  liquid: { openMinute: at(9, 30), closeMinute: at(16) },
  holidays: US_HOLIDAYS,
  earlyCloses: US_EARLY,
};

function european(timeZoneId: string, openMinute: number, closeMinute: number, holidays: ReadonlySet<string>) {
  const day = { openMinute, closeMinute };
  return { timeZoneId, trading: day, liquid: day, holidays, earlyCloses: NO_EARLY } satisfies ExchangeHours;
}

/** Hours by a key that each instrument of the book names. */
export const EXCHANGE_HOURS = {
  usStock: US_STOCK,
  usOption: { ...US_STOCK, trading: US_STOCK.liquid },
  xetra: european("MET", at(9), at(17, 30), GERMAN_HOLIDAYS),
  amsterdam: european("MET", at(9), at(17, 30), DUTCH_HOLIDAYS),
  london: european("GB-Eire", at(8), at(16, 30), BRITISH_HOLIDAYS),
  forex: {
    timeZoneId: "US/Eastern",
    trading: { openMinute: at(17, 15) - at(24), closeMinute: at(17) },
    liquid: { openMinute: at(17, 15) - at(24), closeMinute: at(17) },
    holidays: NO_DATES,
    earlyCloses: NO_EARLY,
  },
  crypto: {
    timeZoneId: "US/Eastern",
    trading: { openMinute: 0, closeMinute: at(24) },
    liquid: { openMinute: 0, closeMinute: at(24) },
    holidays: NO_DATES,
    earlyCloses: NO_EARLY,
    weekends: true,
  },
  cme: {
    timeZoneId: "US/Central",
    trading: { openMinute: at(17) - at(24), closeMinute: at(16) },
    liquid: { openMinute: at(8, 30), closeMinute: at(16) },
    holidays: new Set(["20261225", "20270101", "20270326", "20280414", "20281225"]),
    earlyCloses: NO_EARLY,
  },
} as const satisfies Record<string, ExchangeHours>;

export type HoursKey = keyof typeof EXCHANGE_HOURS;
