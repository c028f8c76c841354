/**
 * Whole numbers only, so that the same closes give the same bytes on any machine: returns in millionths, sums that are
 * exact, and square roots rounded down.
 */
const MILLION = 1_000_000;
/** A larger move of one day is a split that was not adjusted, or a wrong price; sums of this many stay exact. */
const RETURN_MAX = 3 * MILLION;

export interface DatedReturn {
  readonly date: string;
  /** Of the close before, in millionths, rounded towards zero. */
  readonly ppm: number;
}

/** Simple returns from one close to the next; text: why there are none. `closes` are oldest first. */
export function returnsOf(
  closes: readonly (readonly [date: string, close: string])[],
): readonly DatedReturn[] | string {
  const found: DatedReturn[] = [];
  for (const [index, [date, close]] of closes.entries()) {
    const before = closes[index - 1];
    if (before === undefined) continue;
    if (before[0] >= date) return `the closes of ${before[0]} and ${date} are not in order`;
    const [from, to] = scaled(before[1], close);
    if (from <= 0n) return `the close of ${before[0]} is ${before[1]}`;
    const ppm = Number(((to - from) * BigInt(MILLION)) / from);
    if (Math.abs(ppm) > RETURN_MAX) return `from ${before[0]} to ${date} it moved by ${Math.round(ppm / 10_000)} %`;
    found.push({ date, ppm });
  }
  return found;
}

/** Two decimals as whole numbers of one scale. */
function scaled(a: string, b: string): [bigint, bigint] {
  const decimals = Math.max(...[a, b].map((text) => text.split(".")[1]?.length ?? 0));
  const whole = (text: string) => {
    const [integer = "0", fraction = ""] = text.split(".");
    return BigInt(integer + fraction.padEnd(decimals, "0"));
  };
  return [whole(a), whole(b)];
}

interface Sums {
  readonly n: bigint;
  readonly sum: bigint;
  readonly squares: bigint;
}

function sumsOf(values: readonly number[]): Sums {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return { n: BigInt(values.length), sum: BigInt(sum), squares: BigInt(squares) };
}

/** Of the sample, times n x (n - 1), in millionths squared. */
function spread({ n, sum, squares }: Sums): bigint {
  return n * squares - sum * sum;
}

/** Standard deviation of the sample in millionths, rounded up; undefined for fewer than two. */
export function deviationPpm(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const sums = sumsOf(values);
  const variance = (spread(sums) * 10_000n) / (sums.n * (sums.n - 1n));
  // Two more digits than are kept, so that rounding up is right.
  return Math.ceil(Number(root(variance)) / 100);
}

/** Kept with the returns, which never change: computed once for each number of sessions. */
const deviations = new WeakMap<readonly number[], Map<number, number | undefined>>();

/** The same of the newest sessions; undefined too where there are fewer, or a return is no whole number. */
export function newestDeviationPpm(returns: readonly number[], sessions: number): number | undefined {
  const known = deviations.get(returns) ?? new Map<number, number | undefined>();
  deviations.set(returns, known);
  if (known.has(sessions)) return known.get(sessions);
  const newest = returns.slice(-sessions);
  const isKnown = newest.length >= sessions && newest.every(Number.isSafeInteger);
  const found = isKnown ? deviationPpm(newest) : undefined;
  known.set(sessions, found);
  return found;
}

/** Pearson's, in millionths; undefined where one of the two does not move, or for fewer than two. */
export function correlationPpm(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length < 2 || a.length !== b.length) return undefined;
  let products = 0;
  for (const [index, value] of a.entries()) products += value * (b[index] ?? 0);
  const [first, second] = [sumsOf(a), sumsOf(b)];
  const both = root(spread(first) * spread(second));
  if (both === 0n) return undefined;
  return Number(((first.n * BigInt(products) - first.sum * second.sum) * BigInt(MILLION)) / both);
}

/** The largest whole number whose square is not above. */
export function root(value: bigint): bigint {
  if (value < 2n) return value < 0n ? 0n : value;
  let guess = BigInt(Math.floor(Math.sqrt(Number(value))));
  for (;;) {
    const next = (guess + value / guess) / 2n;
    if (next === guess || next === guess + 1n) break;
    guess = next;
  }
  while (guess * guess > value) guess -= 1n;
  while ((guess + 1n) * (guess + 1n) <= value) guess += 1n;
  return guess;
}

/**
 * The loss that at most this share of the sessions exceeds, from one vector of profits: sorted from the worst, the one at
 * the place floor(n x (100 - confidence) / 100). Zero or less: no loss.
 */
export function valueAtRisk(profits: readonly number[] | Float64Array, confidencePercent: string): number | undefined {
  if (profits.length === 0) return undefined;
  const place = placeOf(profits.length, confidencePercent);
  const profit = place <= FEW ? oneOfTheLeast(profits, place) : new Float64Array(profits).sort()[place];
  return profit === undefined ? undefined : 0 - profit;
}

/** So near to the worst one a walk over all is quicker than to sort them: of 250 sessions at 99 % it is the third. */
const FEW = 12;

/** The value that would stand at this place if they were sorted; undefined: there are fewer. */
function oneOfTheLeast(values: readonly number[] | Float64Array, place: number): number | undefined {
  const least: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    let at = Math.min(least.length, place);
    if (at === place && value >= (least[place] ?? Number.POSITIVE_INFINITY)) continue;
    for (let worse = least[at - 1]; worse !== undefined && worse > value; worse = least[at - 1]) {
      least[at] = worse;
      at -= 1;
    }
    least[at] = value;
  }
  return least[place];
}

let lastPlace: { readonly sessions: number; readonly confidencePercent: string; readonly place: number } | undefined;

/** Counted from the worst. The same three times for every decision, and mostly for the next one too. */
function placeOf(sessions: number, confidencePercent: string): number {
  if (lastPlace?.sessions === sessions && lastPlace.confidencePercent === confidencePercent) return lastPlace.place;
  const [integer = "0", fraction = ""] = confidencePercent.split(".");
  const scale = 10n ** BigInt(fraction.length);
  const rest = 100n * scale - BigInt(integer + fraction);
  const place = Number((BigInt(sessions) * rest) / (100n * scale));
  lastPlace = { sessions, confidencePercent, place };
  return place;
}

/** A value moved by a return, rounded down; exact also where the product is beyond whole numbers of 53 bits. */
export function moved(value: number, ppm: number): number {
  const product = value * ppm;
  if (Number.isSafeInteger(product)) return Math.floor(product / MILLION);
  const exact = BigInt(value) * BigInt(ppm);
  return Number(exact / BigInt(MILLION) - (exact % BigInt(MILLION) < 0n ? 1n : 0n));
}
