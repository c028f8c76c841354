import type { OrderTerms } from "@countersign/contracts/order";
import { quoteWith } from "@countersign/testing/quote";
import type { Holding, WorkingOrder } from "../../../services/risk-gate/src/facts/book/book.ts";
import { type Facts, known } from "../../../services/risk-gate/src/facts/fact.ts";
import { assetClassExposure } from "../../../services/risk-gate/src/rules/asset-class-exposure.ts";
import { concentration } from "../../../services/risk-gate/src/rules/concentration.ts";
import { grossExposure } from "../../../services/risk-gate/src/rules/gross-exposure.ts";
import { maxPosition } from "../../../services/risk-gate/src/rules/max-position.ts";
import { maxPositions } from "../../../services/risk-gate/src/rules/max-positions.ts";
import { netExposure } from "../../../services/risk-gate/src/rules/net-exposure.ts";
import { type Rule, resultOf } from "../../../services/risk-gate/src/rules/rule.ts";
import { sectorExposure } from "../../../services/risk-gate/src/rules/sector-exposure.ts";
import { AT, FACTS, POLICY, TERMS, withFact } from "../../../services/risk-gate/src/test-facts.ts";
import { ALLOWED, INSTRUMENTS, type NaiveAccount, type NaiveOrder, WORTH_CENTS } from "./naive-account.ts";

/** The real rules, asked about an order in the naive account. */
const percent = (cents: number) => String((cents * 100) / WORTH_CENTS);
const usd = (cents: number) => ({ amount: String(cents / 100), currency: "USD" });

const LIMITS: readonly (readonly [Rule, object])[] = [
  [maxPosition, { units: String(ALLOWED.units), value: usd(ALLOWED.value) }],
  [concentration, { percentMax: percent(ALLOWED.value) }],
  [sectorExposure, { industryPercentMax: percent(ALLOWED.industry), categoryPercentMax: "100" }],
  [assetClassExposure, { percentMax: { STK: "100", OPT: percent(ALLOWED.optionClass) } }],
  [grossExposure, { percentMax: percent(ALLOWED.gross) }],
  [netExposure, { longPercentMax: percent(ALLOWED.long), shortPercentMax: percent(ALLOWED.short) }],
  [maxPositions, { max: ALLOWED.instruments }],
];

const SUMMARY = withFact("summary", { netLiquidation: usd(WORTH_CENTS) }).summary;
/** Of each instrument the facts that do not change. */
const MARKETS = INSTRUMENTS.map(({ conid, name, assetClass, industry, multiplier, price, rateCents }) => {
  const changed = {
    conid,
    symbol: name,
    secType: assetClass,
    industry,
    category: name,
    multiplier: String(multiplier),
  };
  const touch = { bid: String(price), ask: String(price), last: String(price), close: String(price) };
  const quote = quoteWith({
    ...touch,
    conid,
    currency: "USD",
    asOf: AT,
    ageMs: 0,
    bidSize: "1",
    askSize: "1",
    volume: "1",
  });
  return {
    instrument: withFact("instrument", changed).instrument,
    quote: known(quote, "tws", AT),
    rate: known(String(rateCents / 100), "tws", AT),
  };
});

export interface Asked {
  readonly at: number;
  readonly side: "BUY" | "SELL";
  readonly quantity: number;
  /** What the limit is above (or below) the market, per mille. */
  readonly limitPerMille: number;
  /** The order that it changes. */
  readonly replaces?: NaiveOrder;
}

/** True when every rule lets it through. */
export function isAllowed(account: NaiveAccount, asked: Asked): boolean {
  const instrument = INSTRUMENTS[asked.at];
  const market = MARKETS[asked.at];
  if (instrument === undefined || market === undefined) throw new Error("no such instrument");
  const limitPrice = String((instrument.price * (1_000 + asked.limitPerMille)) / 1_000);
  const { side, quantity, replaces } = asked;
  const terms = { ...TERMS, conid: instrument.conid, side, quantity: String(quantity), limitPrice } as OrderTerms;
  const facts: Facts = {
    ...FACTS,
    ...market,
    ...booked(account),
    summary: SUMMARY,
    ...(replaces && { replaces: { proposalId: replaces.id, ...quantitiesOf(replaces) } }),
  };
  return LIMITS.every(([rule, limits]) => resultOf(rule, { terms, facts, policy: POLICY, limits }).outcome === "pass");
}

const quantitiesOf = ({ left, filled }: NaiveOrder) => ({
  quantity: String(left + filled),
  filledQuantity: String(filled),
});

function booked({ positions, orders }: NaiveAccount): Pick<Facts, "book" | "working"> {
  const holdings = INSTRUMENTS.flatMap(({ conid, name, assetClass, industry, multiplier }, at): Holding[] => {
    const quantity = positions[at] ?? 0;
    if (quantity === 0 && !orders.some((order) => order.at === at)) return [];
    const what = {
      symbol: name,
      secType: assetClass,
      currency: "USD",
      multiplier: String(multiplier),
      industry,
      category: name,
    };
    return [{ conid, ...what, quantity: String(quantity), unitValue: quantity === 0 ? null : unitValue(at) }];
  });
  const working = orders.map(({ id, at, side, left, above }): WorkingOrder => {
    return {
      order: id,
      conid: INSTRUMENTS[at]?.conid ?? 0,
      side,
      remaining: String(left),
      unitValue: unitValue(at, above),
    };
  });
  return { book: known({ baseCurrency: "USD", holdings }, "test", AT), working: known(working, "test", AT) };
}

function unitValue(at: number, above = 0): string {
  const { multiplier = 0, price = 0, rateCents = 0 } = INSTRUMENTS[at] ?? {};
  return String((multiplier * price * rateCents * (1_000 + above)) / 100_000);
}
