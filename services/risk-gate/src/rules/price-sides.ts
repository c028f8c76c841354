import type { OrderTerms } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { compare, type Decimal, decimal, toText } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { expectedPrice, firstStop, triggerReference } from "../facts/prices.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

const CODE = "PRICE_ON_WRONG_SIDE";

/** A stop or trigger on the wrong side of the market fires at once, and a market order is then not what was asked for. */
export const priceSides = defineRule({
  name: "priceSides",
  source: "control 1",
  description: "Stops and triggers are on the side of the market where they wait, limits and exits fit to them",
  formula: "buy stop > market, sell stop < market, triggers reversed; limits and exits fit to them",
  inputs: ["quote", "instrument"],
  unit: "price",
  limits: null,
  stricter: null,
  codes: ["PRICE_ON_WRONG_SIDE"],
  limit: () => null,
  judge: ({ terms, facts }) => triggers(terms, facts) ?? limits(terms) ?? exits(terms, facts) ?? pass(null, "in order"),
});

function triggers(terms: OrderTerms, facts: Facts): Finding | undefined {
  const { stopPrice, triggerPrice, trail } = pricesOf(terms);
  if (stopPrice === undefined && triggerPrice === undefined && trail === undefined) return undefined;
  const market = triggerReference(terms, facts);
  const stop = firstStop(terms, facts);
  if (market === undefined) return deny(CODE, stopPrice ?? triggerPrice ?? null, "no market price to compare it with");
  const isBuy = terms.side === "BUY";
  if (stop !== undefined && !isBeyond(stop, market, isBuy)) return wrong("stop", stop, market, isBuy);
  if (triggerPrice === undefined) return undefined;
  const trigger = decimal(triggerPrice);
  return isBeyond(trigger, market, !isBuy) ? undefined : wrong("trigger", trigger, market, !isBuy);
}

function limits(terms: OrderTerms): Finding | undefined {
  if (terms.orderType !== "STP LMT") return undefined;
  const [stop, limit] = [decimal(terms.stopPrice), decimal(terms.limitPrice)];
  const isBuy = terms.side === "BUY";
  const fits = isBuy ? compare(limit, stop) >= 0 : compare(limit, stop) <= 0;
  if (fits) return undefined;
  const where = isBuy ? "below" : "above";
  return deny(
    CODE,
    terms.limitPrice,
    `the limit lies ${where} the stop ${terms.stopPrice}, so it could not fill there`,
  );
}

/** The exits enclose the price at which the entry is taken to fill. */
function exits(terms: OrderTerms, facts: Facts): Finding | undefined {
  if (terms.exits === undefined) return undefined;
  const { takeProfit, stopLoss } = terms.exits;
  const entry = expectedPrice(terms, facts)?.price;
  if (entry === undefined) return deny(CODE, null, "no price for the entry, so its exits cannot be judged");
  const isBuy = terms.side === "BUY";
  const [profit, stop] = [decimal(takeProfit.limitPrice), decimal(stopLoss.stopPrice)];
  if (!isBeyond(profit, entry, isBuy)) return wrong("take profit", profit, entry, isBuy);
  if (!isBeyond(stop, entry, !isBuy)) return wrong("stop loss", stop, entry, !isBuy);
  if (stopLoss.limitPrice === undefined) return undefined;
  const limit = compare(decimal(stopLoss.limitPrice), stop);
  const fits = isBuy ? limit <= 0 : limit >= 0;
  return fits ? undefined : deny(CODE, stopLoss.limitPrice, "the stop loss could not fill at its own limit");
}

function isBeyond(price: Decimal, reference: Decimal, above: boolean): boolean {
  return compare(price, reference) === (above ? 1 : -1);
}

function wrong(what: string, price: Decimal, reference: Decimal, above: boolean): Finding {
  const where = above ? "above" : "below";
  return deny(CODE, toText(price), `the ${what} ${toText(price)} must be ${where} ${toText(reference)}`);
}
