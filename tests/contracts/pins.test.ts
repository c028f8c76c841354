import { USERS } from "@countersign/contracts/accounts";
import { AUDIT_KINDS } from "@countersign/contracts/audit";
import { DENIALS, FAULTS } from "@countersign/contracts/codes";
import { EVENTS, STATES, TRANSITIONS } from "@countersign/contracts/life";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, REPUBLISH, RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { DENIAL_CODES, FAULT_CODES } from "./pins-codes.ts";
import { rowOf } from "./pins-rows.ts";
import { SUBJECTS } from "./pins-subjects.ts";

/** What others rely on, written down once more. A red test here asks: is this change meant, and is it a new version? */

const DENIAL_CODES = [
  "INVALID_ARGUMENT 400",
  "UNAUTHENTICATED 401",
  "FORBIDDEN 403",
  "NOT_FOUND 404",
  "METHOD_NOT_ALLOWED 405",
  "PAYLOAD_TOO_LARGE 413",
  "RATE_LIMITED 429",
  "PROPOSAL_NOT_FOUND 404",
  "ORDER_NOT_FOUND 404",
  "UNKNOWN_INSTRUMENT 404",
  "AMBIGUOUS_SYMBOL 409",
  "ACCOUNT_NOT_PERMITTED 403",
  "ACCOUNT_NOT_PAPER 403",
  "IDEMPOTENCY_KEY_REUSED 409",
  "TOO_MANY_OPEN_PROPOSALS 429",
  "LIMIT_PRICE_REQUIRED 400",
  "TICKET_HASH_MISMATCH 409",
  "PROPOSAL_NOT_PENDING 409",
  "PROPOSAL_EXPIRED 409",
  "APPROVAL_EXPIRED 409",
  "APPROVAL_INVALID 403",
  "APPROVAL_CONSUMED 409",
  "ROSTER_REFUSED 409",
  "NOT_AN_APPROVER 403",
  "SECOND_APPROVER_REQUIRED 409",
  "PASSKEY_REQUIRED 409",
  "CONFIRMATION_REQUIRED 409",
  "CONFIRMATION_INVALID 400",
  "PASSKEY_INVALID 400",
  "AUTO_APPROVAL_NOT_ALLOWED 403",
  "AUTO_APPROVAL_POLICY_INVALID 409",
  "SELF_APPROVAL 403",
  "ORDER_NOT_CANCELLABLE 409",
  "ORDER_NOT_CLOSABLE 409",
  "ABSENCE_NOT_PROVEN 409",
  "CLOSE_NEEDS_ANOTHER_PERSON 409",
  "MODIFY_EMPTY 400",
  "MODIFY_NOT_ALLOWED 400",
  "ORDER_NOT_MODIFIABLE 409",
  "REDUCE_NOT_SMALLER 400",
  "REDUCE_NOT_ALLOWED 409",
  "ORDER_CHANGED 409",
  "KILL_SWITCH_HALTED 423",
  "KILL_SWITCH_REDUCE_ONLY 423",
  "KILL_RESET_REFUSED 409",
  "KILL_SWITCH_SCOPE_INVALID 400",
  "TOO_MANY_CONFIRMATIONS 409",
  "RISK_DENIED 409",
  "LIVE_GATE_MISSING 409",
  "QUOTE_MISSING 409",
  "QUOTE_STALE 409",
  "QUOTE_NOT_LIVE 409",
  "QUOTE_IMPLAUSIBLE 409",
  "MAX_ORDER_QUANTITY 409",
  "MAX_ORDER_NOTIONAL 409",
  "NOTIONAL_UNKNOWN 409",
  "INSTRUMENT_NOT_PERMITTED 409",
  "MARKET_CLOSED 409",
  "MARKET_HOURS_UNKNOWN 409",
  "MARGIN_INSUFFICIENT 409",
  "WHAT_IF_MISSING 409",
  "PRICE_OFF_TICK 409",
  "QUANTITY_OFF_STEP 409",
  "ORDER_FIELDS_INVALID 400",
  "TIME_IN_FORCE_NOT_ALLOWED 400",
  "GOOD_TILL_INVALID 400",
  "OUTSIDE_RTH_NOT_ALLOWED 400",
  "BRACKET_NOT_ALLOWED 400",
  "ORDER_TYPE_NOT_PERMITTED 409",
  "PRICE_ON_WRONG_SIDE 409",
  "INSTRUMENT_UNCERTAIN 409",
  "INSTRUMENT_GONE 410",
  "IDENTIFIER_INVALID 400",
  "BATCH_TOO_LARGE 400",
  "NO_RATE 404",
  "COMBO_INVALID 400",
  "PACING_WAIT 429",
  "PACING_REFUSED 429",
  "DATA_TOO_OLD 409",
  "EXCHANGE_UNKNOWN 404",
  "HOLIDAYS_UNKNOWN 409",
  "SETTLEMENT_UNKNOWN 409",
  "NO_DATA 404",
  "DATA_KIND_NOT_OFFERED 400",
  "RANGE_TOO_LONG 400",
];
const FAULT_CODES = [
  "UNAVAILABLE 503 retryable",
  "TIMEOUT 504 retryable",
  "OUTCOME_UNKNOWN 504 final",
  "BUS_UNAVAILABLE 503 retryable",
  "BROKER_UNAVAILABLE 503 retryable",
  "BROKER_RESTARTING 503 retryable",
  "BROKER_READ_ONLY 503 retryable",
  "BROKER_REFUSED 502 final",
  "MARKET_DATA_UNAVAILABLE 503 retryable",
  "AUDIT_UNAVAILABLE 503 retryable",
  "STORE_REFUSED 503 retryable",
  "CONFLICT 409 retryable",
  "SCHEMA_UNSUPPORTED 500 final",
  "BUSY 503 retryable",
  "INTERNAL 500 final",
];
const STATE_NAMES = [
  "PROPOSED",
  "SIMULATED",
  "RISK_DENIED final",
  "PENDING_APPROVAL",
  "REJECTED final",
  "EXPIRED final",
  "WITHDRAWN final",
  "VOIDED final",
  "APPROVED",
  "INTENT",
  "KILLED_NOT_SENT final",
  "SEND_STARTED",
  "WORKING",
  "PARTIAL",
  "CANCEL_REQUESTED",
  "FILLED final",
  "MODIFIED final",
  "CANCELLED final",
  "BROKER_REJECTED final",
  "UNKNOWN",
  "CLOSED_ABSENT final",
  "DISPUTED",
];
const EVENT_NAMES = [
  "proposed proposal",
  "simulated proposal",
  "riskDenied proposal",
  "admitted proposal",
  "reduced proposal",
  "countersigned decision",
  "approved decision",
  "rejected decision",
  "expired decision",
  "withdrawn decision",
  "voided decision",
  "intent exec",
  "killedNotSent exec",
  "sendStarted exec",
  "acknowledged exec",
  "partiallyFilled exec",
  "filled exec",
  "commission exec",
  "cancelRequested exec",
  "cancelled exec",
  "brokerRejected exec",
  "lost exec",
  "completed exec",
  "modified exec",
  "closedAbsent exec",
  "resolvedOpen exec",
  "resolvedPartial exec",
  "resolvedFilled exec",
  "resolvedCancelled exec",
  "resolvedRejected exec",
  "disputed exec",
  "brokerSaid exec",
  "drifted exec",
  "corrected exec",
  "comboLegFilled exec",
  "leg exec",
  "absent exec",
  "closeRequested exec",
  "modifyRequested exec",
  "termsReplaced exec",
  "modifyClosed exec",
  "assessed policy",
];
const KINDS = [
  "order.edge",
  "order.refused",
  "approval.refused",
  "kill.changed",
  "kill.tripped",
  "kill.reset",
  "kill.report",
  "tool.called",
  "security.refused",
  "service.started",
  "service.stopped",
  "broker.link",
  "broker.fault",
  "reconciliation",
  "audit.gap",
  "policy.assessed",
  "policy.changed",
  "riskPolicy.changed",
];
const USER_NAMES = [
  "mcp-edge EDGE",
  "market-data CORE",
  "risk-gate CORE",
  "approval-core CORE",
  "approval-ops OPS",
  "approval-exec EXEC",
  "broker-gateway-core CORE",
  "broker-gateway-exec EXEC",
  "audit-writer AUDIT",
  "admin-core CORE",
  "admin-ops OPS",
  "provisioner CORE",
  "audit-provisioner AUDIT",
  "sys SYS",
];
const EDGES = [
  "PROPOSED: simulated SIMULATED",
  "SIMULATED: riskDenied RISK_DENIED, admitted PENDING_APPROVAL",
  "RISK_DENIED: ",
  "PENDING_APPROVAL: reduced PENDING_APPROVAL, countersigned PENDING_APPROVAL, approved APPROVED, rejected REJECTED, expired EXPIRED, withdrawn WITHDRAWN, voided VOIDED",
  "REJECTED: ",
  "EXPIRED: ",
  "WITHDRAWN: ",
  "VOIDED: ",
  "APPROVED: intent INTENT, expired EXPIRED, voided VOIDED",
  "INTENT: sendStarted SEND_STARTED, killedNotSent KILLED_NOT_SENT, lost UNKNOWN, disputed DISPUTED",
  "KILLED_NOT_SENT: disputed DISPUTED",
  "SEND_STARTED: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, completed FILLED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, modified MODIFIED, commission SEND_STARTED",
  "WORKING: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, completed FILLED, lost UNKNOWN, disputed DISPUTED, cancelRequested CANCEL_REQUESTED, modifyRequested WORKING, commission WORKING",
  "PARTIAL: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, completed FILLED, lost UNKNOWN, disputed DISPUTED, cancelRequested CANCEL_REQUESTED, modifyRequested PARTIAL, commission PARTIAL",
  "CANCEL_REQUESTED: partiallyFilled CANCEL_REQUESTED, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, completed FILLED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, cancelRequested CANCEL_REQUESTED, commission CANCEL_REQUESTED",
  "FILLED: commission FILLED, disputed DISPUTED",
  "MODIFIED: ",
  "CANCELLED: commission CANCELLED, partiallyFilled CANCELLED, filled FILLED, disputed DISPUTED",
  "BROKER_REJECTED: disputed DISPUTED, acknowledged WORKING, cancelRequested BROKER_REJECTED",
  "UNKNOWN: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, completed FILLED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, modified MODIFIED, commission UNKNOWN, closedAbsent CLOSED_ABSENT, cancelRequested UNKNOWN",
  "CLOSED_ABSENT: disputed DISPUTED",
  "DISPUTED: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, completed FILLED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, commission DISPUTED, closedAbsent CLOSED_ABSENT, resolvedOpen WORKING, resolvedPartial PARTIAL, resolvedFilled FILLED, resolvedCancelled CANCELLED, resolvedRejected BROKER_REJECTED, cancelRequested DISPUTED",
];

