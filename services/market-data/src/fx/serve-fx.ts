import type { Bus } from "@countersign/bus/bus";
import { type Clock, utcText } from "@countersign/clock/clock";
import { ok, type Reply } from "@countersign/contracts/denial";
import type { Rate } from "@countersign/contracts/messages/md-fx.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { decimal, multiply, roundHalfEven, toText } from "@countersign/money/decimal";
import { INTERBANK_MIN, minorDecimals, PAIRS, PAIRS_CHECKED_ON, pipOf } from "./pairs.ts";
import type { RateQuestion, Rates } from "./rates.ts";

export const FX_SERVED = [RPCS.rate, RPCS.orderRate, RPCS.convert, RPCS.currencyPairs] as const;

export function serveFx(bus: Bus, { clock, rates }: { clock: Clock; rates: Rates }): void {
  const rate = async (question: RateQuestion): Promise<Reply<Rate>> =>
    question.from === question.to ? ok(identity(question, clock)) : rates.get(question);
  for (const row of [RPCS.rate, RPCS.orderRate]) bus.serve(row, rate);
  bus.serve(RPCS.convert, async ({ amount, to, side, maxAgeMs }) => {
    const found = await rate({ from: amount.currency, to, side, maxAgeMs });
    if (found.outcome === "denied") return found;
    const exact = multiply(decimal(amount.amount), decimal(found.value.rate));
    const converted = { amount: toText(roundHalfEven(exact, minorDecimals(to))), currency: to };
    return ok({ amount, converted, rate: found.value });
  });
  bus.serve(RPCS.currencyPairs, async ({ currency }) => {
    const fits = PAIRS.filter(({ base, quoted }) => currency === null || base === currency || quoted === currency);
    const pairs = fits.map((pair) => {
      const { pip, lotValue } = pipOf(pair);
      const pipValue = { amount: lotValue, currency: pair.quoted };
      return { pair: pair.name, base: pair.base, quoted: pair.quoted, pip, pipValue, interbankMin: INTERBANK_MIN };
    });
    return ok({ pairs, source: "table" as const, checkedOn: PAIRS_CHECKED_ON });
  });
}

/** A currency is always worth itself. */
function identity({ from, to, side }: RateQuestion, clock: Clock): Rate {
  const asOf = utcText(clock.nowMs());
  return { from, to, side, rate: "1", method: "same", legs: [], dataType: "live", source: "identity", asOf, ageMs: 0 };
}
