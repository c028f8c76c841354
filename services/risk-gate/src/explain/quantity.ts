import type { Alternative } from "@countersign/contracts/alternatives";
import type { OrderTerms } from "@countersign/contracts/order";
import {
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  divideRoundingUp,
  max,
  multiply,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { partsOf } from "../facts/parts.ts";
import type { Probe } from "./probe.ts";

/** Points between what passes and what was asked for that are looked at besides: rules need not be monotone. */
const SAMPLES = 8n;

/** The largest quantity below the asked one that passes; its next step is judged too, and is denied. */
export function largestQuantity(terms: OrderTerms, facts: Facts, probe: Probe): Alternative {
  const steps = stepsOf(terms, facts);
  if (typeof steps === "string") return { none: steps };
  const { step, least } = steps;
  const asked = decimal(terms.quantity);
  const whole = lots(divideRoundingDown(asked, step, 0));
  const quantityOf = (count: bigint) => multiply(decimal(String(count)), step);
  const termsOf = (count: bigint): OrderTerms => ({ ...terms, quantity: toText(quantityOf(count)) });
  const passes = (count: bigint) => probe.passes(termsOf(count));
  if (whole < least) return { none: `the smallest order is ${termsOf(least).quantity}, more than was asked for` };
  // Not on the step, it is itself denied for that: then the step below it may be the answer.
  if (compare(quantityOf(whole), asked) !== 0 && passes(whole)) return found(termsOf(whole), probe);
  const start = anyBelow(whole, least, passes);
  if (start === undefined) return { none: reason(termsOf(least), probe, whole > least) };
  let best = between(start.passing, start.denied, passes);
  for (let sample = 1n; sample < SAMPLES; sample += 1n) {
    const above = whole - ((whole - best) * sample) / SAMPLES;
    if (above > best && above < whole && passes(above)) best = between(above, whole, passes);
  }
  return found(termsOf(best), probe);
}

const found = (terms: OrderTerms, { subjectToWhatIf }: Probe): Alternative => ({
  value: terms.quantity,
  subjectToWhatIf,
});

function reason(smallest: OrderTerms, probe: Probe, isSmaller: boolean): string {
  const denying = probe.denying(smallest);
  if (denying.length === 0) return "only rules deny it that read the broker's what-if, which is not known for less";
  const what = isSmaller
    ? `any quantity, also ${smallest.quantity}, is denied by`
    : "the smallest quantity is denied by";
  return `${what} ${denying.join(", ")}`.slice(0, 300);
}

/** Halves until something passes; undefined: not even the least does. */
function anyBelow(whole: bigint, least: bigint, passes: (count: bigint) => boolean) {
  let denied = whole;
  while (denied > least) {
    const half = denied / 2n;
    const next = half < least ? least : half;
    if (passes(next)) return { passing: next, denied };
    denied = next;
  }
  return undefined;
}

/** The last that passes on the way from one that passes to one that is denied; the one behind it is denied. */
function between(passing: bigint, denied: bigint, passes: (count: bigint) => boolean): bigint {
  let [low, high] = [passing, denied];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The step of the order, and how many of it are the least: of a change more than is executed. */
function stepsOf(terms: OrderTerms, facts: Facts): { step: Decimal; least: bigint } | string {
  const smallest = smallestOf(terms, facts);
  if (typeof smallest === "string" || facts.replaces === undefined) return smallest;
  const { step, least } = smallest;
  const above = lots(divideRoundingDown(decimal(facts.replaces.filledQuantity), step, 0)) + 1n;
  return { step, least: above > least ? above : least };
}

/** The same of a new order; of a combination whole units. */
function smallestOf(terms: OrderTerms, facts: Facts): { step: Decimal; least: bigint } | string {
  if (terms.legs !== undefined) return { step: decimal("1"), least: 1n };
  const [part] = partsOf(terms, facts);
  if (part === undefined || part.instrument.state === "missing") return "the size of a step is not known";
  const step = decimal(part.instrument.value.sizeIncrement);
  if (compare(step, ZERO) <= 0) return "the size of a step is not known";
  const least = max(decimal(part.instrument.value.minSize), step);
  return { step, least: lots(divideRoundingUp(least, step, 0)) };
}

const lots = (count: Decimal) => BigInt(toText(count));
