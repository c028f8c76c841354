/**
 * The life of an order as data: state x event -> state. There is one `next()`; whatever is not in the table does not happen.
 * The ugly rows are the broker's: an execution may arrive after a cancel, a status before its fill.
 */
export const STATES = {
  PROPOSED: { terminal: false, text: "Recorded, not judged yet" },
  SIMULATED: { terminal: false, text: "What-if and cost estimate are there" },
  RISK_DENIED: { terminal: true, text: "The risk gate said no" },
  PENDING_APPROVAL: { terminal: false, text: "Waits for a person" },
  REJECTED: { terminal: true, text: "A person said no" },
  EXPIRED: { terminal: true, text: "Nobody decided, or the approval was not used in time" },
  WITHDRAWN: { terminal: true, text: "The agent took it back" },
  VOIDED: { terminal: true, text: "Approved, and stopped before the order could be sent" },
  APPROVED: { terminal: false, text: "A person countersigned" },
  INTENT: { terminal: false, text: "Approval consumed, order id and reference fixed, exposure reserved" },
  KILLED_NOT_SENT: { terminal: true, text: "Stopped after the intent; no byte left" },
  SEND_STARTED: { terminal: false, text: "Claimed; bytes may have left" },
  WORKING: { terminal: false, text: "The broker has it" },
  PARTIAL: { terminal: false, text: "Partly filled" },
  CANCEL_REQUESTED: { terminal: false, text: "A cancel was sent; a fill may still win" },
  FILLED: { terminal: true, text: "Filled" },
  MODIFIED: { terminal: true, text: "The broker shows the order that it changes with the new terms" },
  CANCELLED: { terminal: true, text: "Cancelled; what was filled before stays filled" },
  BROKER_REJECTED: { terminal: true, text: "The broker said no" },
  UNKNOWN: { terminal: false, text: "Nobody knows; only reconciliation leaves this state" },
  CLOSED_ABSENT: { terminal: true, text: "Twice not found at the broker, and a person closed it" },
  DISPUTED: { terminal: false, text: "The broker contradicts a final state; a person decides" },
} satisfies Record<string, { terminal: boolean; text: string }>;
export type State = keyof typeof STATES;

export const FACETS = ["proposal", "decision", "exec", "policy"] as const;
export type Facet = (typeof FACETS)[number];

/** What can happen to an order, and in whose log it is written. */
export const EVENTS = {
  proposed: { facet: "proposal", text: "recorded by the risk gate" },
  simulated: { facet: "proposal", text: "what-if and estimate" },
  riskDenied: { facet: "proposal", text: "verdict: deny" },
  admitted: { facet: "proposal", text: "verdict: pass, the ticket is fixed" },
  reduced: { facet: "proposal", text: "a person made it smaller: verdict pass, another ticket" },
  countersigned: { facet: "decision", text: "the first of two people signed" },
  approved: { facet: "decision", text: "countersigned" },
  rejected: { facet: "decision", text: "refused by a person" },
  expired: { facet: "decision", text: "time ran out" },
  withdrawn: { facet: "decision", text: "taken back by the agent" },
  voided: { facet: "decision", text: "gate drift or kill switch before the intent" },
  intent: { facet: "exec", text: "approval consumed" },
  killedNotSent: { facet: "exec", text: "stopped before the socket" },
  sendStarted: { facet: "exec", text: "claim won, written to the socket" },
  acknowledged: { facet: "exec", text: "the broker shows it" },
  partiallyFilled: { facet: "exec", text: "an execution, not the last one" },
  filled: { facet: "exec", text: "the execution that completes it" },
  commission: { facet: "exec", text: "commission of one execution" },
  cancelRequested: { facet: "exec", text: "cancel sent" },
  cancelled: { facet: "exec", text: "the broker cancelled it" },
  brokerRejected: { facet: "exec", text: "the broker refused it" },
  lost: { facet: "exec", text: "no answer, or the link broke" },
  completed: { facet: "exec", text: "what was executed before is the whole, because its quantity was settled" },
  modified: { facet: "exec", text: "the broker shows the terms that this change asked for" },
  closedAbsent: { facet: "exec", text: "a person closed it after two absences" },
  resolvedOpen: { facet: "exec", text: "a person settled the dispute: the broker shows it open" },
  resolvedPartial: { facet: "exec", text: "a person settled the dispute: open and partly executed" },
  resolvedFilled: { facet: "exec", text: "a person settled the dispute: the broker shows it filled" },
  resolvedCancelled: { facet: "exec", text: "a person settled the dispute: the broker shows it cancelled" },
  resolvedRejected: { facet: "exec", text: "a person settled the dispute: the broker shows it refused" },
  disputed: { facet: "exec", text: "the broker contradicts a final state" },
  brokerSaid: { facet: "exec", text: "a warning or refusal, word for word" },
  drifted: { facet: "exec", text: "the broker shows other terms than the ticket" },
  corrected: { facet: "exec", text: "another version of an execution that is known" },
  comboLegFilled: { facet: "exec", text: "what a fill of a combination did in one of its legs" },
  leg: { facet: "exec", text: "something happened to an exit of the bracket" },
  absent: { facet: "exec", text: "a complete reading of the broker does not show it" },
  closeRequested: { facet: "exec", text: "the first of two persons asked to close it" },
  modifyRequested: { facet: "exec", text: "a countersigned change is about to be sent" },
  termsReplaced: { facet: "exec", text: "the broker shows the order with the terms of the change" },
  modifyClosed: { facet: "exec", text: "the change came to nothing" },
  assessed: { facet: "policy", text: "what the standing policy made of it, in shadow or in earnest" },
} satisfies Record<string, { facet: Facet; text: string }>;
export type OrderEvent = keyof typeof EVENTS;