test("subjects: kind, schema, who speaks, who hears", () => {
  const rows = [RPCS, AUDIT_APPENDS, FACTS, HEARTBEATS, MARKET_FEEDS]
    .flatMap((table) => Object.values(table))
    .map(rowOf);
  expect(rows).toEqual(SUBJECTS);
  expect(REPUBLISH).toEqual({
    ORDERS: { source: "order.v1.>", destination: "live.v1.order.>" },
    KV_CONTROL: { source: "$KV.CONTROL.>", destination: "live.v1.control.>" },
  });
});

test("users and their accounts", () => {
  expect(Object.entries(USERS).map(([user, { account }]) => `${user} ${account}`)).toEqual(USER_NAMES);
});

test("codes of denials with their HTTP status", () => {
  expect(Object.entries(DENIALS).map(([code, { status }]) => `${code} ${status}`)).toEqual(DENIAL_CODES);
});

test("codes of faults with their HTTP status, and which may be repeated", () => {
  const rows = Object.entries(FAULTS).map(
    ([code, { status, retryable }]) => `${code} ${status} ${retryable ? "retryable" : "final"}`,
  );
  expect(rows).toEqual(FAULT_CODES);
});

test("states, events with their log, kinds of audit records", () => {
  expect(Object.entries(STATES).map(([state, { terminal }]) => (terminal ? `${state} final` : state))).toEqual(
    STATE_NAMES,
  );
  expect(Object.entries(EVENTS).map(([event, { facet }]) => `${event} ${facet}`)).toEqual(EVENT_NAMES);
  expect(AUDIT_KINDS).toEqual(KINDS);
});

test("every edge of the life of an order", () => {
  const rows = Object.entries(TRANSITIONS).map(([state, row]) => {
    const edges = Object.entries(row).map(([event, to]) => `${event} ${to}`);
    return `${state}: ${edges.join(", ")}`;
  });
  expect(rows).toEqual(EDGES);
});
