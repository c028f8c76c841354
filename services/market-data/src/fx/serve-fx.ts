import { denied, ok } from "@countersign/contracts/denial";
import { DecimalText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import { decimal, multiply, roundHalfEven, toText } from "@countersign/money/decimal";
import type { Served } from "../pacing/asking.ts";
import { INTERBANK_MIN, minorDecimals, PAIRS, PAIRS_CHECKED_ON, pipOf } from "./pairs.ts";
import type { Rates } from "./rates.ts";

export const FX_SERVED = [RPCS.rate, RPCS.orderRate, RPCS.convert, RPCS.currencyPairs] as const;

export function serveFx(bus: Served, rates: Rates): void {
  for (const row of [RPCS.rate, RPCS.orderRate]) bus.serve(row, (question) => rates.get(question));
  bus.serve(RPCS.convert, async ({ amount, to, side, maxAgeMs }) => {
    const found = await rates.get({ from: amount.currency, to, side, maxAgeMs });
    if (found.outcome === "denied") return found;
    const exact = multiply(decimal(amount.amount), decimal(found.value.rate));
    const text = DecimalText.safeParse(toText(roundHalfEven(exact, minorDecimals(to))));
    if (!text.success) return denied("INVALID_ARGUMENT", `amount: in ${to} it has more digits than an amount may have`);
    return ok({ amount, converted: { amount: text.data, currency: to }, rate: found.value });
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
