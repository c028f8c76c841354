import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  isNegative,
  isZero,
  min,
  multiply,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";
import type { Account, Position } from "./model.ts";

const COST_DECIMALS = 8;

/** One fill as the books see it; `quantity` is positive. */
export interface LedgerFill {
  readonly instrument: Instrument;
  readonly side: "BOT" | "SLD";
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly commission: Decimal;
}

export function multiplierOf(instrument: Instrument): Decimal {
  return decimal(instrument.multiplier === "" ? "1" : instrument.multiplier);
}

export function addCash(account: Account, currency: string, amount: Decimal): void {
  account.cash[currency] = toText(add(decimal(account.cash[currency] ?? "0"), amount));
}

/** The part of a cost that belongs to `part` of `whole`; the last part takes all that is left. */
function share(cost: Decimal, part: Decimal, whole: Decimal): Decimal {
  if (compare(part, whole) === 0) return cost;
  return divideRoundingHalfEven(multiply(cost, part), whole, COST_DECIMALS);
}

interface Closed {
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly grossCost: Decimal;
}

function close(position: Position, signed: Decimal): Closed {
  const held = decimal(position.quantity);
  const opposite = !isZero(held) && isNegative(held) !== isNegative(signed);
  if (!opposite) return { quantity: ZERO, cost: ZERO, grossCost: ZERO };
  const quantity = min(absolute(held), absolute(signed));
  const cost = share(decimal(position.cost), quantity, absolute(held));
  return { quantity, cost, grossCost: share(decimal(position.grossCost), quantity, absolute(held)) };
}

/**
 * Books one fill: position, cost, cash and realized profit. Changes `account` in place.
 * Returns the realized profit after commission, or undefined when the fill closed nothing.
 */
export function applyFill(account: Account, fill: LedgerFill): Decimal | undefined {
  const { instrument, quantity, commission } = fill;
  const signed = fill.side === "BOT" ? quantity : negate(quantity);
  const gross = multiply(multiply(signed, fill.price), multiplierOf(instrument));
  const key = String(instrument.conId);
  const position = account.positions[key] ?? { quantity: "0", cost: "0", grossCost: "0", realizedPnl: "0" };
  account.positions[key] = position;
  const closed = close(position, signed);
  const closingGross = share(gross, closed.quantity, quantity);
  const closingCommission = share(commission, closed.quantity, quantity);
  const openingCommission = subtract(commission, closingCommission);
  const openingGross = subtract(gross, closingGross);
  const realized = subtract(subtract(negate(closingGross), closed.cost), closingCommission);
  position.quantity = toText(add(decimal(position.quantity), signed));
  position.cost = toText(add(add(subtract(decimal(position.cost), closed.cost), openingGross), openingCommission));
  position.grossCost = toText(add(subtract(decimal(position.grossCost), closed.grossCost), openingGross));
  bookCash(account, fill, { gross, closedGross: subtract(negate(closingGross), closed.grossCost) });
  if (isZero(closed.quantity)) return undefined;
  position.realizedPnl = toText(add(decimal(position.realizedPnl), realized));
  account.realizedPnl = toText(add(decimal(account.realizedPnl), realized));
  return realized;
}

/** A future moves cash by its realized result only; everything else by its whole value. */
function bookCash(account: Account, fill: LedgerFill, amounts: { gross: Decimal; closedGross: Decimal }): void {
  const { instrument } = fill;
  const moved = instrument.secType === "FUT" ? amounts.closedGross : negate(amounts.gross);
  addCash(account, instrument.currency, subtract(moved, fill.commission));
  if (instrument.secType === "CASH") {
    addCash(account, instrument.symbol, fill.side === "BOT" ? fill.quantity : negate(fill.quantity));
  }
}

/** Average cost of one unit, multiplier included; 0 for a closed position. */
export function averageCost(position: Position): Decimal {
  const quantity = decimal(position.quantity);
  return isZero(quantity) ? ZERO : divideRoundingHalfEven(decimal(position.cost), quantity, COST_DECIMALS);
}

export function newAccount(id: string, cashUsd: string): Account {
  return { id, cash: { USD: cashUsd }, positions: {}, realizedPnl: "0" };
}
