import { USERS } from "@countersign/contracts/accounts";
import { AUDIT_KINDS } from "@countersign/contracts/audit";
import { DENIALS, FAULTS } from "@countersign/contracts/codes";
import { EVENTS, STATES, TRANSITIONS } from "@countersign/contracts/life";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, REPUBLISH, RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { rowOf } from "./pins-rows.ts";

/** What others rely on, written down once more. A red test here asks: is this change meant, and is it a new version? */

const SUBJECTS = [
  "rpc rpc.v1.risk.propose risk.propose/1: mcp-edge -> risk-gate write",
  "rpc rpc.v1.risk.preview risk.preview/1: mcp-edge -> risk-gate read",
  "rpc rpc.v1.risk.verdict risk.verdict/1: approval-core,broker-gateway-core -> risk-gate read",
  "rpc rpc.v1.risk.limits risk.limits/1: mcp-edge,admin-core -> risk-gate read",
  "rpc rpc.v1.proposal.get proposal.get/1: mcp-edge,admin-core -> risk-gate read",
  "rpc rpc.v1.proposal.list proposal.list/1: mcp-edge,admin-core -> risk-gate read",
  "rpc rpc.v1.approval.withdraw approval.withdraw/1: mcp-edge -> approval-core write",
  "rpc rpc.v1.approval.cancel approval.cancel/1: mcp-edge,admin-core -> approval-core write",
  "rpc ops.v1.approval.approve approval.approve/1: admin-ops -> approval-ops write",
  "rpc ops.v1.approval.reject approval.reject/1: admin-ops -> approval-ops write",
  "rpc exec.v1.submit.{account} exec.submit/1: approval-exec -> broker-gateway-exec write",
  "rpc exec.v1.cancel.{account} exec.cancel/1: approval-exec -> broker-gateway-exec write",
  "rpc rpc.v1.broker.status broker.status/1: mcp-edge,admin-core,market-data,risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.accounts broker.accounts/1: mcp-edge,admin-core,risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.summary broker.summary/1: mcp-edge,admin-core,risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.positions broker.positions/1: mcp-edge,admin-core,risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.open-orders broker.open-orders/1: mcp-edge,admin-core,risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.executions broker.executions/1: mcp-edge,admin-core,risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.what-if broker.what-if/1: risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.order-facts broker.order-facts/1: risk-gate -> broker-gateway-core read",
  "rpc rpc.v1.broker.quote broker.quote/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.bars broker.bars/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.contract broker.contract/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.search broker.search/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.account-updates broker.account-updates/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.account-values broker.account-values/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.model-positions broker.model-positions/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.pnl broker.pnl/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.position-pnl broker.position-pnl/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.completed-orders broker.completed-orders/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.family-codes broker.family-codes/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.user-info broker.user-info/1: admin-core -> broker-gateway-core read",
  "rpc rpc.v1.broker.details broker.details/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.option-chains broker.option-chains/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.market-rule broker.market-rule/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.smart-components broker.smart-components/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.depth-exchanges broker.depth-exchanges/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.ticks broker.ticks/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.depth broker.depth/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.tick-by-tick broker.tick-by-tick/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.live-bars broker.live-bars/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.past-ticks broker.past-ticks/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.head-timestamp broker.head-timestamp/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.histogram broker.histogram/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.schedule broker.schedule/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.scan-parameters broker.scan-parameters/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.scan broker.scan/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.news-providers broker.news-providers/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.headlines broker.headlines/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.broker.article broker.article/1: market-data -> broker-gateway-core read",
  "rpc rpc.v1.md.quote md.quote/1: mcp-edge,admin-core,risk-gate -> market-data read",
  "rpc rpc.v1.md.bars md.bars/1: mcp-edge -> market-data read",
  "rpc rpc.v1.md.contract md.contract/1: mcp-edge,admin-core,risk-gate -> market-data read",
  "rpc rpc.v1.md.search md.search/1: mcp-edge -> market-data read",
  "rpc rpc.v1.md.session md.session/1: mcp-edge,risk-gate -> market-data read",
  "rpc rpc.v1.md.rate md.rate/1: mcp-edge,risk-gate -> market-data read",
  "rpc rpc.v1.md.order-facts md.order-facts/1: risk-gate -> market-data read",
  "rpc ops.v1.audit.list audit.list/1: admin-ops -> audit-writer read",
  "rpc ops.v1.audit.verify audit.verify/1: admin-ops -> audit-writer read",
  "rpc audit.v1.append.mcp-edge audit.append/1: mcp-edge -> audit-writer write",
  "rpc audit.v1.append.risk-gate audit.append/1: risk-gate -> audit-writer write",
  "rpc audit.v1.append.approval audit.append/1: approval-core -> audit-writer write",
  "rpc audit.v1.append.broker-gateway audit.append/1: broker-gateway-core -> audit-writer write",
  "rpc audit.v1.append.admin-api audit.append/1: admin-core -> audit-writer write",
  "fact order.v1.{account}.{proposal}.proposal order.proposal/1: risk-gate -> risk-gate,approval-core,broker-gateway-core ORDERS",
  "fact order.v1.{account}.{proposal}.decision order.decision/1: approval-core -> risk-gate,approval-core,broker-gateway-core ORDERS",
  "fact order.v1.{account}.{proposal}.exec order.exec/1: broker-gateway-core -> risk-gate,approval-core,broker-gateway-core ORDERS",
  "fact $KV.CONTROL.kill.{scope...} control.kill/1: admin-core -> risk-gate,approval-core,broker-gateway-core,admin-core KV_CONTROL",
  "fact $KV.CONTROL.writer.broker-gateway control.writer/1: broker-gateway-core -> risk-gate,approval-core,broker-gateway-core,admin-core KV_CONTROL",
  "fact $KV.CONTROL.claim.{account}.{proposal} control.claim/1: broker-gateway-core -> risk-gate,approval-core,broker-gateway-core,admin-core KV_CONTROL",
  "fact $KV.LEASES.broker-gateway control.lease/1: broker-gateway-core -> broker-gateway-core KV_LEASES",
  "fact audit.v1.rec.{kind} audit.record/1: audit-writer -> audit-writer AUDIT",
  "broadcast hb.v1.mcp-edge heartbeat/1: mcp-edge -> admin-core",
  "broadcast hb.v1.market-data heartbeat/1: market-data -> admin-core",
  "broadcast hb.v1.risk-gate heartbeat/1: risk-gate -> admin-core",
  "broadcast hb.v1.approval heartbeat/1: approval-core -> admin-core",
  "broadcast hb.v1.broker-gateway heartbeat/1: broker-gateway-core -> admin-core",
  "broadcast hb.v1.audit-writer heartbeat/1: audit-writer -> admin-core",
];
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
  "SELF_APPROVAL 403",
  "ORDER_NOT_CANCELLABLE 409",
  "KILL_SWITCH_HALTED 423",
  "KILL_SWITCH_REDUCE_ONLY 423",
  "KILL_SWITCH_SCOPE_INVALID 400",
  "RISK_DENIED 409",
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
  "closedAbsent exec",
  "disputed exec",
  "brokerSaid exec",
  "drifted exec",
  "leg exec",
];
const KINDS = [
  "order.edge",
  "order.refused",
  "approval.refused",
  "kill.changed",
  "tool.called",
  "security.refused",
  "service.started",
  "service.stopped",
  "broker.link",
  "broker.fault",
  "reconciliation",
  "audit.gap",
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
  "PENDING_APPROVAL: approved APPROVED, rejected REJECTED, expired EXPIRED, withdrawn WITHDRAWN, voided VOIDED",
  "REJECTED: ",
  "EXPIRED: ",
  "WITHDRAWN: ",
  "VOIDED: ",
  "APPROVED: intent INTENT, expired EXPIRED, voided VOIDED",
  "INTENT: sendStarted SEND_STARTED, killedNotSent KILLED_NOT_SENT, lost UNKNOWN, disputed DISPUTED",
  "KILLED_NOT_SENT: disputed DISPUTED",
  "SEND_STARTED: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, commission SEND_STARTED",
  "WORKING: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, lost UNKNOWN, disputed DISPUTED, cancelRequested CANCEL_REQUESTED, commission WORKING",
  "PARTIAL: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, lost UNKNOWN, disputed DISPUTED, cancelRequested CANCEL_REQUESTED, commission PARTIAL",
  "CANCEL_REQUESTED: partiallyFilled CANCEL_REQUESTED, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, cancelRequested CANCEL_REQUESTED, commission CANCEL_REQUESTED",
  "FILLED: commission FILLED, disputed DISPUTED",
  "CANCELLED: commission CANCELLED, partiallyFilled CANCELLED, filled FILLED, disputed DISPUTED",
  "BROKER_REJECTED: disputed DISPUTED, acknowledged WORKING",
  "UNKNOWN: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, commission UNKNOWN, closedAbsent CLOSED_ABSENT, cancelRequested UNKNOWN",
  "CLOSED_ABSENT: disputed DISPUTED",
  "DISPUTED: partiallyFilled PARTIAL, filled FILLED, cancelled CANCELLED, brokerRejected BROKER_REJECTED, lost UNKNOWN, disputed DISPUTED, acknowledged WORKING, commission DISPUTED, closedAbsent CLOSED_ABSENT, cancelRequested DISPUTED",
];

test("subjects: kind, schema, who speaks, who hears", () => {
  const rows = [RPCS, AUDIT_APPENDS, FACTS, HEARTBEATS].flatMap((table) => Object.values(table)).map(rowOf);
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
