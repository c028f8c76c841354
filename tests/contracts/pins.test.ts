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
  "session.reopened",
];
const USER_NAMES = [
  "mcp-edge EDGE",
  "mcp-edge-usage CORE",
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
