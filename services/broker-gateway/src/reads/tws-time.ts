import { utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";

/** UTC as TWS reads it without a zone of its own: `20261120-14:30:00`. Empty for none. */
export function twsUtc(at: string | null): string {
  if (at === null) return "";
  const [date = "", time = ""] = at.split("T");
  return `${date.replaceAll("-", "")}-${time.slice(0, 8)}`;
}

/** UTC as the news service reads and writes it: `2026-11-20 14:30:00.0`. Empty for none. */
export function newsUtc(at: string | null): string {
  return at === null ? "" : `${at.slice(0, 10)} ${at.slice(11, 19)}.0`;
}

/** Throws a Fault when it is no such time. */
export function fromNewsUtc(text: string): string {
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,3})?$/.exec(text);
  if (match === null) throw unreadable(text);
  return `${match[1]}T${match[2]}.000Z`;
}

/** Seconds since the epoch. Throws a Fault when they are none. */
export function fromEpoch(seconds: number | string): string {
  const value = typeof seconds === "number" ? seconds : /^[0-9]{1,10}$/.test(seconds) ? Number(seconds) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 0) throw unreadable(String(seconds));
  return utcText(value * 1_000);
}

/** Local time of an exchange, `20261120-09:30:00`, as `2026-11-20T09:30:00`. Throws a Fault when it is none. */
export function localOf(text: string): string {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{2}:[0-9]{2}:[0-9]{2})$/.exec(text);
  if (match === null) throw unreadable(text);
  return `${match[1]}-${match[2]}-${match[3]}T${match[4]}`;
}

/** `20261120` as `2026-11-20`. Throws a Fault when it is none. */
export function dateOf(text: string): string {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(text);
  if (match === null) throw unreadable(text);
  return `${match[1]}-${match[2]}-${match[3]}`;
}

function unreadable(text: string): Fault {
  return new Fault("BROKER_REFUSED", `TWS sent a time that is none: ${text.slice(0, 40)}`);
}
