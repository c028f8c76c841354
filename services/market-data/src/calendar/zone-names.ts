import { isZone } from "./zoned-time.ts";

const NEW_YORK = "America/New_York";
const CHICAGO = "America/Chicago";
const CENTRAL_EUROPE = "Europe/Brussels";

/**
 * Names of zones that TWS gives and that are no `Area/City`. Those of Java come with a description in brackets, which
 * decides: `EST` alone is a zone without summer time to the tz database, and New York to TWS.
 */
const NAMES: Readonly<Record<string, string>> = {
  EST: NEW_YORK,
  EST5EDT: NEW_YORK,
  CST6CDT: CHICAGO,
  MST7MDT: "America/Denver",
  PST: "America/Los_Angeles",
  PST8PDT: "America/Los_Angeles",
  CET: CENTRAL_EUROPE,
  MET: CENTRAL_EUROPE,
  EET: "Europe/Helsinki",
  GB: "Europe/London",
  "GB-Eire": "Europe/London",
  Eire: "Europe/Dublin",
  Poland: "Europe/Warsaw",
  Portugal: "Europe/Lisbon",
  Turkey: "Europe/Istanbul",
  Israel: "Asia/Jerusalem",
  Egypt: "Africa/Cairo",
  Japan: "Asia/Tokyo",
  JST: "Asia/Tokyo",
  Hongkong: "Asia/Hong_Kong",
  HKT: "Asia/Hong_Kong",
  PRC: "Asia/Shanghai",
  ROC: "Asia/Taipei",
  ROK: "Asia/Seoul",
  KST: "Asia/Seoul",
  Singapore: "Asia/Singapore",
  SGT: "Asia/Singapore",
  NZ: "Pacific/Auckland",
  GMT: "Etc/UTC",
  UTC: "Etc/UTC",
};

/** What Java calls a zone in words; it tells apart what an abbreviation does not. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  "Eastern Standard Time": NEW_YORK,
  "Eastern Daylight Time": NEW_YORK,
  "Eastern Time": NEW_YORK,
  "Central Standard Time": CHICAGO,
  "Central Daylight Time": CHICAGO,
  "Central Time": CHICAGO,
  "Mountain Standard Time": "America/Denver",
  "Pacific Standard Time": "America/Los_Angeles",
  "Pacific Daylight Time": "America/Los_Angeles",
  "Greenwich Mean Time": "Europe/London",
  "British Summer Time": "Europe/London",
  "Central European Time": CENTRAL_EUROPE,
  "Central European Standard Time": CENTRAL_EUROPE,
  "Central European Summer Time": CENTRAL_EUROPE,
  "Middle Europe Time": CENTRAL_EUROPE,
  "Eastern European Time": "Europe/Helsinki",
  "Moscow Standard Time": "Europe/Moscow",
  "Israel Standard Time": "Asia/Jerusalem",
  "India Standard Time": "Asia/Kolkata",
  "China Standard Time": "Asia/Shanghai",
  "Hong Kong Time": "Asia/Hong_Kong",
  "Singapore Time": "Asia/Singapore",
  "Japan Standard Time": "Asia/Tokyo",
  "Korea Standard Time": "Asia/Seoul",
  "Australian Eastern Standard Time": "Australia/Sydney",
  "Australian Eastern Standard Time (New South Wales)": "Australia/Sydney",
  "New Zealand Standard Time": "Pacific/Auckland",
  "Coordinated Universal Time": "Etc/UTC",
};

/**
 * The IANA zone that a name of TWS means, or undefined when it means none or more than one: `CST` alone is Chicago and
 * Shanghai, `IST` India, Israel and Ireland.
 */
export function ianaZone(name: string): string | undefined {
  const trimmed = name.trim();
  const described = /^[A-Za-z/]{2,10} \((.{4,60})\)$/.exec(trimmed);
  if (described !== null) return own(DESCRIPTIONS, described[1] ?? "");
  const named = own(NAMES, trimmed);
  if (named !== undefined) return named;
  return /^[A-Z][A-Za-z]+\/[A-Za-z0-9_+/-]+$/.test(trimmed) && isZone(trimmed) ? trimmed : undefined;
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
