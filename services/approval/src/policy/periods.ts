import type { PolicySchedule } from "@countersign/contracts/auto-approval";
import { dateOfDay, dayNumber } from "./exchange-time.ts";

/** First date of the period in which a date of the exchange lies; undefined before the schedule starts. */
export function periodFrom({ every, startsOn }: Pick<PolicySchedule, "every" | "startsOn">, date: string) {
  if (date < startsOn) return undefined;
  if (every.unit === "month") return monthPeriodFrom(startsOn, date, every.count);
  const days = every.count * (every.unit === "week" ? 7 : 1);
  const start = dayNumber(startsOn);
  return dateOfDay(start + Math.floor((dayNumber(date) - start) / days) * days);
}

/** Months are counted from the first period's; a period begins on its day of the month, or on the last one there is. */
function monthPeriodFrom(startsOn: string, date: string, count: number): string {
  const [start, now] = [monthNumber(startsOn), monthNumber(date)];
  const beginning = (period: number) => dateIn(start + period * count, startsOn.slice(8));
  const period = Math.floor((now - start) / count);
  return beginning(period) <= date ? beginning(period) : beginning(period - 1);
}

function monthNumber(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function dateIn(month: number, day: string): string {
  const text = (of: number) =>
    `${String(Math.floor(of / 12)).padStart(4, "0")}-${String((of % 12) + 1).padStart(2, "0")}`;
  const last = dateOfDay(dayNumber(`${text(month + 1)}-01`) - 1);
  const wanted = `${text(month)}-${day}`;
  return wanted < last ? wanted : last;
}
