import { STATES, type State } from "@countersign/contracts/life";
import * as z from "zod";
import { BRIEF, BRIEF_LIST, BRIEF_TEXT } from "./advertise.ts";

const text = z.string();
const textOrNull = text.nullable();
const StateName = z.enum(Object.keys(STATES) as [State, ...State[]]);
export const AmountOut = z.strictObject({ amount: text, currency: text });
const amountOrNull = AmountOut.nullable();

const RuleOut = z.strictObject({
  rule: text,
  outcome: text,
  code: textOrNull,
  limit: textOrNull,
  value: textOrNull,
  headroom: textOrNull,
  unit: text,
  message: text,
});
export const VerdictOut = z.strictObject({
  outcome: z.enum(["pass", "deny"]).meta(BRIEF_TEXT),
  rules: z.array(RuleOut),
  policy_hash: text,
  judged_at: text,
});

const Alternative = z.union([
  z.strictObject({ value: text, subject_to_what_if: z.boolean() }),
  z.strictObject({ none: text }),
]);
export const AlternativesOut = z.strictObject({ quantity: Alternative, limit_price: Alternative }).meta(BRIEF);

const Missing = z.strictObject({ missing: text });
const WhatIfOut = z.strictObject({
  source: z.literal("broker"),
  as_of: text,
  currency: text,
  initial_margin_change: text,
  initial_margin_after: text,
  maintenance_margin_change: text,
  maintenance_margin_after: text,
  equity_with_loan_after: text,
  commission: amountOrNull,
  commission_min: amountOrNull,
  commission_max: amountOrNull,
  untrusted: z.strictObject({ warning: textOrNull }),
});
const Estimated = z.union([AmountOut, Missing]);
const EstimateOut = z.strictObject({
  source: z.literal("estimate"),
  as_of: text,
  price: AmountOut,
  price_basis: text.exactOptional(),
  notional: AmountOut,
  notional_base: amountOrNull,
  fx_rate: textOrNull,
  commission: Estimated,
  slippage: Estimated,
  position_before: textOrNull,
  position_after: textOrNull,
  legs: z
    .array(z.strictObject({ conid: z.int(), position_before: textOrNull, position_after: textOrNull }))
    .exactOptional(),
  cash_before: amountOrNull,
  cash_after: amountOrNull,
  plan: textOrNull.exactOptional(),
  schedule: textOrNull.exactOptional(),
  fees_checked_on: text.exactOptional(),
  fees: z.array(z.strictObject({ name: text, text, amount: Estimated })).exactOptional(),
  costs: z.strictObject({ known: AmountOut, complete: z.boolean() }).exactOptional(),
  half_spread: Estimated.exactOptional(),
  impact: Estimated.exactOptional(),
  buying_power_before: amountOrNull.exactOptional(),
  buying_power_after: Estimated.exactOptional(),
  exposure_before: Estimated.exactOptional(),
  exposure_after: Estimated.exactOptional(),
  gross_before: Estimated.exactOptional(),
  gross_after: Estimated.exactOptional(),
  worst: z
    .strictObject({ price: AmountOut, position: textOrNull, exposure: Estimated, cash: Estimated })
    .exactOptional(),
});
export const SimulationOut = z
  .strictObject({ what_if: z.union([WhatIfOut, Missing]), estimate: z.union([EstimateOut, Missing]) })
  .meta(BRIEF);

