import { addDays, weekdayOf } from "./zoned-time.ts";

/**
 * One holiday, as a rule for every year: a base, then perhaps an offset in days, a length and a way to move.
 *
 * Base: `0704` a date; `20260603` a date of one year; `MON3.01` the third Monday of January, `MON-1.05` the last of May;
 * `FRI@0619` the first Friday from June 19 on; `E` Easter Sunday, `O` the Orthodox one; `L` the lunar new year; `c0505`,
 * `h0115`, `u1001` month and day of the Chinese, the Hebrew (1 = Tishri) and the Umm al-Qura calendar.
 * Offset: `E-2` is Good Friday. Length: `Lx3` are three days.
 * Move: `>` from a weekend to the next free weekday, `^` only from a Sunday, `~` from Saturday to Friday and from Sunday
 * to Monday. Without one the holiday of a weekend is lost.
 */
export type HolidayRule = string;

const RULE = /^(.+?)([+-]\d{1,2})?(?:x(\d))?([>^~])?$/;
const NTH_WEEKDAY = /^([A-Z]{3})(-?\d)\.(\d{2})$/;
const WEEKDAY_FROM = /^([A-Z]{3})@(\d{4})$/;
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const SUNDAY = 0;
const SATURDAY = 6;
const CALENDARS = { c: "chinese", h: "hebrew", u: "islamic-umalqura" } as const;

/** Reads dates of other calendars; a year is looked through once. */
export class HolidayRules {
  readonly #years = new Map<string, ReadonlyMap<string, readonly string[]>>();

  /** Every date, YYYYMMDD, that the rules give in a year. Throws on a rule that cannot be read. */
  datesOf(rules: readonly HolidayRule[], year: number): ReadonlySet<string> {
    const fixed = new Set<string>();
    const moving: { readonly date: string; readonly move: string }[] = [];
    for (const rule of rules) {
      const [, base = "", offset = "0", length = "1", move = ""] = RULE.exec(rule) ?? [];
      for (const start of this.#base(base, year, rule)) {
        for (let day = 0; day < Number(length); day += 1) {
          const date = addDays(start, Number(offset) + day);
          if (moves(date, move)) moving.push({ date, move });
          else fixed.add(date);
        }
      }
    }
    for (const { date, move } of moving) fixed.add(moved(date, move, fixed));
    return fixed;
  }

  #base(base: string, year: number, rule: string): readonly string[] {
    if (/^\d{4}$/.test(base)) return [`${year}${base}`];
    if (/^\d{8}$/.test(base)) return base.startsWith(String(year)) ? [base] : [];
    if (base === "E") return [easter(year)];
    if (base === "O") return [orthodoxEaster(year)];
    if (base === "L") return LUNAR_NEW_YEARS.filter((date) => date.startsWith(String(year)));
    const nth = NTH_WEEKDAY.exec(base);
    if (nth !== null) return [nthWeekday(year, nth[3] ?? "", WEEKDAYS.indexOf(nth[1] ?? ""), Number(nth[2]))];
    const from = WEEKDAY_FROM.exec(base);
    if (from !== null) return [weekdayFrom(`${year}${from[2]}`, WEEKDAYS.indexOf(from[1] ?? ""))];
    if (/^[chu]\d{4}$/.test(base))
      return this.#otherCalendar(base[0] as "c" | "h" | "u", year).get(base.slice(1)) ?? [];
    throw new Error(`the holiday rule ${rule} cannot be read`);
  }

  #otherCalendar(key: "c" | "h" | "u", year: number): ReadonlyMap<string, readonly string[]> {
    const name = `${key}${year}`;
    const known = this.#years.get(name);
    if (known !== undefined) return known;
    const format = new Intl.DateTimeFormat(`en-u-ca-${CALENDARS[key]}`, {
      month: "numeric",
      day: "numeric",
      timeZone: "UTC",
    });
    const found = new Map<string, string[]>();
    for (let date = `${year}0101`; date.startsWith(String(year)); date = addDays(date, 1)) {
      const monthDay = otherMonthDay(format, key, date);
      if (monthDay !== undefined) found.set(monthDay, [...(found.get(monthDay) ?? []), date]);
    }
    this.#years.set(name, found);
    return found;
  }
}

/** Undefined in a leap month, which has no holidays of its own. */
function otherMonthDay(format: Intl.DateTimeFormat, key: "c" | "h" | "u", date: string): string | undefined {
  const noonMs = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)), 12);
  const parts = format.formatToParts(noonMs);
  const month = (parts.find((part) => part.type === "month")?.value ?? "").replace("Adar II", "Adar");
  const day = parts.find((part) => part.type === "day")?.value ?? "";
  const number = key === "h" ? HEBREW_MONTHS.indexOf(month) + 1 : /^\d+$/.test(month) ? Number(month) : 0;
  return number === 0 ? undefined : `${String(number).padStart(2, "0")}${day.padStart(2, "0")}`;
}

const HEBREW_MONTHS: readonly (string | undefined)[] = [
  ...[
    "Tishri",
    "Heshvan",
    "Kislev",
    "Tevet",
    "Shevat",
    "Adar I",
    "Adar",
    "Nisan",
    "Iyar",
    "Sivan",
    "Tamuz",
    "Av",
    "Elul",
  ],
];

/** A table: where the new moon falls minutes from midnight, as in 2027, the calendar of Intl is a day off. */
const LUNAR_NEW_YEARS = [...["20240210", "20250129", "20260217", "20270206", "20280126", "20290213", "20300203"]];

function moves(date: string, move: string): boolean {
  const weekday = weekdayOf(date);
  if (move === "^") return weekday === SUNDAY;
  return move !== "" && (weekday === SUNDAY || weekday === SATURDAY);
}

function moved(date: string, move: string, taken: ReadonlySet<string>): string {
  if (move === "~") return addDays(date, weekdayOf(date) === SATURDAY ? -1 : 1);
  let found = addDays(date, 1);
  while (taken.has(found) || weekdayOf(found) === SUNDAY || weekdayOf(found) === SATURDAY) found = addDays(found, 1);
  return found;
}

/** The weekday on or after a date. */
function weekdayFrom(date: string, weekday: number): string {
  return addDays(date, (weekday - weekdayOf(date) + 7) % 7);
}

/** The n-th such weekday of a month; -1 is the last one. */
function nthWeekday(year: number, month: string, weekday: number, count: number): string {
  if (count > 0) return addDays(weekdayFrom(`${year}${month}01`, weekday), (count - 1) * 7);
  const nextMonth = Number(month) === 12 ? `${year + 1}0101` : `${year}${String(Number(month) + 1).padStart(2, "0")}01`;
  return addDays(weekdayFrom(nextMonth, weekday), -7);
}

/** Easter Sunday of the Gregorian calendar, by the anonymous algorithm. */
function easter(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  return addDays(`${year}0301`, epact + weekday - 7 * late + 21);
}

/** Easter Sunday of the Julian calendar, as a Gregorian date between 1900 and 2099. */
function orthodoxEaster(year: number): string {
  const moon = (19 * (year % 19) + 15) % 30;
  const weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7;
  return addDays(`${year}0321`, moon + weekday + 1 + 13);
}
