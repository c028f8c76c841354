import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { orderBehaviourOf } from "@countersign/contracts/ib-codes";
import { maybeAtBroker, next } from "@countersign/contracts/life";
import { add, compare, decimal, toText } from "@countersign/money/decimal";
import { missingOf } from "@countersign/orders/absences";
import { rootOf } from "@countersign/orders/corrections";
import { mostOf, refuses } from "./change.ts";
import { changeDrafts, replaced } from "./change-evidence.ts";
import { differencesOf } from "./drift.ts";
import type { Draft, Evidence } from "./evidence.ts";
import { applyDraft, type ExecState, filledQuantity, wordsOf } from "./exec-state.ts";

const ACCEPTED = new Set(["PreSubmitted", "Submitted"]);
const CANCELLED = new Set(["Cancelled", "ApiCancelled"]);
/** Shown by TWS before the order has left it, so no proof that it arrived. */
const NOT_YET = new Set(["ApiPending", "PendingSubmit"]);

/**
 * The facts that one piece of evidence adds to an order's log; none when it says nothing new. Pure. Evidence comes in any
 * order and any number of times; each draft is an edge of the life of an order, and a contradiction becomes a dispute.
 */
export function plan(order: ExecState, evidence: Evidence): Draft[] {
  const drafts = draftsOf(order, evidence);
  drafts.push(...changeDrafts(drafts.reduce(applyDraft, order), evidence));
  const after = drafts.reduce<ExecState>(applyDraft, order);
  // What is disputed stays so until a person decides, whatever else arrives.
  const reopened = after.dispute !== null && after.state !== "DISPUTED" && next(after.state, "disputed") !== undefined;
  return reopened && after.dispute !== null ? [...drafts, disputed(after.dispute)] : drafts;
}

function draftsOf(order: ExecState, evidence: Evidence): Draft[] {
  switch (evidence.kind) {
    case "seen":
      return seenAndShown(order, evidence);
    case "executed":
      return executed(order, evidence.execution, evidence.permId);
    case "charged":
      return charged(order, evidence);
    case "error":
      return failed(order, evidence);
    case "ended":
      return evidence.as === "cancelled"
        ? cancelled(order, null, evidence.text)
        : rejected(order, { code: null, text: evidence.text });
    case "stillOpen":
      return stillOpen(order, evidence.status);
    case "filledFurther":
      return filledFurther(order, evidence.inAll);
    case "lost":
      return lost(order, evidence.reason, evidence.unacknowledgedOnly);
    case "absent":
      return absent(order, evidence);
  }
}

const TWO_ORDERS = "two orders carry this reference";

/** The broker has more under the reference than was sent, and no person has settled it yet. */
export function isTwoOrders({ state, dispute }: Pick<ExecState, "state" | "dispute">): boolean {
  return state === "DISPUTED" && dispute !== null && dispute.startsWith(TWO_ORDERS);
}

/** The broker's own number is another one than the order has had so far; undefined: it is not, or one is not known. */
function twoOrders({ permId: known }: ExecState, permId: string | null): string | undefined {
  return permId === null || known === null || permId === known ? undefined : `${TWO_ORDERS}: ${known}, ${permId}`;
}

function seen(order: ExecState, evidence: Extract<Evidence, { kind: "seen" }>): Draft[] {
  const { status, permId, whyHeld, adopted } = evidence;
  const twice = twoOrders(order, permId);
  // It is said over any other contradiction: this one stops the instrument.
  if (twice !== undefined) return isTwoOrders(order) ? [] : [disputed(twice)];
  if (["KILLED_NOT_SENT", "CLOSED_ABSENT", "INTENT"].includes(order.state)) {
    return [disputed(`the broker shows it as ${status} although it was ${order.state}`)];
  }
  const acknowledged: Draft = { type: "acknowledged/1", permId, status, whyHeld };
  if (CANCELLED.has(status)) return cancelled(order, null, status);
  const isNews = order.state === "SEND_STARTED" || order.state === "UNKNOWN";
  if (isNews) return NOT_YET.has(status) && !adopted ? [] : [acknowledged];
  if (order.state === "BROKER_REJECTED") return ACCEPTED.has(status) ? [acknowledged] : [];
  if (order.state === "CANCEL_REQUESTED") return ACCEPTED.has(status) && adopted ? [acknowledged] : [];
  return [];
}

/** The broker has taken back how it ended, as after a cancel that came too late: such an order is live, and can be cancelled. */
function stillOpen({ state }: ExecState, status: string): Draft[] {
  const ended = state === "CANCELLED" || state === "FILLED";
  return ended && ACCEPTED.has(status) ? [disputed(`the broker shows it as ${status} although it was ${state}`)] : [];
}

