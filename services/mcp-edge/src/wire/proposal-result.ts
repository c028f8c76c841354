import type { Alternatives } from "@countersign/contracts/alternatives";
import { instrumentName } from "@countersign/contracts/combo";
import { STATES } from "@countersign/contracts/life";
import type { ProposalView, Reduction } from "@countersign/contracts/proposal-view";
import type { Verdict } from "@countersign/contracts/verdict";
import { cleanUntrusted } from "@countersign/log/logger";
import type * as z from "zod";
import type { ToolCall } from "../tools/tool.ts";
import type {
  AlternativesOut,
  NewProposalOut,
  OrderOut,
  ProposalLine,
  ProposalOut,
  SimulationOut,
  TermsOut,
  VerdictOut,
} from "./proposal-schemas.ts";
import { toSnake } from "./snake.ts";

export function verdictOut(verdict: Verdict): z.input<typeof VerdictOut> {
  const { outcome, rules, policyHash, judgedAt } = verdict;
  return { outcome, rules, policy_hash: policyHash, judged_at: judgedAt };
}

export function alternativesOut(alternatives: Alternatives): z.input<typeof AlternativesOut> {
  return toSnake(alternatives) as z.input<typeof AlternativesOut>;
}

export function simulationOut(simulation: NonNullable<ProposalView["simulation"]>): z.input<typeof SimulationOut> {
  const { whatIf, estimate } = simulation;
  if ("missing" in whatIf) return toSnake({ whatIf, estimate }) as z.input<typeof SimulationOut>;
  const { warning, ...figures } = whatIf;
  const untrusted = { warning: warning === null ? null : cleanUntrusted(warning) };
  return toSnake({ whatIf: { ...figures, untrusted }, estimate }) as z.input<typeof SimulationOut>;
}

function termsOut({ terms, ticket }: Pick<ProposalView, "terms" | "ticket">): z.input<typeof TermsOut> {
  const instrument = ticket?.instrument;
  const legs = terms.legs?.map((leg, index) => {
    const named = instrument?.legs?.[index];
    return { ...leg, name: named === undefined ? null : instrumentName(named) };
  });
  const shown = { ...terms, ...(legs !== undefined && { legs }), symbol: instrument?.symbol ?? null };
  return toSnake(shown) as z.input<typeof TermsOut>;
}

type Order = NonNullable<ProposalView["order"]>;

/** With the terms in force after a change, and those of a change that may be on its way. */
function orderOut({ legs, unprotected, ...order }: Order, { ticket }: ProposalView): z.input<typeof OrderOut> {
  const { terms, modifying, modifyingTerms, ...placed } = order;
  const [entry, ...exits] = [placed, ...legs].map(withUntrusted);
  return {
    ...(toSnake({ ...entry, legs: exits, unprotected }) as z.input<typeof OrderOut>),
    ...(terms !== undefined && { terms: termsOut({ terms, ticket }) }),
    ...(modifying !== undefined &&
      modifyingTerms !== undefined && {
        modifying: { proposal_id: modifying, terms: termsOut({ terms: modifyingTerms, ticket }) },
      }),
  };
}

/** What people made smaller before they approved it. */
function reductionsOut(reductions: NonNullable<ProposalView["reductions"]>) {
  const sizeOf = ({ quantity, limitPrice }: Reduction["after"]) => ({ quantity, limit_price: limitPrice });
  return reductions.map(({ at, actor, reason, before, after }) => {
    return { at, by: actor.kind, reason, before: sizeOf(before), after: sizeOf(after) };
  });
}

/** Everything that the broker, or whoever changed the order there, has put into words stands under one key. */
function withUntrusted<T extends Omit<Order, "legs" | "unprotected">>(order: T) {
  const { message, said, drift, absences: _, closeRequestedBy: __, ...rest } = order;
  const clean = (text: string | null) => (text === null ? null : cleanUntrusted(text));
  const untrusted = {
    brokerMessage: clean(message),
    said: said.map(({ text, advancedReject, ...one }) => {
      return { ...one, text: cleanUntrusted(text), advancedReject: clean(advancedReject) };
    }),
    drift: drift.map(({ broker, ...one }) => ({ ...one, broker: cleanUntrusted(broker) })),
  };
  return { ...rest, untrusted };
}

/** Over is a bracket only with its exits. */
function isFinal({ state, order }: ProposalView): boolean {
  return [state, ...(order?.legs ?? []).map((leg) => leg.state)].every((one) => STATES[one].terminal);
}

/** What propose_order answers. */
export function newProposalOut(view: ProposalView, call: ToolCall): z.input<typeof NewProposalOut> {
  const { reductions: _, modifies: __, ...shown } = proposalOut(view, call);
  return { ...shown, remaining: remainingOf(view) };
}

/** What the rules of the agent's passport have left over. */
function remainingOf({ verdict }: ProposalView) {
  const left = (name: string) => verdict?.rules.find(({ rule }) => rule === name)?.headroom ?? null;
  return {
    orders: left("agentOrders"),
    notional: left("agentNotional"),
    open_risk: left("agentOpenRisk"),
    loss: left("agentLoss"),
  };
}

function modifiesOut(
  { proposalId, orderRef, before }: NonNullable<ProposalView["modifies"]>,
  { ticket }: ProposalView,
) {
  return { proposal_id: proposalId, order_ref: orderRef, before: termsOut({ terms: before, ticket }) };
}

export function proposalOut(view: ProposalView, { deps }: ToolCall): z.input<typeof ProposalOut> {
  const { decision } = view;
  return {
    proposal_id: view.proposalId,
    state: view.state,
    final: isFinal(view),
    ticket_hash: view.ticketHash,
    terms: termsOut(view),
    verdict: view.verdict && verdictOut(view.verdict),
    simulation: view.simulation && simulationOut(view.simulation),
    ...(view.alternatives !== undefined && { alternatives: alternativesOut(view.alternatives) }),
    approval_url: deps.adminUrl === undefined ? null : `${deps.adminUrl}/proposals/${view.proposalId}`,
    created_at: view.createdAt,
    expires_at: view.expiresAt,
    decision: decision && {
      event: decision.event,
      at: decision.at,
      by: decision.actor?.kind ?? null,
      reason: decision.reason,
      code: decision.code ?? null,
    },
    ...(view.reductions !== undefined && { reductions: reductionsOut(view.reductions) }),
    ...(view.modifies !== undefined && { modifies: modifiesOut(view.modifies, view) }),
    order: view.order && orderOut(view.order, view),
  };
}

export function proposalLine(view: ProposalView): z.input<typeof ProposalLine> {
  const denied = view.verdict?.rules.filter((rule) => rule.outcome === "deny") ?? [];
  return {
    proposal_id: view.proposalId,
    state: view.state,
    terms: termsOut(view),
    created_at: view.createdAt,
    expires_at: view.expiresAt,
    filled_quantity: view.order?.filledQuantity ?? null,
    denied_by: denied.map((rule) => rule.code ?? rule.rule),
  };
}
