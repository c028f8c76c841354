import type { Alternative } from "@countersign/contracts/alternatives";
import type { OrderTerms } from "@countersign/contracts/order";
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  roundToStepDown,
  roundToStepUp,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { instrumentsOf } from "../facts/parts.ts";
import { farTouch, nearTouch, triggerReference } from "../facts/prices.ts";
import { tickOf } from "../facts/ticks.ts";
import type { Probe } from "./probe.ts";

/** How far from the market prices are tried, in per cent of it, when the market itself does not pass. */
const AROUND = ["0.995", "1.005", "0.98", "1.02", "0.95", "1.05", "0.9", "1.1", "0.75", "1.25"];
const HALVINGS_MAX = 200;

/** The limit price next to the asked one that passes; one tick nearer to the asked one is judged too, and is denied. */
export function nearestLimitPrice(terms: OrderTerms, facts: Facts, probe: Probe): Alternative {
  const asked = "limitPrice" in terms && typeof terms.limitPrice === "string" ? decimal(terms.limitPrice) : undefined;
  if (asked === undefined) return { none: "the order has no limit price" };
  const found = instrumentsOf(terms, facts);
  if ("reason" in found) return { none: `the tick is not known: ${found.reason}`.slice(0, 300) };
  const tickAt = (price: Decimal) => tickOf(found.instruments, { text: toText(price), isDistance: false });
  if (tickAt(asked) === undefined) return { none: "the tick is not known" };
  const withPrice = (price: Decimal) => ({ ...terms, limitPrice: toText(price) }) as OrderTerms;
  const passes = (price: Decimal) => probe.passes(withPrice(price));
  const mayBe = (price: Decimal) => terms.legs !== undefined || compare(price, ZERO) > 0;
  const candidates = candidatesOf(terms, facts, asked).flatMap((price) => snapped(price, tickAt(price)).filter(mayBe));
  const nearestFirst = candidates
    .filter((price) => compare(price, asked) !== 0)
    .sort((a, b) => compare(distance(a, asked), distance(b, asked)));
  const sides = [-1, 1].flatMap((side) => {
    const start = nearestFirst.find((price) => compare(price, asked) === side && passes(price));
    return start === undefined ? [] : [closer(start, asked, { passes, tickAt })];
  });
  const [first, second] = sides;
  if (first === undefined) return { none: reason(terms, nearestFirst[0], { probe, withPrice }) };
  const best = second === undefined || compare(distance(first, asked), distance(second, asked)) <= 0 ? first : second;
  return { value: toText(best), subjectToWhatIf: probe.subjectToWhatIf };
}

interface Grid {
  readonly passes: (price: Decimal) => boolean;
  readonly tickAt: (price: Decimal) => Decimal | undefined;
}

/** From a price that passes towards the asked one, which does not, as far as prices pass. */
function closer(start: Decimal, asked: Decimal, { passes, tickAt }: Grid): Decimal {
  let [passing, denied] = [start, asked];
  for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
    const middle = divideRoundingHalfEven(add(passing, denied), decimal("2"), 12);
    const tick = tickAt(middle);
    if (tick === undefined) return passing;
    const towardsDenied = compare(denied, passing) > 0 ? roundToStepUp : roundToStepDown;
    const towardsPassing = compare(denied, passing) > 0 ? roundToStepDown : roundToStepUp;
    const inside = [towardsPassing(middle, tick), towardsDenied(middle, tick)].find(
      (price) => compare(price, passing) !== 0 && isBetween(price, passing, denied),
    );
    if (inside === undefined) return passing;
    if (passes(inside)) passing = inside;
    else denied = inside;
  }
  return passing;
}

function isBetween(price: Decimal, one: Decimal, other: Decimal): boolean {
  return compare(price, one) * compare(price, other) < 0;
}

/** Where a limit is most likely to pass: next to the asked price, at the quote, and around it. */
function candidatesOf(terms: OrderTerms, facts: Facts, asked: Decimal): Decimal[] {
  const market = [farTouch(terms, facts), nearTouch(terms, facts), triggerReference(terms, facts)];
  const known = market.flatMap((price) => (price === undefined ? [] : [price]));
  const [far, near] = market;
  const middle =
    far === undefined || near === undefined ? [] : [divideRoundingHalfEven(add(far, near), decimal("2"), 12)];
  const around = middle.flatMap((price) => AROUND.map((share) => scaled(price, share)));
  return [asked, ...known, ...middle, ...around];
}

function scaled(price: Decimal, share: string): Decimal {
  return divideRoundingHalfEven(price, divideRoundingHalfEven(decimal("1"), decimal(share), 12), 8);
}

function snapped(price: Decimal, tick: Decimal | undefined): Decimal[] {
  return tick === undefined ? [] : [roundToStepDown(price, tick), roundToStepUp(price, tick)];
}

const distance = (a: Decimal, b: Decimal) => absolute(subtract(a, b));

function reason(
  terms: OrderTerms,
  nearest: Decimal | undefined,
  { probe, withPrice }: { probe: Probe; withPrice: (price: Decimal) => OrderTerms },
): string {
  const denying = probe.denying(nearest === undefined ? terms : withPrice(nearest));
  if (denying.length === 0)
    return "only rules deny it that read the broker's what-if, which is not known for another price";
  return `no limit price that was tried passes; denied by ${denying.join(", ")}`.slice(0, 300);
}
