import { type Decimal, decimal, multiply, roundHalfEven, roundUp, toText } from "@countersign/money/decimal";
import type { OptionEnd } from "../book/option.ts";
import type { Exposure } from "../book/worst-case.ts";
import type { Alignment } from "./alignment.ts";
import type { History } from "./history.ts";
import type { Losses } from "./option-past.ts";

/** Signed values in hundredths of the base currency: what is held, and what may be held at the most either way. */
interface Counted {
  readonly held: bigint;
  readonly long: bigint;
  readonly short: bigint;
  readonly returns: readonly number[];
  /** Of an option: hundredths x millionths of profit on each date, by case; the numbers above are not looked at. */
  readonly option?: Readonly<Record<(typeof CASES)[number], readonly bigint[]>>;
}

const CASES = ["held", "long", "short"] as const;
const HUNDRED = decimal("100");
const MILLION = 1_000_000n;

/** Profits on past dates as sums that follow the positions: a fill changes one instrument of a thousand. Exact, so the order of changes does not matter. */
export class Profits {
  readonly #counted = new Map<number, Counted>();
  readonly #sums: Record<(typeof CASES)[number], bigint[]>;

  constructor(dates: readonly string[]) {
    const none = () => dates.map(() => 0n);
    this.#sums = { held: none(), long: none(), short: none() };
  }

  follow(exposures: ReadonlyMap<number, Exposure>, { returns, losses }: Pick<Alignment, "returns" | "losses">): void {
    for (const [conid, counted] of this.#counted) if (!returns.has(conid)) this.#move(conid, counted, undefined);
    for (const [conid, past] of returns) {
      const exposure = exposures.get(conid);
      const to = exposure && { ...centsOf(exposure), returns: past, ...optionOf(exposure, losses.get(conid)) };
      this.#move(conid, this.#counted.get(conid), to);
    }
  }

  /** Undefined: a sum is too large to be told exactly. */
  told(): History["profits"] | undefined {
    const [held = [], long = [], short = []] = CASES.map((one) => this.#sums[one].map(cents));
    const isExact = [held, long, short].every((sums) => sums.every(Number.isSafeInteger));
    return isExact ? { held, long, short } : undefined;
  }

  #add(one: (typeof CASES)[number], counted: Counted | undefined, sign: 1n | -1n): void {
    const sums = this.#sums[one];
    counted?.returns.forEach((ppm, at) => {
      const profit = counted.option === undefined ? counted[one] * BigInt(ppm) : (counted.option[one][at] ?? 0n);
      sums[at] = (sums[at] ?? 0n) + sign * profit;
    });
  }

  #move(conid: number, from: Counted | undefined, to: Counted | undefined): void {
    for (const one of CASES) {
      if (to?.option !== undefined || from?.option !== undefined) {
        this.#add(one, from, -1n);
        this.#add(one, to, 1n);
        continue;
      }
      const by = (to?.[one] ?? 0n) - (from?.[one] ?? 0n);
      if (by === 0n) continue;
      const sums = this.#sums[one];
      for (const [index, ppm] of (to ?? from)?.returns.entries() ?? [])
        sums[index] = (sums[index] ?? 0n) + by * BigInt(ppm);
    }
    if (to === undefined) this.#counted.delete(conid);
    else this.#counted.set(conid, to);
  }
}

const known = new WeakMap<Exposure, Omit<Counted, "returns">>();

function centsOf(exposure: Exposure): Omit<Counted, "returns"> {
  const found = known.get(exposure);
  if (found !== undefined) return found;
  const whole = (value: Decimal) => BigInt(toText(roundHalfEven(multiply(value, HUNDRED), 0)));
  const counted = { held: whole(exposure.heldValue), long: whole(exposure.long), short: whole(exposure.short) };
  known.set(exposure, counted);
  return counted;
}

const told = new WeakMap<Exposure, { readonly losses: Losses; readonly option: NonNullable<Counted["option"]> }>();

function optionOf(exposure: Exposure, losses: Losses | undefined): Pick<Counted, "option"> {
  const { option } = exposure;
  if (option === undefined || losses === undefined) return {};
  const last = told.get(exposure);
  if (last?.losses === losses) return { option: last.option };
  const of = (end: OptionEnd) => lossesOf(end, losses).map((loss) => 0n - loss);
  const found = { held: of(option.held), long: of(option.long), short: of(option.short) };
  told.set(exposure, { losses, option: found });
  return { option: found };
}

/** On each date, in millionths of a hundredth of the base currency. */
export function lossesOf({ isShort, premium, notional }: OptionEnd, losses: Losses): readonly bigint[] {
  const most = wholeUp(premium) * MILLION;
  const of = wholeUp(notional);
  if (isShort) return losses.short.map((ppm) => of * BigInt(ppm));
  return losses.long.map((ppm) => (of * BigInt(ppm) < most ? of * BigInt(ppm) : most));
}

const wholeUp = (value: Decimal) => BigInt(toText(roundUp(multiply(value, HUNDRED), 0)));

/** Hundredths, rounded down: a loss is never told too small. */
function cents(millionths: bigint): number {
  return Number(millionths / MILLION - (millionths % MILLION < 0n ? 1n : 0n));
}