const ExitsOut = z.strictObject({
  take_profit: z.strictObject({ limit_price: text }),
  stop_loss: z.strictObject({ stop_price: text, limit_price: text.exactOptional() }),
  time_in_force: text,
  outside_rth: z.literal(true).exactOptional(),
});
export const ComboLegOut = z.strictObject({
  conid: z.int(),
  side: text,
  ratio: z.int(),
  name: textOrNull.exactOptional(),
});
export const TermsOut = z.strictObject({
  account: text,
  conid: z.int().exactOptional(),
  legs: z.array(ComboLegOut).exactOptional(),
  symbol: textOrNull,
  side: text,
  quantity: text,
  order_type: text,
  limit_price: textOrNull.exactOptional(),
  stop_price: text.exactOptional(),
  trigger_price: text.exactOptional(),
  trail: z.record(text, text).exactOptional(),
  limit_offset: text.exactOptional(),
  offset: text.exactOptional(),
  time_in_force: text,
  good_till: text.exactOptional(),
  outside_rth: z.literal(true).exactOptional(),
  exits: ExitsOut.exactOptional(),
});
const DecisionOut = z.strictObject({ event: text, at: text, by: textOrNull, reason: textOrNull, code: textOrNull });
const ExecutionOut = z.strictObject({
  exec_id: text,
  time: text,
  side: text,
  quantity: text,
  price: text,
  currency: text,
  exchange: text,
  cumulative_quantity: text,
  average_price: text,
  combo_leg: z.int().exactOptional(),
  commission: amountOrNull,
  realized_pnl: textOrNull,
});
const Said = z.strictObject({ at: text, code: z.int().nullable(), text, advanced_reject: textOrNull });
const Drift = z.strictObject({ field: text, approved: text, broker: text });
const atBroker = {
  order_ref: text,
  order_id: z.int(),
  client_id: z.int(),
  perm_id: textOrNull,
  status: textOrNull,
  filled_quantity: text,
  average_price: textOrNull,
  executions: z.array(ExecutionOut).meta(BRIEF_LIST),
  commission: z.array(AmountOut).meta(BRIEF_LIST),
  untrusted: z.strictObject({ broker_message: textOrNull, said: z.array(Said), drift: z.array(Drift) }).meta(BRIEF),
};
const LegOut = z.strictObject({ leg: text, state: text, quantity: text.exactOptional(), ...atBroker });
export const OrderOut = z.strictObject({
  ...atBroker,
  legs: z.array(LegOut).meta(BRIEF_LIST),
  unprotected: textOrNull,
  terms: TermsOut.meta(BRIEF).exactOptional(),
  modifying: z.strictObject({ proposal_id: text, terms: TermsOut }).meta(BRIEF).exactOptional(),
});
const SizeOut = z.strictObject({ quantity: text, limit_price: textOrNull });
const ReductionOut = z.strictObject({ at: text, by: text, reason: text, before: SizeOut, after: SizeOut });
const ModifiesOut = z.strictObject({ proposal_id: text, order_ref: text, before: TermsOut });

const proposalShape = {
  proposal_id: text,
  state: StateName.meta(BRIEF_TEXT),
  final: z.boolean(),
  ticket_hash: textOrNull,
  terms: TermsOut.meta(BRIEF),
  simulation: SimulationOut.nullable(),
  alternatives: AlternativesOut.exactOptional(),
  approval_url: textOrNull,
  created_at: text,
  expires_at: text,
  decision: DecisionOut.meta(BRIEF).nullable(),
};

/** One proposal as an agent sees it, from the verdict to the last fill. */
export const ProposalOut = z.strictObject({
  ...proposalShape,
  verdict: VerdictOut.meta(BRIEF).nullable(),
  reductions: z.array(ReductionOut).meta(BRIEF_LIST).exactOptional(),
  modifies: ModifiesOut.meta(BRIEF).exactOptional(),
  order: OrderOut.nullable(),
});

/** Of the agent's budgets of the session, with this order counted; negative: it is too large by so much. null: not known. */
const RemainingOut = z.strictObject({
  orders: textOrNull,
  notional: textOrNull,
  open_risk: textOrNull,
  loss: textOrNull,
});

/** The same values; the definition tells the verdict at length, and leaves the order, and what it changes, to get_proposal. */
export const NewProposalOut = z.strictObject({
  ...proposalShape,
  verdict: VerdictOut.extend({ rules: z.array(RuleOut.meta(BRIEF)) }).nullable(),
  remaining: RemainingOut.meta(BRIEF),
  order: OrderOut.meta(BRIEF).nullable(),
});

/** A proposal in a list: enough to choose one. */
export const ProposalLine = z.strictObject({
  proposal_id: text,
  state: text,
  terms: TermsOut.meta(BRIEF),
  created_at: text,
  expires_at: text,
  filled_quantity: textOrNull,
  denied_by: z.array(text),
});
