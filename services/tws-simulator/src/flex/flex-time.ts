import { clockText, zonedTime } from "../market/zoned-time.ts";

/** Statements are written by the clock of New York. */
export const FLEX_ZONE = "US/Eastern";
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"],
  "December",
];

export function flexDate(epochMs: number): string {
  return zonedTime(epochMs, FLEX_ZONE).date;
}

/** `20270104;100002` */
export function flexDateTime(epochMs: number): string {
  const time = zonedTime(epochMs, FLEX_ZONE);
  return `${time.date};${clockText(time).replaceAll(":", "")}`;
}

/** `04 January, 2027 10:00 AM EST`, the stamp of an answer. */
export function flexTimestamp(epochMs: number): string {
  const { date, hour, minute } = zonedTime(epochMs, FLEX_ZONE);
  const zone = new Intl.DateTimeFormat("en-US", { timeZone: FLEX_ZONE, timeZoneName: "short" })
    .formatToParts(epochMs)
    .find((part) => part.type === "timeZoneName")?.value;
  const clock = `${String(hour % 12 || 12).padStart(2, "0")}:${String(minute).padStart(2, "0")} ${hour < 12 ? "AM" : "PM"}`;
  return `${date.slice(6)} ${MONTHS[Number(date.slice(4, 6)) - 1]}, ${date.slice(0, 4)} ${clock} ${zone}`;
}
