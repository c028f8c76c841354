import { parseUtcText, utcText } from "@countersign/clock/clock";
import type { Instrument } from "@countersign/contracts/instrument";
import type { MarketSession } from "@countersign/contracts/market-session";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The midnight that began the local day of an instant, ms since the epoch. The zone must be one that Intl knows. */
export function dayStart(zone: string, nowMs: number): number {
  const today = wallTime(zone, nowMs).slice(0, 8);
  return instantOf(zone, `${today}0000`);
}

/**
 * When the exchange's session with this date began, by the contract's own hours: with its date, or in the evening before.
 * While the exchange is closed the date that it has counts; what waits for the opening of that date belongs to its session.
 * undefined: the hours do not say.
 */
export function sessionStart(
  { tradingHours }: Pick<Instrument, "tradingHours">,
  session: MarketSession,
): number | undefined {
  // The zone of the calendar: to Intl the name that TWS gives the contract may be another zone, or none.
  const { tradeDate, source, timeZoneId } = session;
  if (source !== "contract") return undefined;
  if (tradeDate === null) return session.state === "closed" ? midnightOf(session) : undefined;
  const date = tradeDate.replaceAll("-", "");
  try {
    const opens = [...tradingHours.matchAll(/(\d{8}):(\d{4})-(?:(\d{8}):)?(\d{4})/g)]
      .filter(([, openDate = "", , closeDate = openDate, close]) => dateOf(closeDate, close) === date)
      .map(([, openDate, open]) => `${openDate}${open}`);
    const [first] = opens.sort();
    if (first === undefined) return undefined;
    const start = instantOf(timeZoneId, first);
    if (Number.isNaN(start) || start > parseUtcText(session.asOf)) return undefined;
    return Math.min(start, instantOf(timeZoneId, `${date}0000`));
  } catch {
    return undefined;
  }
}

function midnightOf({ timeZoneId, asOf }: MarketSession): number | undefined {
  try {
    return dayStart(timeZoneId, parseUtcText(asOf));
  } catch {
    return undefined;
  }
}

/** Whose session ends then: at midnight still the one of the day that it ends, as the calendar has it. */
function dateOf(closeDate: string, close: string | undefined): string {
  if (close !== "0000") return closeDate;
  const day = `${closeDate.slice(0, 4)}-${closeDate.slice(4, 6)}-${closeDate.slice(6)}`;
  return utcText(parseUtcText(`${day}T00:00:00.000Z`) - DAY_MS)
    .slice(0, 10)
    .replaceAll("-", "");
}

/** `202611230930` of a zone's wall clock, as ms since the epoch. Throws for a zone that nobody knows. */
function instantOf(zone: string, wall: string): number {
  const [date, hour] = [wall.slice(0, 8), wall.slice(8)];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const asUtc = parseUtcText(`${day}T${hour.slice(0, 2)}:${hour.slice(2)}:00.000Z`);
  const at = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => asUtc - offset(zone, near));
  // Of a wall time that comes twice the first; of one that is skipped the hour before: never too late.
  return at.find((one) => wallTime(zone, one) === wall) ?? Math.min(...at) - HOUR_MS;
}

function offset(zone: string, epochMs: number): number {
  const wall = wallTime(zone, epochMs);
  const day = `${wall.slice(0, 4)}-${wall.slice(4, 6)}-${wall.slice(6, 8)}`;
  const asUtc = parseUtcText(`${day}T${wall.slice(8, 10)}:${wall.slice(10)}:00.000Z`);
  return asUtc - parseUtcText(`${utcText(epochMs).slice(0, 16)}:00.000Z`);
}

function wallTime(zone: string, epochMs: number): string {
  let format = formats.get(zone);
  if (format === undefined) {
    const digits = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", ...digits });
    // Bounded: names of zones come from outside.
    if (formats.size < 1_000) formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  return ["year", "month", "day", "hour", "minute"].map((type) => parts.get(type as "year") ?? "").join("");
}
