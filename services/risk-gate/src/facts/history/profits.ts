import { type Decimal, decimal, multiply, roundHalfEven, toText } from "@countersign/money/decimal";
import type { Exposure } from "../book/worst-case.ts";
import type { History } from "./history.ts";

/** Signed values in hundredths of the base currency: what is held, and what may be held at the most either way. */
interface Counted {
  readonly held: bigint;
  readonly long: bigint;
  readonly short: bigint;
  readonly returns: readonly number[];
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

  follow(exposures: ReadonlyMap<number, Exposure>, returns: ReadonlyMap<number, readonly number[]>): void {
    for (const [conid, counted] of this.#counted) if (!returns.has(conid)) this.#move(conid, counted, undefined);
    for (const [conid, past] of returns) {
      const exposure = exposures.get(conid);
      const to = exposure && { ...centsOf(exposure), returns: past };
      this.#move(conid, this.#counted.get(conid), to);
    }
  }

  /** Undefined: a sum is too large to be told exactly. */
  told(): History["profits"] | undefined {
    const [held = [], long = [], short = []] = CASES.map((one) => this.#sums[one].map(cents));
    const isExact = [held, long, short].every((sums) => sums.every(Number.isSafeInteger));
    return isExact ? { held, long, short } : undefined;
  }

  #move(conid: number, from: Counted | undefined, to: Counted | undefined): void {
    for (const one of CASES) {
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

/** Hundredths, rounded down: a loss is never told too small. */
function cents(millionths: bigint): number {
  return Number(millionths / MILLION - (millionths % MILLION < 0n ? 1n : 0n));
}
