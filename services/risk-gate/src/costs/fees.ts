import type { EstimatedFee } from "@countersign/contracts/costs";
import type { Side } from "@countersign/contracts/order";
import { compare, type Decimal, decimal, min, multiply, roundUp, toText, ZERO } from "@countersign/money/decimal";
import type { Found, Trade } from "./commission.ts";
import type { DatedRate, Fee, FeeTable, Schedule } from "./fee-table.ts";
import type { Liquidity } from "./liquidity.ts";
import { rateAt } from "./schedule.ts";

const ONE = decimal("1");

export interface Charged {
  readonly trade: Trade;
  readonly side: Side;
  readonly liquidity: Liquidity;
  /** The broker's own commission of this trade. */
  readonly commission: Found<Decimal>;
  readonly at: string;
}

/** What exchanges, clearing and regulators take of one trade, each with its amount or the reason why there is none. */
export function feesOf({ fees }: FeeTable, schedule: Schedule, charged: Charged): EstimatedFee[] {
  return schedule.fees.flatMap((name) => {
    const fee = fees[name];
    if (fee === undefined) throw new TypeError(`no fee is called ${name}`);
    const found = feeOf(fee, charged);
    if (found === undefined) return [];
    const { currency } = charged.trade.instrument;
    const amount = "missing" in found ? found : { amount: toText(roundUp(found.value, 4)), currency };
    return [{ name, text: fee.text, amount }];
  });
}

/** Undefined: it is not due at all. */
function feeOf(fee: Fee, { trade, side, liquidity, commission, at }: Charged): Found<Decimal> | undefined {
  if ("unknown" in fee) return { missing: fee.unknown };
  if (fee.side === "sell" && side === "BUY") return undefined;
  const dated = rateAt(fee.rates, at);
  if (dated === undefined) return { missing: `the table begins after ${at.slice(0, 10)}` };
  if ("unknown" in dated) return { missing: dated.unknown };
  if (fee.per === "commission" && "missing" in commission) return commission;
  const base = { unit: trade.quantity, value: trade.value, commission: amountDue(commission) }[fee.per];
  if ("remove" in dated) return { value: byLiquidity(dated, trade, liquidity) };
  return { value: bounded(multiply(decimal(dated.rate), base), dated, trade) };
}

function bounded(due: Decimal, { max, maxShareOfValue }: Extract<DatedRate, { rate: string }>, trade: Trade): Decimal {
  const bounds = [
    ...(max === undefined ? [] : [decimal(max)]),
    ...(maxShareOfValue === undefined ? [] : [multiply(trade.value, decimal(maxShareOfValue))]),
  ];
  return bounds.reduce(min, due);
}

function byLiquidity(dated: Extract<DatedRate, { remove: string }>, trade: Trade, liquidity: Liquidity): Decimal {
  if (compare(trade.price, ONE) >= 0) return multiply(decimal(dated[liquidity]), trade.quantity);
  return liquidity === "add" ? ZERO : multiply(decimal(dated.belowOne), trade.value);
}

function amountDue(found: Found<Decimal>): Decimal {
  return "missing" in found ? ZERO : found.value;
}
