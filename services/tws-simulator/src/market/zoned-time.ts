/** Wall-clock fields of an instant in an IANA zone. `date` is YYYYMMDD, `weekday` 0 = Sunday. */
export interface ZonedTime {
  readonly date: string;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, found);
  }
  return found;
}

/** Milliseconds to add to UTC to get the wall clock of the zone at this instant. */
function offsetMs(epochMs: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const part of formatter(zone).formatToParts(epochMs)) parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return wallMs - Math.floor(epochMs / 1000) * 1000;
}

/** The offset changes at most on whole quarter hours, so one look-up serves all instants within one. */
const QUARTER_MS = 900_000;
const offsets = new Map<string, number>();
const OFFSETS_MAX = 20_000;

function cachedOffsetMs(epochMs: number, zone: string): number {
  const quarter = Math.floor(epochMs / QUARTER_MS);
  const key = `${quarter}${zone}`;
  let found = offsets.get(key);
  if (found === undefined) {
    if (offsets.size >= OFFSETS_MAX) offsets.clear();
    found = offsetMs(quarter * QUARTER_MS, zone);
    offsets.set(key, found);
  }
  return found;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

export function zonedTime(epochMs: number, zone: string): ZonedTime {
  const wall = new Date(epochMs + cachedOffsetMs(epochMs, zone));
  return {
    date: `${wall.getUTCFullYear()}${pad(wall.getUTCMonth() + 1)}${pad(wall.getUTCDate())}`,
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    weekday: wall.getUTCDay(),
  };
}

/** The instant at which the zone's wall clock shows this date and minute of the day (1440 = the next midnight). */
export function zonedInstantMs(date: string, minuteOfDay: number, zone: string, second = 0): number {
  const wallMs = dateMs(date) + minuteOfDay * 60_000 + second * 1000;
  const first = wallMs - cachedOffsetMs(wallMs, zone);
  return wallMs - cachedOffsetMs(first, zone);
}

function dateMs(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
}

export function addDays(date: string, days: number): string {
  const moved = new Date(dateMs(date) + days * DAY_MS);
  return `${moved.getUTCFullYear()}${pad(moved.getUTCMonth() + 1)}${pad(moved.getUTCDate())}`;
}

export function weekdayOf(date: string): number {
  return new Date(dateMs(date)).getUTCDay();
}

/** Whether the zone's clock is ahead of its winter time at noon of a date. */
export function inSummerTime(date: string, zone: string): boolean {
  const noonMs = dateMs(date) + DAY_MS / 2;
  const januaryMs = Date.UTC(Number(date.slice(0, 4)), 0, 1, 12);
  return cachedOffsetMs(noonMs, zone) > cachedOffsetMs(januaryMs, zone);
}

export function hhmm(minuteOfDay: number): string {
  return `${pad(Math.floor(minuteOfDay / 60))}${pad(minuteOfDay % 60)}`;
}

export function clockText(time: ZonedTime): string {
  return `${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}`;
}

/** `20261121 09:30:00 US/Eastern`, the time format of TWS. */
export function twsTime(epochMs: number, zone: string): string {
  const time = zonedTime(epochMs, zone);
  return `${time.date} ${clockText(time)} ${zone}`;
}

/** `20261121 09:30:00 EST`: the connection time of the handshake, with the zone's short name. */
export function connectionTime(epochMs: number, zone: string): string {
  const time = zonedTime(epochMs, zone);
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(epochMs);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
  return `${time.date} ${clockText(time)} ${name}`;
}

/** Reads `YYYYMMDD HH:MM:SS [Zone]` and the UTC form `YYYYMMDD-HH:MM:SS`; undefined when it is neither. */
export function parseTwsTime(text: string, defaultZone: string): number | undefined {
  const match = /^(\d{8})(?:([ -])(\d{2}):(\d{2}):(\d{2})(?: (\S+))?)?$/.exec(text.trim().replace(/ {2,}/, " "));
  if (match === null) return undefined;
  const [, date = "", separator, hour = "0", minute = "0", second = "0", zoneText] = match;
  const zone = separator === "-" ? "UTC" : (zoneText ?? defaultZone);
  try {
    return zonedInstantMs(date, Number(hour) * 60 + Number(minute), zone, Number(second));
  } catch {
    return undefined;
  }
}
