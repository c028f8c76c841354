import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { State } from "@countersign/contracts/life";
import { isTerminal } from "@countersign/contracts/life";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { canonicalJson } from "@countersign/ids/hash";
import { START_MS } from "../engine/sim-process.ts";
import type { FakeTws } from "../fakes/tws.ts";
import type { TwsOrder } from "../fakes/tws-orders.ts";
import { contradictionOfBracket } from "./brackets.ts";
import { atBroker, contradictionOfChange, wrongTerms } from "./changes.ts";
import type { Audited, StoredFact, TrueOrder, Truth } from "./truth.ts";

type Report = (invariant: string, what: string) => void;

const UNDECIDED: readonly State[] = ["PROPOSED", "SIMULATED", "PENDING_APPROVAL", "APPROVED", "INTENT", "SEND_STARTED"];

/** Undefined: every order has come to rest. Otherwise which has not. */
export function unsettled(truth: Truth, views: Map<string, ProposalView>, tws: FakeTws): string | undefined {
  const staged = tws.orders.find(({ status }) => status === "staged");
  if (staged !== undefined) return `order ${staged.sent.orderId} lies untransmitted at the broker`;
  for (const [proposalId, order] of truth.orders) {
    if (order.tampered) continue;
    const view = views.get(proposalId);
    const state = view?.state ?? "PROPOSED";
    if (UNDECIDED.includes(state) && order.decisions.length > 0) return `${proposalId} is ${state}`;
    const { modifies } = order.ticket;
    const wrong =
      modifies === undefined
        ? contradiction(order, state, tws)
        : contradictionOfChange(order, state, atBroker(tws, modifies.orderRef));
    if (wrong !== undefined) return wrong;
    if (view === undefined || order.exits.length === 0) continue;
    const ofExits = contradictionOfBracket(order, view, tws, fits);
    if (ofExits !== undefined) return ofExits;
  }
  return undefined;
}

/** Where the log and the broker tell different things of one order; undefined: nowhere. */
function contradiction(known: TrueOrder, state: State, tws: FakeTws): string | undefined {
  const { ticket, orderRef, exec } = known;
  const name = `${ticket.proposalId} is ${state}`;
  const order = atBroker(tws, orderRef);
  if (order === undefined) {
    const never = isTerminal(state) ? !["FILLED", "CANCELLED", "BROKER_REJECTED"].includes(state) : true;
    return never && !["WORKING", "PARTIAL"].includes(state) ? undefined : `${name}, and the broker never had it`;
  }
  const recorded = new Set(exec.flatMap(({ fact }) => ("execution" in fact ? [fact.execution.execId] : [])));
  const missing = order.executions.find(({ execId }) => !recorded.has(execId));
  if (missing !== undefined) return `${name}, and execution ${missing.execId} is not recorded`;
  // Of an order that was refused and then cancelled both are true, and nothing of it was filled.
  if (state === "BROKER_REJECTED" && order.rejected && order.status === "Cancelled") return undefined;
  const terms = wrongTerms(known, order);
  if (terms !== undefined) return `${name}: ${terms}`;
  return fits(state, order) ? undefined : `${name}, and the broker says ${order.status} (${order.filled})`;
}

function fits(state: State, order: TwsOrder): boolean {
  if (state === "DISPUTED") return order.rejected;
  switch (order.status) {
    case "Filled":
      return state === "FILLED";
    case "Cancelled":
      // Of what was cancelled before the broker took it, its lists say nothing.
      return state === "CANCELLED" || (state === "UNKNOWN" && order.permId === null);
    case "Inactive":
      return state === "BROKER_REJECTED" || state === "UNKNOWN";
    case "arrived":
    case "dropped":
    case "staged":
      return state === "UNKNOWN";
    default:
      return ["WORKING", "PARTIAL", "CANCEL_REQUESTED"].includes(state);
  }
}

/** In so much time without faults, whoever promised to try again has done so: a read that was lost before takes 5 s of it. */
const TRIED_WITHIN_MS = 7_000;

/** Nobody was told that an approval would be used later, and then it was left to expire. */
export function checkPromises(truth: Truth, calmFromMs: number, report: Report): void {
  for (const [proposalId, promisedAtMs] of truth.promised) {
    const order = truth.orders.get(proposalId);
    const last = order?.decisions.at(-1)?.fact;
    if (order === undefined || order.tampered || last?.type !== "expired/1") continue;
    const leftMs = Date.parse(last.deadline) - START_MS - Math.max(promisedAtMs, calmFromMs);
    const tried = (truth.handedOver.get(proposalId) ?? Number.NEGATIVE_INFINITY) >= promisedAtMs;
    if (!tried && leftMs > TRIED_WITHIN_MS) report("L1", `${proposalId} was to be tried again, and never was`);
  }
}

/** The audit has every edge that the gateway and approval have written. */
export function checkAudit(truth: Truth, report: Report): void {
  for (const [proposalId, { decisions, exec, tampered }] of truth.orders) {
    if (tampered) continue;
    const entries = truth.audited.get(proposalId) ?? [];
    for (const facts of [decisions, exec]) {
      for (const one of facts) {
        one.told ||= entries.some((entry) => tells(entry, one));
        if (!one.told) report("I11", `${proposalId}: the audit has no ${one.fact.type}`);
      }
    }
  }
}

function tells(audited: Audited, { fact, stored }: StoredFact<DecisionFact | ExecFact>): boolean {
  const { body } = audited.entry;
  const [leg, own] = fact.type === "leg/1" ? [fact.leg, fact.fact] : ["entry", fact];
  if (own.type === "cancelRequested/1" && body.event === "cancelRequested" && body.leg === leg) return true;
  if (body.fact === fact) return true;
  if ((body.fact as { type?: string } | undefined)?.type !== fact.type) return false;
  audited.text ??= JSON.stringify(body.fact);
  return audited.text === stored.text || canonicalJson(body.fact) === canonicalJson(fact);
}