/** Evidence of the broker; the same rows hold wherever the order may be at the broker. */
const EVIDENCE = {
  partiallyFilled: "PARTIAL",
  filled: "FILLED",
  cancelled: "CANCELLED",
  brokerRejected: "BROKER_REJECTED",
  completed: "FILLED",
  lost: "UNKNOWN",
  disputed: "DISPUTED",
} satisfies Partial<Record<OrderEvent, State>>;

export const TRANSITIONS = {
  PROPOSED: { simulated: "SIMULATED" },
  SIMULATED: { riskDenied: "RISK_DENIED", admitted: "PENDING_APPROVAL" },
  RISK_DENIED: {},
  PENDING_APPROVAL: {
    reduced: "PENDING_APPROVAL",
    countersigned: "PENDING_APPROVAL",
    approved: "APPROVED",
    rejected: "REJECTED",
    expired: "EXPIRED",
    withdrawn: "WITHDRAWN",
    voided: "VOIDED",
  },
  REJECTED: {},
  EXPIRED: {},
  WITHDRAWN: {},
  VOIDED: {},
  APPROVED: { intent: "INTENT", expired: "EXPIRED", voided: "VOIDED" },
  INTENT: { sendStarted: "SEND_STARTED", killedNotSent: "KILLED_NOT_SENT", lost: "UNKNOWN", disputed: "DISPUTED" },
  KILLED_NOT_SENT: { disputed: "DISPUTED" },
  SEND_STARTED: { ...EVIDENCE, acknowledged: "WORKING", modified: "MODIFIED", commission: "SEND_STARTED" },
  WORKING: {
    ...EVIDENCE,
    cancelRequested: "CANCEL_REQUESTED",
    modifyRequested: "WORKING",
    commission: "WORKING",
  },
  PARTIAL: {
    ...EVIDENCE,
    cancelRequested: "CANCEL_REQUESTED",
    modifyRequested: "PARTIAL",
    commission: "PARTIAL",
  },
  CANCEL_REQUESTED: {
    ...EVIDENCE,
    acknowledged: "WORKING",
    partiallyFilled: "CANCEL_REQUESTED",
    cancelRequested: "CANCEL_REQUESTED",
    commission: "CANCEL_REQUESTED",
  },
  FILLED: { commission: "FILLED", disputed: "DISPUTED" },
  MODIFIED: {},
  CANCELLED: { commission: "CANCELLED", partiallyFilled: "CANCELLED", filled: "FILLED", disputed: "DISPUTED" },
  BROKER_REJECTED: { disputed: "DISPUTED", acknowledged: "WORKING", cancelRequested: "BROKER_REJECTED" },
  UNKNOWN: {
    ...EVIDENCE,
    acknowledged: "WORKING",
    modified: "MODIFIED",
    commission: "UNKNOWN",
    closedAbsent: "CLOSED_ABSENT",
    cancelRequested: "UNKNOWN",
  },
  CLOSED_ABSENT: { disputed: "DISPUTED" },
  DISPUTED: {
    ...EVIDENCE,
    acknowledged: "WORKING",
    commission: "DISPUTED",
    closedAbsent: "CLOSED_ABSENT",
    resolvedOpen: "WORKING",
    resolvedPartial: "PARTIAL",
    resolvedFilled: "FILLED",
    resolvedCancelled: "CANCELLED",
    resolvedRejected: "BROKER_REJECTED",
    cancelRequested: "DISPUTED",
  },
} satisfies Record<State, Partial<Record<OrderEvent, State>>>;

/** What is noted about an order from its intent on, wherever it is; the state stays. */
export const NOTES: readonly OrderEvent[] = [
  ...(["brokerSaid", "drifted", "corrected", "comboLegFilled", "leg"] as const),
  ...(["absent", "closeRequested", "termsReplaced", "modifyClosed"] as const),
];

/** Noted from the admission on, wherever the order is by then; the state stays. */
export const REMARKS: readonly OrderEvent[] = ["assessed"];
const BEFORE_ADMISSION: readonly State[] = ["PROPOSED", "SIMULATED", "RISK_DENIED"];

/** From its intent on an order can be disputed, and before it never. */
function isNoted(state: State): boolean {
  return "disputed" in TRANSITIONS[state];
}

/** The state after `event`, or undefined when the table has no such edge. Before the first fact the state is undefined. */
export function next(state: State | undefined, event: OrderEvent): State | undefined {
  if (state === undefined) return event === "proposed" ? "PROPOSED" : undefined;
  if (NOTES.includes(event)) return isNoted(state) ? state : undefined;
  if (REMARKS.includes(event)) return BEFORE_ADMISSION.includes(state) ? undefined : state;
  const row: Partial<Record<OrderEvent, State>> = TRANSITIONS[state];
  return row[event];
}

/** Nothing can follow, but for a late fill that the table names. */
export function isTerminal(state: State): boolean {
  return STATES[state].terminal;
}

/** The order may be open at the broker: something has left, or may have, and no final state is known. */
export function maybeAtBroker(state: State): boolean {
  return ["SEND_STARTED", "WORKING", "PARTIAL", "CANCEL_REQUESTED", "UNKNOWN", "DISPUTED"].includes(state);
}

/** Counts as exposure and takes room in limits: an intent reserves its whole quantity, whether or not a byte has left yet. */
export function reservesRoom(state: State): boolean {
  return state === "INTENT" || maybeAtBroker(state);
}

/**
 * A cancel makes sense: the order may be open, or TWS has refused it and may hold it as inactive. Such an order can come
 * back; TWS shows it as cancelled then, and it stays BROKER_REJECTED, because that is why it never traded.
 */
export function canBeCancelled(state: State): boolean {
  return maybeAtBroker(state) || state === "BROKER_REJECTED";
}
