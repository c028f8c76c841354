import type { Past } from "./closes.ts";
import type { Losses } from "./option-past.ts";

/** Several pasts on the dates that they have in common. */
export interface Alignment {
  readonly dates: readonly string[];
  readonly returns: ReadonlyMap<number, readonly number[]>;
  /** Of options. */
  readonly losses: ReadonlyMap<number, Losses>;
}

const byDate = new WeakMap<Past, ReadonlyMap<string, number>>();

function datesOf(past: Past): ReadonlyMap<string, number> {
  const known = byDate.get(past);
  if (known !== undefined) return known;
  const dates = new Map(past.returns.map(({ date, ppm }) => [date, ppm]));
  byDate.set(past, dates);
  return dates;
}

/** The sessions that all of them have, and what each lost on them. */
export function align(pasts: ReadonlyMap<number, Past>): Alignment {
  const [first, ...others] = [...pasts.values()].map(datesOf);
  const dates = [...(first?.keys() ?? [])].filter((date) => others.every((one) => one.has(date)));
  const losses = [...pasts].flatMap(([conid, past]) => {
    const found = lossesOn(past, dates);
    return found === undefined ? [] : [[conid, found] as const];
  });
  return {
    dates,
    returns: new Map([...pasts].map(([conid, past]) => [conid, on(past, dates) ?? []])),
    losses: new Map(losses),
  };
}

/** What an option may have lost on these dates, all of which it has. */
export function lossesOn({ losses, returns }: Past, dates: readonly string[]): Losses | undefined {
  if (losses === undefined) return undefined;
  const places = new Map(returns.map(({ date }, at) => [date, at]));
  const of = (values: readonly number[]) => dates.map((date) => values[places.get(date) ?? -1] ?? 0);
  return { long: of(losses.long), short: of(losses.short) };
}

/** The returns on exactly these dates; undefined when one of them has none. */
export function on(past: Past, dates: readonly string[]): readonly number[] | undefined {
  const known = datesOf(past);
  const returns: number[] = [];
  for (const date of dates) {
    const ppm = known.get(date);
    if (ppm === undefined) return undefined;
    returns.push(ppm);
  }
  return returns;
}
