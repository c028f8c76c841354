import type { Alternative } from "@countersign/contracts/alternatives";
import { instrumentName, legSide, legsOf } from "@countersign/contracts/combo";
import type { EstimatedAmount } from "@countersign/contracts/costs";
import { changedTerms } from "@countersign/contracts/order-change";
import { pricesOf } from "@countersign/contracts/order-check";
import type { ProposalView, Reduction } from "@countersign/contracts/proposal-view";
import type { CostEstimate } from "@countersign/contracts/verdict";
import { plain } from "./terminal.ts";

/** The type and every price of the order, as an approver must see them. */
function priceOf({ terms }: ProposalView): string {
  const { limitPrice, stopPrice, triggerPrice, limitOffset, offset, trail } = pricesOf(terms);
  const parts = [
    terms.orderType === "MKT" ? "at market" : terms.orderType === "LMT" ? "" : terms.orderType,
    trail === undefined ? "" : `trailing ${trail.by === "amount" ? trail.amount : `${trail.percent} %`}`,
    stopPrice === undefined ? "" : `stop ${stopPrice}`,
    triggerPrice === undefined ? "" : `trigger ${triggerPrice}`,
    limitPrice === undefined ? "" : `limit ${limitPrice}`,
    limitOffset === undefined ? "" : `limit offset ${limitOffset}`,
    offset === undefined ? "" : `offset ${offset}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function hoursOf({ terms }: ProposalView): string {
  const { timeInForce, goodTill, outsideRth } = terms;
  return `${timeInForce}${goodTill === undefined ? "" : ` ${goodTill}`}${outsideRth ? ", also outside regular hours" : ""}`;
}

function exitLines({ terms }: ProposalView): string[] {
  if (terms.exits === undefined) return [];
  const { takeProfit, stopLoss, timeInForce } = terms.exits;
  const limit = stopLoss.limitPrice === undefined ? "" : ` limit ${stopLoss.limitPrice}`;
  return [`  exits: take profit ${takeProfit.limitPrice}, stop loss ${stopLoss.stopPrice}${limit}, ${timeInForce}`];
}

/** What the order trades: its instrument, or the legs as one unit that is bought has them. */
function whatOf({ terms, ticket }: ProposalView): string {
  const instrument = ticket?.instrument;
  if (terms.legs === undefined)
    return plain(instrument === undefined ? `conid ${terms.conid}` : instrumentName(instrument));
  const legs = terms.legs.map(({ conid, side, ratio }, index) => {
    const leg = instrument?.legs?.[index];
    return `${side === "BUY" ? "+" : "-"}${ratio} ${leg === undefined ? `conid ${conid}` : instrumentName(leg)}`;
  });
  return `x combo: ${plain(legs.join(", "))}`;
}

/** What the order does with each instrument, one line each. */
function instrumentLines({ terms, ticket }: ProposalView): string[] {
  const instrument = ticket?.instrument;
  const described = instrument === undefined ? [] : (instrument.legs ?? [instrument]);
  return legsOf(terms).map((leg, index) => {
    const action = terms.legs === undefined ? "" : `${legSide(terms.side, leg)} ${terms.quantity} x ${leg.ratio} `;
    const one = described[index];
    if (one === undefined) return `  ${action}conid ${leg.conid}`;
    const words = [
      instrumentName(one),
      one.longName,
      one.secType,
      one.primaryExchange,
      one.currency,
      `conid ${one.conid}`,
    ];
    return `  ${action}${plain(words.filter((word) => word !== "").join(" · "))}`;
  });
}

/** Of a change: which order, each term before and after, and how the broker showed it. */
function changeLines({ modifies, terms }: ProposalView): string[] {
  if (modifies === undefined) return [];
  const { proposalId, before, atBroker } = modifies;
  const textOf = (of: object, name: string) => JSON.stringify(Reflect.get(of, name)) ?? "--";
  const lines = changedTerms(before, terms).map(
    (name) => `    ${name}: ${textOf(before, name)} -> ${textOf(terms, name)}`,
  );
  const { status, quantity, filledQuantity, asOf } = atBroker;
  return [
    `  CHANGES the order of ${proposalId}, in place`,
    ...lines,
    `    the broker showed it as ${plain(status)}, ${quantity} of which ${filledQuantity} filled, at ${asOf}`,
  ];
}

/** What people made smaller, each time with who and why. */
function reductionLines({ reductions }: ProposalView): string[] {
  const sizeOf = ({ quantity, limitPrice }: Reduction["after"]) =>
    `${quantity}${limitPrice === null ? "" : ` at ${limitPrice}`}`;
  return (reductions ?? []).map(
    ({ at, actor, reason, before, after }) =>
      `  MADE SMALLER by ${actor.id} at ${at}: ${sizeOf(before)} -> ${sizeOf(after)}, ${plain(reason)}`,
  );
}

/** One proposal in one line. */
export function proposalLine(view: ProposalView): string {
  const { terms } = view;
  const what = `${terms.side} ${terms.quantity} ${whatOf(view)}`;
  return [
    view.proposalId,
    view.state.padEnd(16),
    what.padEnd(22),
    priceOf(view).padEnd(16),
    view.account,
    view.agent,
  ].join("  ");
}

/** The whole ticket, as an approver must see it: order, effect, rules, and the agent's words last and marked. */
export function proposalText(view: ProposalView): string {
  const head = [
    `${view.mode.toUpperCase()}  ${view.account}  ${view.state}`,
    `${view.terms.side} ${view.terms.quantity} ${whatOf(view)}  ${priceOf(view)}  ${hoursOf(view)}`,
    ...changeLines(view),
    ...reductionLines(view),
    ...exitLines(view),
    ...instrumentLines(view),
    `  proposed ${view.createdAt} by agent ${view.agent}, expires ${view.expiresAt}`,
    `  ticket ${view.ticketHash ?? "(not judged yet)"}`,
  ];
  return [
    ...head,
    "",
    ...estimateLines(view),
    "",
    ...ruleLines(view),
    "",
    ...orderLines(view),
    ...agentLines(view),
  ].join("\n");
}

function estimateLines({ simulation }: ProposalView): string[] {
  if (simulation === null) return ["no simulation"];
  const { whatIf, estimate } = simulation;
  const ours =
    "missing" in estimate
      ? `estimate: missing, ${plain(estimate.missing)}`
      : `estimate: notional ${amount(estimate.notional)}, commission ${amount(estimate.commission)}, costs ${costsOf(estimate)}, position ${estimate.positionBefore ?? "--"} -> ${estimate.positionAfter ?? "--"}`;
  const theirs =
    "missing" in whatIf
      ? `broker: no what-if, ${plain(whatIf.missing)}`
      : `broker: initial margin ${whatIf.initialMarginChange} ${whatIf.currency}, commission ${whatIf.commission?.amount ?? "--"} ${whatIf.commission?.currency ?? ""}`;
  return [ours, theirs];
}

/** What would have passed instead. */
function alternativeLines(alternatives: ProposalView["alternatives"]): string[] {
  if (alternatives === undefined) return [];
  const { quantity, limitPrice } = alternatives;
  return [
    `would pass: quantity ${alternativeText(quantity)}`,
    `would pass: limit price ${alternativeText(limitPrice)}`,
  ];
}

function alternativeText(one: Alternative): string {
  if ("none" in one) return `-- (${plain(one.none)})`;
  return `${one.value}${one.subjectToWhatIf ? ", subject to the broker's what-if" : ""}`;
}

function amount(value: EstimatedAmount): string {
  return "missing" in value ? `-- (${plain(value.missing)})` : `${value.amount} ${value.currency}`;
}

/** All of them together, and whether that is all. */
function costsOf({ costs }: CostEstimate): string {
  if (costs === undefined) return "--";
  return `${costs.complete ? "" : "at least "}${amount(costs.known)}`;
}

function ruleLines({ verdict, alternatives }: ProposalView): string[] {
  if (verdict === null) return ["not judged"];
  const lines = verdict.rules.map((rule) => {
    const numbers = [rule.value, rule.limit].some((part) => part !== null)
      ? `${rule.value ?? "--"} of ${rule.limit ?? "--"} ${rule.unit}`
      : "";
    const outcome = rule.outcome === "pass" ? "pass   " : rule.outcome.toUpperCase().padEnd(7);
    return `  ${outcome}  ${rule.rule.padEnd(22)} ${numbers}${rule.outcome === "pass" ? "" : `  ${plain(rule.message)}`}`;
  });
  return [`verdict: ${verdict.outcome}`, ...lines, ...alternativeLines(alternatives)];
}

function orderLines({ order, decision }: ProposalView): string[] {
  const lines: string[] = [];
  if (decision !== null)
    lines.push(`${decision.event} ${decision.at} ${decision.actor?.id ?? ""} ${plain(decision.reason ?? "")}`);
  if (order === null) return lines;
  lines.push(
    `order ${order.orderId} (${order.orderRef}) filled ${order.filledQuantity} at ${order.averagePrice ?? "--"}`,
  );
  for (const one of order.executions) {
    const commission =
      one.commission === null ? "" : `, commission ${one.commission.amount} ${one.commission.currency}`;
    lines.push(
      `  ${one.comboLeg === undefined ? "" : `leg ${one.comboLeg}: `}${one.side} ${one.quantity} at ${one.price} ${one.currency} on ${plain(one.exchange)} (${plain(one.execId)})${commission}`,
    );
  }
  for (const leg of order.legs) lines.push(`  ${leg.leg} ${leg.state} filled ${leg.filledQuantity}`);
  if (order.unprotected !== null && order.unprotected !== "0")
    lines.push(`  UNPROTECTED: ${order.unprotected} without a stop`);
  for (const one of [order, ...order.legs].flatMap(({ said }) => said))
    lines.push(`broker says (untrusted): ${one.code ?? ""} ${plain(one.text)}`);
  for (const { field, approved, broker } of [order, ...order.legs].flatMap(({ drift }) => drift))
    lines.push(`CHANGED AT THE BROKER: ${field} ${approved} -> ${plain(broker)}`);
  return lines;
}

function agentLines({ rationale }: ProposalView): string[] {
  return [`agent says (untrusted): ${plain(rationale)}`];
}
