import type { Past } from "./closes.ts";

/** Several pasts on the dates that they have in common. */
export interface Alignment {
  readonly dates: readonly string[];
  readonly returns: ReadonlyMap<number, readonly number[]>;
}

const byDate = new WeakMap<Past, ReadonlyMap<string, number>>();

function datesOf(past: Past): ReadonlyMap<string, number> {
  const known = byDate.get(past);
  if (known !== undefined) return known;
  const dates = new Map(past.returns.map(({ date, ppm }) => [date, ppm]));
  byDate.set(past, dates);
  return dates;
}

export function align(pasts: ReadonlyMap<number, Past>): Alignment {
  const [first, ...others] = [...pasts.values()].map(datesOf);
  const dates = [...(first?.keys() ?? [])].filter((date) => others.every((one) => one.has(date)));
  return { dates, returns: new Map([...pasts].map(([conid, past]) => [conid, on(past, dates) ?? []])) };
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