/** An execution that never came: what is held is not what the log says. A person who has settled just this is not asked again. */
function filledFurther(order: ExecState, inAll: string): Draft[] {
  const filled = filledQuantity(order);
  if (order.state !== "CANCELLED" || compare(decimal(inAll), filled) <= 0) return [];
  const why = `the broker has ${inAll} of it as filled, and has shown executions of ${toText(filled)}`;
  return order.settledDispute === why ? [] : [disputed(why)];
}

/** The terms first: what they are decides whether what is filled is all. */
function seenAndShown(order: ExecState, evidence: Extract<Evidence, { kind: "seen" }>): Draft[] {
  const change = replaced(order, evidence.shown);
  const drafts = [...change, ...seen(change.reduce(applyDraft, order), evidence)];
  return [...drafts, ...shown(drafts.reduce(applyDraft, order), evidence)];
}

function cancelled(order: ExecState, code: number | null, text: string): Draft[] {
  const possible = maybeAtBroker(order.state) && order.state !== "DISPUTED";
  return possible ? [{ type: "cancelled/1", code, text }] : [];
}

function executed(order: ExecState, execution: Execution, permId: string | null): Draft[] {
  if (order.executions.has(execution.execId)) return [];
  const known = [...order.executions.values()].find(({ execId }) => rootOf(execId) === rootOf(execution.execId));
  if (known !== undefined) return corrected(order, execution, known);
  const { comboLeg } = execution;
  if (comboLeg !== undefined) return legFilled(order, { ...execution, comboLeg });
  const drafts: Draft[] = [];
  const total = add(filledQuantity(order), decimal(execution.quantity));
  const excess = compare(total, mostOf(order));
  const why = twoOrders(order, permId) ?? contradiction(order, execution, excess > 0);
  if (why !== undefined) drafts.push(...(isTwoOrders(order) ? [] : [disputed(why)]));
  // More than the old terms allow, and not more than the new ones: the change has happened.
  else if (order.pending !== undefined && compare(total, decimal(order.quantity)) > 0) {
    drafts.push({ type: "termsReplaced/1", by: order.pending.by, terms: order.pending.terms });
  }
  const type = excess === 0 ? "filled/1" : "partiallyFilled/1";
  drafts.push({ type, permId: order.permId ?? permId, execution });
  return drafts;
}

/** What a fill of the combination did in one leg. It says nothing of how far the order is: the execution of the whole does. */
function legFilled(order: ExecState, execution: Extract<Draft, { type: "comboLegFilled/1" }>["execution"]): Draft[] {
  const draft: Draft = { type: "comboLegFilled/1", execution };
  const { comboLeg, execId } = execution;
  if (!order.conids.includes(comboLeg)) return [disputed(`${comboLeg} is no leg of the order (${execId})`), draft];
  const why = order.state === "FILLED" ? undefined : contradiction(order, execution, false);
  return why === undefined ? [draft] : [disputed(why), draft];
}

/** Another price is the broker's to say; another side or quantity is for a person to look at. */
function corrected(order: ExecState, execution: Execution, known: Execution): Draft[] {
  const draft: Draft = { type: "corrected/1", execution, known: known.execId };
  if (order.state === "DISPUTED") return [draft];
  if (known.side !== execution.side)
    return [draft, disputed(`the broker corrected ${known.side} of ${known.execId} to ${execution.side}`)];
  const same = compare(decimal(known.quantity), decimal(execution.quantity)) === 0;
  if (same) return [draft];
  return [draft, disputed(`the broker corrected ${known.quantity} of ${known.execId} to ${execution.quantity}`)];
}

/** Why this execution cannot be what was countersigned; undefined when it can. */
function contradiction(order: ExecState, execution: Execution, overfilled: boolean): string | undefined {
  const what = `${execution.side} ${execution.quantity} at ${execution.price} (${execution.execId})`;
  if (overfilled) return `more was executed than ordered: ${what}`;
  if (isOtherSide(order, execution)) return `executed on the other side than was ordered: ${what}`;
  if (["KILLED_NOT_SENT", "CLOSED_ABSENT", "INTENT", "BROKER_REJECTED", "FILLED"].includes(order.state)) {
    return `executed although it was ${order.state}: ${what}`;
  }
  return undefined;
}

/** A combination that costs less than nothing may be shown under either side. */
function isOtherSide({ sent }: ExecState, { side }: Execution): boolean {
  return sent.legs.length === 0 && side !== (sent.side === "BUY" ? "BOT" : "SLD");
}

function charged(order: ExecState, evidence: Extract<Evidence, { kind: "charged" }>): Draft[] {
  const { execId, commission, realizedPnl } = evidence;
  if (order.commissions.has(execId) || !order.executions.has(execId)) return [];
  if (next(order.state, "commission") === undefined) return [];
  return [{ type: "commission/1", execId, commission, realizedPnl }];
}

