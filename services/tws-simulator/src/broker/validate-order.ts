import type { ContractQuery } from "../codec/contract-fields.ts";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { Found } from "../market/find-instrument.ts";
import { checkMessage } from "./check-message.ts";
import { checkPrices, checkSize, checkSupported } from "./check-order.ts";
import { conditionsFault } from "./conditions.ts";
import type { OrderTerms } from "./model.ts";
import { termsOf } from "./order-terms.ts";
import { type RejectResult, reject, validating } from "./reject.ts";
import { COMBO_CON_ID, type Tradable, type Tradables } from "./tradables.ts";

export type Validation = { readonly ok: true; readonly terms: OrderTerms; readonly tradable: Tradable } | RejectResult;

export interface ValidationContext {
  readonly accounts: readonly string[];
  readonly find: (query: ContractQuery) => Found;
  readonly knows: (conId: number) => boolean;
  readonly tradables: Tradables;
}

const NO_DEFINITION = reject(200, "No security definition has been found for the request");

const RATIO_MAX = 10_000;

type Target = { readonly ok: true; readonly conId: number; readonly exchange: string } | RejectResult;

function findCombination(request: PlaceOrder, context: ValidationContext): Target {
  const { legs } = request.combo;
  if (legs.length < 2) return validating("Invalid combination legs");
  const complete = legs.every(
    (leg) => leg.ratio > 0 && leg.ratio <= RATIO_MAX && (leg.action === "BUY" || leg.action === "SELL"),
  );
  if (!complete) return validating("Invalid combination leg");
  if (!legs.every((leg) => context.knows(leg.conId))) return NO_DEFINITION;
  return { ok: true, conId: COMBO_CON_ID, exchange: request.contract.exchange.toUpperCase() };
}

function findTarget(request: PlaceOrder, context: ValidationContext): Target {
  if (request.contract.secType === "BAG") return findCombination(request, context);
  const lookup = context.find(request.contract);
  if (lookup.kind === "none") return NO_DEFINITION;
  if (lookup.kind === "ambiguous") {
    return reject(200, `The contract description specified for ${lookup.symbol} is ambiguous.`);
  }
  return { ok: true, conId: lookup.instrument.conId, exchange: lookup.exchange };
}

/** The checks of TWS in its order: 321, 200, 110, 434 and 388. Margin (201) needs the account and comes after. */
export function validateOrder(request: PlaceOrder, context: ValidationContext): Validation {
  const message = checkMessage(request, context.accounts);
  if (message !== undefined) return message;
  const condition = conditionsFault(request.conditions, context.knows);
  if (condition !== undefined) return validating(condition);
  const target = findTarget(request, context);
  if (!target.ok) return target;
  const account = request.account === "" ? (context.accounts[0] ?? "") : request.account;
  const terms = termsOf(request, { conId: target.conId, exchange: target.exchange, account });
  const tradable = context.tradables.of(terms);
  const { instrument } = tradable;
  const failure =
    checkSupported(request, terms, instrument) ??
    checkPrices(terms, instrument) ??
    checkSize(terms, instrument, request.cashQty);
  return failure ?? { ok: true, terms, tradable };
}
