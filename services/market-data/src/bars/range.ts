import { parseUtcText } from "@countersign/clock/clock";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { BarsRequest } from "@countersign/contracts/messages/md-bars.v1";
import { isOneRequest, isShort, isTooShort, parseDuration, SHORT_REACH_MS, SIZE_RULES, spanMs } from "./bar-sizes.ts";
import { isOffered, isWholeOnly, offered } from "./kinds.ts";

const YEAR_MS = 365.25 * 86_400_000;
/** Clocks differ a little; what lies further ahead was meant to be the future. */
const AHEAD_MS_MAX = 60_000;

/**
 * What is asked for. direct: one request with a duration, whose start TWS knows. paged: from one instant to another.
 * `untilMs` null: now.
 */
export type Wanted =
  | { readonly kind: "direct"; readonly duration: string; readonly untilMs: number | null }
  | { readonly kind: "paged"; readonly fromMs: number; readonly untilMs: number | null };

type Refused = { readonly outcome: "denied"; readonly denial: Denial };
type Asked = Pick<BarsRequest, "barSize" | "whatToShow" | "from" | "duration" | "until">;

/** Everything that can be refused before anything is sent. */
export function wantedOf(
  request: Asked,
  secType: string,
  limits: { nowMs: number; yearsMax: number },
): Wanted | Refused {
  const { whatToShow, from, duration, until } = request;
  if ((from === null) === (duration === null)) return invalid("exactly one of from and duration must be given");
  const [fromMs, untilMs] = [instant(from), instant(until)];
  if (fromMs === undefined || untilMs === undefined) return invalid("from or until is no such time");
  const refused = kindRefused(secType, whatToShow, until);
  if (refused !== undefined) return refused;
  const endMs = untilMs ?? limits.nowMs;
  if (endMs > limits.nowMs + AHEAD_MS_MAX) return invalid("until lies in the future");
  if (duration !== null) return byDuration(request, duration, untilMs, limits);
  const startMs = fromMs ?? endMs;
  if (startMs >= endMs) return invalid("from must be before until");
  if (isWholeOnly(whatToShow)) return wholeFrom(request, limits.nowMs - startMs);
  return reaches(request, startMs, endMs, limits) ?? { kind: "paged", fromMs: startMs, untilMs };
}

function byDuration(
  { barSize, whatToShow }: Asked,
  text: string,
  untilMs: number | null,
  limits: { nowMs: number; yearsMax: number },
): Wanted | Refused {
  const duration = parseDuration(text);
  if (isTooShort(barSize, duration)) return invalid(`${text} is shorter than TWS allows for bars of ${barSize}`);
  const endMs = untilMs ?? limits.nowMs;
  const refused = reaches({ barSize }, endMs - spanMs(duration), endMs, limits);
  if (refused !== undefined) return refused;
  if (isOneRequest(barSize, duration)) return { kind: "direct", duration: text, untilMs };
  if (isWholeOnly(whatToShow)) return tooLong(`TWS gives ${whatToShow} in one piece, and ${text} is too long for it`);
  return { kind: "paged", fromMs: endMs - spanMs(duration), untilMs };
}

function kindRefused(secType: string, whatToShow: Asked["whatToShow"], until: string | null): Refused | undefined {
  if (!isOffered(secType, whatToShow)) {
    const detail = { secType, whatToShow, offered: [...offered(secType)] };
    return denied("DATA_KIND_NOT_OFFERED", `there is no ${whatToShow} of ${secType}`, detail);
  }
  if (!isWholeOnly(whatToShow) || until === null) return undefined;
  return denied("DATA_KIND_NOT_OFFERED", `TWS gives ${whatToShow} only up to now: leave until out`);
}

/** A whole series from an instant up to now, as the shortest duration that reaches back there. */
function wholeFrom({ barSize, whatToShow }: Asked, backMs: number): Wanted | Refused {
  const fitting = Object.entries(SIZE_RULES[barSize].durations).flatMap(([unit, most]) =>
    Array.from({ length: Math.min(most, 400) }, (_, index) => `${index + 1} ${unit}`),
  );
  const reaching = fitting.filter((text) => isOneRequest(barSize, parseDuration(text)) && surelyMs(text) >= backMs);
  const [shortest] = reaching.sort((a, b) => surelyMs(a) - surelyMs(b));
  if (shortest === undefined) return tooLong(`TWS gives ${whatToShow} in one piece, and this range is too long for it`);
  return { kind: "direct", duration: shortest, untilMs: null };
}

/** What a duration surely reaches over: the shortest month and year, and of days of trading no more than their number. */
function surelyMs(text: string): number {
  const { count, unit } = parseDuration(text);
  return count * { S: 1_000, D: 86_400_000, W: 6 * 86_400_000, M: 28 * 86_400_000, Y: 360 * 86_400_000 }[unit];
}

function reaches(
  { barSize }: Pick<Asked, "barSize">,
  fromMs: number,
  endMs: number,
  { nowMs, yearsMax }: { nowMs: number; yearsMax: number },
): Refused | undefined {
  if (endMs - fromMs > yearsMax * YEAR_MS || nowMs - fromMs > yearsMax * YEAR_MS) {
    return tooLong(`a range may reach back ${yearsMax} years`, { yearsMax });
  }
  if (!isShort(barSize) || nowMs - fromMs <= SHORT_REACH_MS) return undefined;
  return tooLong("bars of 30 seconds and less reach back six months", { barSize });
}

/** Null stays null; undefined: the text is no instant. */
function instant(text: string | null): number | null | undefined {
  if (text === null) return null;
  try {
    return parseUtcText(text);
  } catch {
    return undefined;
  }
}

function invalid(message: string): Refused {
  return denied("INVALID_ARGUMENT", message);
}

function tooLong(message: string, detail?: Denial["detail"]): Refused {
  return denied("RANGE_TOO_LONG", message, detail);
}
