import {
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  isZero,
  multiply,
  subtract,
} from "@countersign/money/decimal";
import type { Conditions, OrderCondition } from "../codec/order-conditions.ts";
import { dailyBar } from "../market/bars.ts";
import type { Market } from "../market/market.ts";
import type { BrokerState } from "./broker-state.ts";
import type { Execution, Order } from "./model.ts";
import { orderTimeMs } from "./timing.ts";
import { conditionPrices } from "./triggers.ts";
import type { Valuer } from "./valuation.ts";

const HUNDRED = decimal("100");
const PERCENT_DECIMALS = 6;

export interface ConditionWorld {
  readonly market: Market;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly nowMs: number;
}

function passes(isMore: boolean, value: Decimal, limit: string): boolean {
  const compared = compare(value, decimal(limit));
  return isMore ? compared >= 0 : compared <= 0;
}

function percent(part: Decimal, whole: Decimal): Decimal | undefined {
  return isZero(whole) ? undefined : divideRoundingHalfEven(multiply(part, HUNDRED), whole, PERCENT_DECIMALS);
}

/** Excess liquidity as a percentage of net liquidation. */
function cushion(world: ConditionWorld, account: string): Decimal | undefined {
  const { excessLiquidity, netLiquidation } = world.valuer.value(world.state.account(account));
  return percent(excessLiquidity, netLiquidation);
}

function traded(
  world: ConditionWorld,
  order: Order,
  condition: Extract<OrderCondition, { kind: "execution" }>,
): boolean {
  const fits = (execution: Execution) => {
    if (execution.combo !== undefined || execution.timeMs < order.acceptedMs) return false;
    const instrument = world.valuer.instrument(execution.conId);
    const { symbol, secType, exchange } = condition;
    const anywhere = exchange === "" || exchange === "*" || exchange.toUpperCase() === "SMART";
    const there = anywhere || exchange.toUpperCase() === execution.exchange;
    return symbol.toUpperCase() === instrument.symbol && secType.toUpperCase() === instrument.secType && there;
  };
  return world.state.executions().some((each) => each.account === order.terms.account && fits(each));
}

function isTrue(world: ConditionWorld, order: Order, condition: OrderCondition): boolean {
  switch (condition.kind) {
    case "price": {
      const quote = world.market.quote(world.valuer.instrument(condition.conId));
      const prices = conditionPrices(condition.triggerMethod, condition.isMore, quote);
      return prices.some((price) => passes(condition.isMore, price, condition.value));
    }
    case "time": {
      const limitMs = orderTimeMs(condition.value) ?? Number.POSITIVE_INFINITY;
      return condition.isMore ? world.nowMs >= limitMs : world.nowMs <= limitMs;
    }
    case "margin": {
      const value = cushion(world, order.terms.account);
      return value !== undefined && passes(condition.isMore, value, condition.value);
    }
    case "execution":
      return traded(world, order, condition);
    case "volume": {
      const { volume } = dailyBar(world.market, world.valuer.instrument(condition.conId), world.nowMs);
      return passes(condition.isMore, decimal(volume), condition.value);
    }
    case "percentChange": {
      const instrument = world.valuer.instrument(condition.conId);
      const close = decimal(dailyBar(world.market, instrument, world.nowMs).previousClose);
      const change = percent(subtract(world.market.quote(instrument).last, close), close);
      return change !== undefined && passes(condition.isMore, change, condition.value);
    }
  }
}

/** All conditions together, joined from the first to the last as each says. */
export function areMet(world: ConditionWorld, order: Order): boolean {
  const { list } = order.terms.conditions;
  let met = true;
  let conjunction = "a";
  for (const condition of list) {
    const one = isTrue(world, order, condition);
    met = conjunction === "a" ? met && one : met || one;
    conjunction = condition.conjunction;
  }
  return met;
}

/** What is wrong with conditions as a client wrote them; undefined = nothing. */
export function conditionsFault(conditions: Conditions, knows: (conId: number) => boolean): string | undefined {
  for (const condition of conditions.list) {
    if ("conId" in condition && !knows(condition.conId)) return "Invalid contract in a condition";
    if (condition.kind === "time") {
      if (orderTimeMs(condition.value) === undefined) return "Invalid time in a condition";
    } else if ("value" in condition && !/^-?\d{1,15}(\.\d{1,10})?$/.test(condition.value)) {
      return "Invalid value in a condition";
    }
  }
  return undefined;
}