type Failed = Extract<Evidence, { kind: "error" }>;

/** Every message is kept in its own words, unless the fact that it causes has them. */
function failed(order: ExecState, error: Failed): Draft[] {
  const drafts = consequenceOf(order, error);
  const kept = drafts.some(({ type }) => type === "brokerRejected/1" || type === "cancelled/1");
  return kept ? drafts : [...said(order, error), ...drafts];
}

function consequenceOf(order: ExecState, { code, text, advancedReject }: Failed): Draft[] {
  // While a change is open, a no may be about the change alone: what the broker shows next decides.
  if (order.pending !== undefined && refuses(code, text)) return [];
  const isNew = order.permId === null && (order.state === "SEND_STARTED" || order.state === "UNKNOWN");
  const words = { code, text, ...(advancedReject !== undefined && { advancedReject }) };
  const reason = `TWS ${code}: ${text}`;
  switch (orderBehaviourOf(code, text)) {
    case "livesOn":
      return [];
    case "cancelled":
      // The status that comes beside it says so, and comes first. Alone it proves nothing.
      return lost(order, reason, false);
    case "rejected":
      return rejected(order, words);
    case "rejectedIfNew":
      return isNew ? rejected(order, words) : lost(order, reason, false);
    case "lookUp":
      return lost(order, reason, true);
    case "duplicateId":
    case "queryAgain":
      return lost(order, reason, false);
  }
}

/** A broker that repeats itself, or has something new to say all the time, must not fill the log. */
const SAID_MAX = 50;
/** The words under which TWS says that there is nothing more to say. */
const NOTHING_SAID = new Set(["", "202 Order Canceled - reason:", "202 Order Canceled - reason: "]);

function said(order: ExecState, words: { code: number | null; text: string; advancedReject?: string }): Draft[] {
  const { code, text, advancedReject } = words;
  const key = wordsOf(words);
  const known = order.said.has(key) || order.said.size >= SAID_MAX;
  if (text === "" || NOTHING_SAID.has(key) || (known && !isFirstNo(order, words))) return [];
  if (next(order.state, "brokerSaid") === undefined) return [];
  return [{ type: "brokerSaid/1", code, text, ...(advancedReject !== undefined && { advancedReject }) }];
}

/** The first no to the open change, perhaps in words that an earlier change was refused with: without it nobody ends this one. */
function isFirstNo({ pending }: ExecState, { code, text }: { code: number | null; text: string }): boolean {
  return pending !== undefined && pending.refusal === undefined && code !== null && refuses(code, text);
}

/** What the broker shows of the order itself: its terms, and what it warns of. */
function shown(order: ExecState, { shown: terms, warning }: Extract<Evidence, { kind: "seen" }>): Draft[] {
  const warned = warning === undefined ? [] : said(order, { code: null, text: warning });
  if (terms === undefined || !maybeAtBroker(order.state)) return warned;
  const differences = differencesOf(order.sent, terms, order.leg !== "entry");
  const known = JSON.stringify(differences) === JSON.stringify(order.drift);
  return known ? warned : [...warned, { type: "drifted/1", differences }];
}

function rejected(order: ExecState, words: { code: number | null; text: string; advancedReject?: string }): Draft[] {
  const { code, text } = words;
  if (order.executions.size > 0 && order.state !== "DISPUTED") {
    return [disputed(`rejected (${code ?? "status"}: ${text}) although something was executed`)];
  }
  const possible = maybeAtBroker(order.state) && order.state !== "DISPUTED";
  return possible ? [{ type: "brokerRejected/1", ...words }] : [];
}

function lost(order: ExecState, reason: string, unacknowledgedOnly: boolean): Draft[] {
  const acknowledged = ["WORKING", "PARTIAL", "CANCEL_REQUESTED"].includes(order.state);
  const possible = order.state === "SEND_STARTED" || (acknowledged && !unacknowledgedOnly);
  return possible ? [{ type: "lost/1", reason: reason.slice(0, 500) }] : [];
}

/** Kept for the person who may close it: until two in a row are there, and anew when the row was broken. */
function absent(order: ExecState, { reading, sinceMs }: Extract<Evidence, { kind: "absent" }>): Draft[] {
  if (order.state !== "UNKNOWN" && order.state !== "DISPUTED") return [];
  const known = order.absences ?? [];
  if (sinceMs !== null && missingOf(known) === undefined) return [];
  return [{ type: "absent/1", ...reading, sinceMs: known.length === 0 ? null : sinceMs }];
}

function disputed(evidence: string): Draft {
  return { type: "disputed/1", evidence: evidence.slice(0, 1000) };
}
