import type { EstimatedFee, PricingPlan } from "@countersign/contracts/costs";
import type { OrderTerms } from "@countersign/contracts/order";
import type { CostEstimate } from "@countersign/contracts/verdict";
import { absolute, add, type Decimal, decimal, multiply, roundUp, toText, ZERO } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { touchOf } from "../facts/prices.ts";
import { type Billing, billedBy, commissionOf, type Found, type Trade } from "./commission.ts";
import type { FeeTable } from "./fee-table.ts";
import { feesOf } from "./fees.ts";
import { type Liquidity, liquidityOf } from "./liquidity.ts";

/** What a cost estimate needs beside the facts. */
export interface Pricing {
  readonly table: FeeTable;
  /** How the broker bills the account; null: the policy names no plan for it. */
  readonly plan: PricingPlan | null;
}

/** What the broker and the others charge for the whole order. */
export interface Billed {
  readonly commission: CostEstimate["commission"];
  readonly fees: EstimatedFee[];
  readonly schedule: string | null;
  /** Commission and fees as far as they are known. */
  readonly known: Decimal;
  readonly complete: boolean;
}

interface BillInput {
  readonly pricing: Pricing;
  /** At which one unit of an order for one instrument is taken to fill. */
  readonly price: Decimal;
  /** Units of the base currency for one of the instrument's; null: not known. */
  readonly rate: string | null;
}

interface Line {
  readonly commission: Found<Decimal>;
  readonly fees: EstimatedFee[];
  readonly schedule: string | null;
}

/** Every instrument of the order is billed by itself. */
export function bill(terms: OrderTerms, facts: Facts, { pricing, price, rate }: BillInput): Billed {
  const baseCurrency = facts.summary.state === "known" ? facts.summary.value.baseCurrency : null;
  const billing: Billing = { ...pricing, rate, baseCurrency };
  const liquidity = liquidityOf(terms, facts);
  const parts = partsOf(terms, facts);
  const own = terms.legs === undefined ? price : undefined;
  const lines = parts.map((part) => lineOf(part, tradeOf(part, own), { billing, liquidity, at: facts.at }));
  const [first] = parts;
  const currency = first?.instrument.state === "known" ? first.instrument.value.currency : "";
  const commission = sumOf(lines.map((line) => line.commission));
  const fees = lines.flatMap((line) => line.fees);
  const amounts = fees.flatMap(({ amount }) => ("missing" in amount ? [] : [decimal(amount.amount)]));
  const known = lines.flatMap((line) => ("missing" in line.commission ? [] : [line.commission.value]));
  return {
    commission: "missing" in commission ? commission : { amount: toText(roundUp(commission.value, 2)), currency },
    fees,
    schedule: lines[0]?.schedule ?? null,
    known: [...known, ...amounts].reduce(add, ZERO),
    complete: !("missing" in commission) && amounts.length === fees.length,
  };
}

function lineOf(
  part: Part,
  trade: Trade | undefined,
  { billing, liquidity, at }: { billing: Billing; liquidity: Liquidity; at: string },
): Line {
  if (trade === undefined) return { commission: { missing: "no price of a leg" }, fees: [], schedule: null };
  const schedule = billedBy(trade, billing);
  if ("missing" in schedule) return { commission: schedule, fees: [], schedule: null };
  const commission = commissionOf(trade, schedule.value, billing);
  const charged = { trade, side: part.side, liquidity, commission, at };
  return { commission, fees: feesOf(billing.table, schedule.value, charged), schedule: schedule.value.name };
}

/** One instrument at this price, or at the far touch: nobody knows how a combination's price falls to its legs. */
function tradeOf(part: Part, price = touchOf(part, part.side)): Trade | undefined {
  if (part.instrument.state === "missing" || price === undefined) return undefined;
  const instrument = part.instrument.value;
  const value = absolute(multiply(multiply(price, part.quantity), decimal(instrument.multiplier)));
  return { instrument, quantity: part.quantity, price, value };
}

/** Missing as soon as one of them is. */
export function sumOf(all: readonly Found<Decimal>[]): Found<Decimal> {
  return all.reduce((sum, one) =>
    "missing" in sum ? sum : "missing" in one ? one : { value: add(sum.value, one.value) },
  );
}
