import type { KnownValue, MarketValue } from "@countersign/contracts/market-value";
import type { OptionFigures, TickValue } from "@countersign/contracts/messages/live-reads.v1";
import type { OptionValues } from "@countersign/contracts/messages/md-instruments.v1";
import { DecimalText } from "@countersign/contracts/primitives";
import { compare, decimal, isNegative, isZero, ZERO } from "@countersign/money/decimal";

/** Generic ticks that are asked for with an option: volumes, open interest, historical and implied volatility. */
export const OPTION_TICKS = [100, 101, 104, 106];
/** TWS says with these that the user has no subscription. */
const NOT_SUBSCRIBED = new Set([354, 10089, 10090, 10168, 10186]);

interface Ticks {
  readonly currency: string;
  readonly source: string;
  readonly values: readonly TickValue[];
  readonly options: readonly OptionFigures[];
  readonly notices: readonly { readonly code: number }[];
}

/** What the line of an option says, each value with its label; what it does not say is absent with the reason. */
export function optionValues(ticks: Ticks, right: "C" | "P"): OptionValues {
  const notSubscribed = ticks.notices.some(({ code }) => NOT_SUBSCRIBED.has(code));
  const absent: MarketValue = { state: "absent", reason: notSubscribed ? "notSubscribed" : "notSent" };
  const known = (label: TickValue | OptionFigures | undefined, value: string | null | undefined, unit: string) =>
    label === undefined || value === null || value === undefined ? absent : labelled(label, value, unit, ticks.source);
  const tick = (field: string, unit: string) => {
    const found = ticks.values.find((one) => one.field === field);
    return known(found, found?.value, unit);
  };
  const model = ticks.options.find(({ field }) => field === "modelOption");
  const { currency } = ticks;
  return {
    bid: tick("bid", currency),
    ask: tick("ask", currency),
    last: tick("last", currency),
    volume: tick("volume", "contracts"),
    openInterest: tick(right === "C" ? "callOpenInterest" : "putOpenInterest", "contracts"),
    impliedVolatility: known(model, model?.impliedVolatility, "ratio"),
    delta: known(model, model?.delta, "ratio"),
    gamma: known(model, model?.gamma, "ratio"),
    vega: known(model, model?.vega, currency),
    theta: known(model, model?.theta, currency),
    modelPrice: known(model, model?.optionPrice, currency),
    underlyingPrice: known(model, model?.underlyingPrice, currency),
  };
}

function labelled(label: TickValue | OptionFigures, value: string, unit: string, source: string): MarketValue {
  if (!DecimalText.safeParse(value).success) return { state: "absent", reason: "unreadable" };
  const { asOf, ageMs, dataType } = label;
  const exact = decimal(value);
  const flags: KnownValue["flags"] = isZero(exact) ? ["zero"] : isNegative(exact) ? ["negative"] : [];
  return { state: "known", value, unit, source, asOf, ageMs, dataType, flags };
}

/** The price of an underlying that strikes are chosen around: the last, else a side of its market, else the close. */
export function moneyOf(quote: { bid: MarketValue; ask: MarketValue; last: MarketValue; close: MarketValue }) {
  const positive = (value: MarketValue) =>
    value.state === "known" && compare(decimal(value.value), ZERO) > 0 ? value : undefined;
  return positive(quote.last) ?? positive(quote.bid) ?? positive(quote.ask) ?? positive(quote.close);
}
