import type { EstimatedAmount } from "@countersign/contracts/costs";
import type { Amount } from "@countersign/contracts/money";
import { type Decimal, roundHalfEven, toText } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import type { Found } from "./commission.ts";

/** Cents, to the even neighbour. */
export function amountOf(value: Decimal, currency: string): Amount {
  return { amount: toText(roundHalfEven(value, 2)), currency };
}

/** null: the account's base currency is not known. */
export function inBase(value: Decimal, { summary }: Pick<Facts, "summary">): Amount | null {
  return summary.state === "missing" ? null : amountOf(value, summary.value.baseCurrency);
}

export function inBaseOrMissing(value: Decimal, facts: Pick<Facts, "summary">): EstimatedAmount {
  return inBase(value, facts) ?? { missing: "the account's base currency is not known" };
}

export function estimated(found: Found<Decimal>, currency: string): EstimatedAmount {
  return "missing" in found ? { missing: found.missing.slice(0, 300) } : amountOf(found.value, currency);
}
