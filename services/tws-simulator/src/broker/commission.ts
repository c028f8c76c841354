import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingUp,
  max,
  min,
  multiply,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";

const STOCK_RATE = decimal("0.005");
const STOCK_MINIMUM = decimal("1");
const STOCK_CAP = decimal("0.01");
/** Pass-through fee for the consolidated audit trail, per share. */
const STOCK_FEE = decimal("0.000003");
const EUROPE_RATE = decimal("0.0005");
const EUROPE_MINIMUM = decimal("3");
const OPTION_RATE = decimal("0.65");
const OPTION_MINIMUM = decimal("1");
const FUTURE_RATE = decimal("0.62");
/** Per bond of 1000 face value. */
const BOND_RATE = decimal("1");
const BOND_MINIMUM = decimal("1");
const CRYPTO_RATE = decimal("0.0018");
const CRYPTO_MINIMUM = decimal("1.75");
const FUND_FEE = decimal("14.95");
const FOREX_RATE = decimal("0.00002");
const FOREX_MINIMUM_USD = decimal("2");
const COMMISSION_DECIMALS = 6;

interface Traded {
  readonly quantity: Decimal;
  /** Price times quantity times multiplier. */
  readonly value: Decimal;
}

/** Commission of the whole order so far, without fees. */
function baseCommission(instrument: Instrument, traded: Traded, usdRate: Decimal): Decimal {
  if (compare(traded.quantity, ZERO) === 0) return ZERO;
  switch (instrument.secType) {
    case "STK":
      if (instrument.currency !== "USD") return max(EUROPE_MINIMUM, multiply(traded.value, EUROPE_RATE));
      return min(max(STOCK_MINIMUM, multiply(traded.quantity, STOCK_RATE)), multiply(traded.value, STOCK_CAP));
    case "OPT":
      return max(OPTION_MINIMUM, multiply(traded.quantity, OPTION_RATE));
    case "FOP":
    case "FUT":
      return multiply(traded.quantity, FUTURE_RATE);
    case "BOND":
      return max(BOND_MINIMUM, multiply(traded.quantity, BOND_RATE));
    case "CRYPTO":
      return max(CRYPTO_MINIMUM, multiply(traded.value, CRYPTO_RATE));
    case "FUND":
      return FUND_FEE;
    case "IND":
      return ZERO;
    case "CASH": {
      const minimum = divideRoundingUp(FOREX_MINIMUM_USD, usdRate, COMMISSION_DECIMALS);
      return max(minimum, multiply(traded.value, FOREX_RATE));
    }
    case "BAG":
      return ZERO; // each leg has its own
  }
}

function roundedUp(value: Decimal): Decimal {
  return divideRoundingUp(value, decimal("1"), COMMISSION_DECIMALS);
}

/**
 * Commission of one more fill, in the instrument's currency: the order's commission after it minus the one before,
 * so that a minimum is charged on the first part. `usdRate` is the worth of that currency in USD.
 */
export function commissionOf(
  instrument: Instrument,
  fill: { readonly before: Traded; readonly after: Traded; readonly usdRate: Decimal },
): string {
  const base = subtract(
    baseCommission(instrument, fill.after, fill.usdRate),
    baseCommission(instrument, fill.before, fill.usdRate),
  );
  const isUsStock = instrument.secType === "STK" && instrument.currency === "USD";
  const shares = subtract(fill.after.quantity, fill.before.quantity);
  const fee = isUsStock ? multiply(shares, STOCK_FEE) : ZERO;
  return toText(roundedUp(add(max(base, ZERO), fee)));
}
