import { USERS, type User } from "./accounts.ts";
import { AuditRecord } from "./audit.ts";
import { BROKER_READS } from "./broker-reads.ts";
import type { Broadcast, Fact, Rpc } from "./contract-kinds.ts";
import {
  AccountMarks,
  Claim,
  KillSetting,
  Trip,
  TripReset,
  type TripService,
  WriterEpoch,
  WriterLease,
} from "./control.ts";
import { DecisionFact } from "./facts/decision-facts.v1.ts";
import { ExecFact } from "./facts/exec-facts.v1.ts";
import { JudgedFact, JudgedValuePiece } from "./facts/judged-facts.v1.ts";
import { AssessedFact, LedgerEntry } from "./facts/policy-facts.v1.ts";
import { ProposalFact } from "./facts/proposal-facts.v1.ts";
import { MARKET_READS } from "./market-reads.ts";
import * as approval from "./messages/approval.v1.ts";
import * as audit from "./messages/audit.v1.ts";
import * as autoApproval from "./messages/auto-approval.v1.ts";
import * as broker from "./messages/broker.v1.ts";
import { AgentUsage, EdgeUsage, ReopenSessionReply, ReopenSessionRequest } from "./messages/edge-usage.v1.ts";
import { Heartbeat } from "./messages/heartbeat.v1.ts";
import * as kill from "./messages/kill.v1.ts";
import * as live from "./messages/live.v1.ts";
import { StoredInstrument } from "./messages/md-instruments.v1.ts";
import { PacingHistory } from "./messages/md-pacing.v1.ts";
import * as orderFacts from "./messages/order-facts.v1.ts";
import * as proposal from "./messages/proposal.v1.ts";
import * as risk from "./messages/risk.v1.ts";
import * as riskPolicy from "./messages/risk-policy.v1.ts";
import { RiskPolicyEntry } from "./risk-policy.ts";

/** The one table of subjects. No subject is written anywhere else. */

const rpc = <const R extends Omit<Rpc, "kind">>(row: R) => ({ kind: "rpc", ...row }) as const;
const fact = <const F extends Omit<Fact, "kind">>(row: F) => ({ kind: "fact", ...row }) as const;
const broadcast = <const B extends Omit<Broadcast, "kind">>(row: B) => ({ kind: "broadcast", ...row }) as const;

const READ_MS = 2_000;
const WRITE_MS = 5_000;

export const RPCS = {
  propose: rpc({
    subject: "rpc.v1.risk.propose",
    text: "Record, simulate and judge an order",
    schema: "risk.propose/3",
    request: risk.ProposeRequest,
    reply: risk.ProposeReply,
    server: "risk-gate",
    callers: ["mcp-edge"],
    effect: "write",
    timeoutMs: 10_000,
  }),
  preview: rpc({
    subject: "rpc.v1.risk.preview",
    text: "Simulate and judge an order without recording it",
    schema: "risk.preview/3",
    request: risk.PreviewRequest,
    reply: risk.PreviewReply,
    server: "risk-gate",
    callers: ["mcp-edge"],
    effect: "read",
    timeoutMs: 10_000,
  }),
  verdict: rpc({
    subject: "rpc.v1.risk.verdict",
    text: "Judge a ticket again with fresh facts",
    schema: "risk.verdict/3",
    request: risk.VerdictRequest,
    reply: risk.VerdictReply,
    server: "risk-gate",
    callers: ["approval-core", "broker-gateway-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  reduce: rpc({
    subject: "rpc.v1.risk.reduce",
    text: "A person makes a proposal that waits smaller",
    schema: "risk.reduce/1",
    request: risk.ReduceRequest,
    reply: risk.ReduceReply,
    server: "risk-gate",
    callers: ["admin-core"],
    effect: "write",
    timeoutMs: 10_000,
  }),
  envelope: rpc({
    subject: "rpc.v1.risk.envelope",
    text: "Judge a ticket again, with the facts that a standing policy looks at",
    schema: "risk.envelope/2",
    request: autoApproval.EnvelopeRequest,
    reply: autoApproval.EnvelopeReply,
    server: "risk-gate",
    callers: ["approval-core"],
    effect: "read",
    timeoutMs: WRITE_MS,
  }),
  autoStatus: rpc({
    subject: "rpc.v1.approval.auto-status",
    text: "How the standing policy stands",
    schema: "approval.autoStatus/1",
    request: autoApproval.AutoStatusRequest,
    reply: autoApproval.AutoStatusReply,
    server: "approval-core",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  turnOffAuto: rpc({
    subject: "rpc.v1.approval.auto-off",
    text: "A service that sees a reason turns the standing policy off",
    schema: "approval.autoOff/1",
    request: autoApproval.TurnOffAutoRequest,
    reply: autoApproval.AutoStatusReply,
    server: "approval-core",
    callers: ["admin-core", "risk-gate", "broker-gateway-core"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  setAutoMode: rpc({
    subject: "ops.v1.approval.auto-mode",
    text: "A person turns the standing policy on, to shadow, or off",
    schema: "approval.autoMode/1",
    request: autoApproval.SetAutoModeRequest,
    reply: autoApproval.AutoStatusReply,
    server: "approval-ops",
    callers: ["admin-ops"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  reopenSession: rpc({
    subject: "rpc.v1.edge.session-reopen",
    text: "A person lets an agent go on whose session has ended",
    schema: "edge.session-reopen/1",
    request: ReopenSessionRequest,
    reply: ReopenSessionReply,
    server: "mcp-edge-usage",
    callers: ["admin-core"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  judgedFile: rpc({
    subject: "rpc.v1.risk.judged-file",
    text: "Everything behind one verdict, as a file that verifies offline",
    schema: "risk.judged-file/1",
    request: risk.JudgedFileRequest,
    reply: risk.JudgedFileReply,
    server: "risk-gate",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: WRITE_MS,
  }),
  limits: rpc({
    subject: "rpc.v1.risk.limits",
    text: "The limits of the policy in force",
    schema: "risk.limits/1",
    request: risk.LimitsRequest,
    reply: risk.LimitsReply,
    server: "risk-gate",
    callers: ["mcp-edge", "admin-core", "broker-gateway-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  riskPolicy: rpc({
    subject: "rpc.v1.risk.policy",
    text: "The risk policy in force, who signed it, and what waits for another signature",
    schema: "risk.policy/1",
    request: riskPolicy.RiskPolicyRequest,
    reply: riskPolicy.RiskPolicyReply,
    server: "risk-gate",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  activateRiskPolicy: rpc({
    subject: "rpc.v1.risk.policy-activate",
    text: "A person signs a risk policy; it is in force when as many have signed as its changes need",
    schema: "risk.policy-activate/1",
    request: riskPolicy.ActivateRiskPolicyRequest,
    reply: riskPolicy.ActivateRiskPolicyReply,
    server: "risk-gate",
    callers: ["admin-core"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  replayRiskPolicy: rpc({
    subject: "rpc.v1.risk.policy-replay",
    text: "What another risk policy would have said to the proposals on record",
    schema: "risk.policy-replay/1",
    request: riskPolicy.ReplayRiskPolicyRequest,
    reply: riskPolicy.ReplayRiskPolicyReply,
    server: "risk-gate",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: 50_000,
  }),
  getProposal: rpc({
    subject: "rpc.v1.proposal.get",
    text: "One proposal with its whole life",
    schema: "proposal.get/2",
    request: proposal.GetProposalRequest,
    reply: proposal.GetProposalReply,
    server: "risk-gate",
    callers: ["mcp-edge", "admin-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  listProposals: rpc({
    subject: "rpc.v1.proposal.list",
    text: "Proposals, newest first",
    schema: "proposal.list/2",
    request: proposal.ListProposalsRequest,
    reply: proposal.ListProposalsReply,
    server: "risk-gate",
    callers: ["mcp-edge", "admin-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  withdraw: rpc({
    subject: "rpc.v1.approval.withdraw",
    text: "The agent takes its own pending proposal back",
    schema: "approval.withdraw/1",
    request: approval.WithdrawRequest,
    reply: approval.DecisionReply,
    server: "approval-core",
    callers: ["mcp-edge"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  cancel: rpc({
    subject: "rpc.v1.approval.cancel",
    text: "Cancel a working order; needs no approval",
    schema: "approval.cancel/1",
    request: approval.CancelRequest,
    reply: approval.CancelReply,
    server: "approval-core",
    callers: ["mcp-edge", "admin-core"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  approve: rpc({
    subject: "ops.v1.approval.approve",
    text: "A signed approval by a person",
    schema: "approval.approve/1",
    request: approval.ApproveRequest,
    reply: approval.ApproveReply,
    server: "approval-ops",
    callers: ["admin-ops"],
    effect: "write",
    timeoutMs: 10_000,
  }),
  reject: rpc({
    subject: "ops.v1.approval.reject",
    text: "A refusal by a person, with a reason",
    schema: "approval.reject/1",
    request: approval.RejectRequest,
    reply: approval.DecisionReply,
    server: "approval-ops",
    callers: ["admin-ops"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  close: rpc({
    subject: "ops.v1.approval.close",
    text: "A person settles an UNKNOWN or DISPUTED order by what the broker shows",
    schema: "approval.close/1",
    request: approval.CloseRequest,
    reply: approval.CloseReply,
    server: "approval-ops",
    callers: ["admin-ops"],
    effect: "write",
    timeoutMs: 10_000,
  }),
  submit: rpc({
    subject: "exec.v1.submit.{account}",
    text: "Send a countersigned order, once",
    schema: "exec.submit/1",
    request: approval.SubmitRequest,
    reply: approval.SubmitReply,
    server: "broker-gateway-exec",
    callers: ["approval-exec"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  cancelAtBroker: rpc({
    subject: "exec.v1.cancel.{account}",
    text: "Send a cancel; no kill level stops it",
    schema: "exec.cancel/1",
    request: approval.CancelRequest,
    reply: approval.CancelReply,
    server: "broker-gateway-exec",
    callers: ["approval-exec"],
    effect: "write",
    timeoutMs: WRITE_MS,
  }),
  closeAtBroker: rpc({
    subject: "exec.v1.close.{account}",
    text: "Settle an UNKNOWN or DISPUTED order by a fresh reading of the broker",
    schema: "exec.close/1",
    request: approval.CloseRequest,
    reply: approval.CloseReply,
    server: "broker-gateway-exec",
    callers: ["approval-exec"],
    effect: "write",
    timeoutMs: 8_000,
  }),
  brokerStatus: rpc({
    subject: "rpc.v1.broker.status",
    text: "The link to TWS",
    schema: "broker.status/1",
    request: broker.BrokerStatusRequest,
    reply: broker.BrokerStatusReply,
    server: "broker-gateway-core",
    callers: ["mcp-edge", "admin-core", "market-data", "risk-gate"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  accounts: rpc({
    subject: "rpc.v1.broker.accounts",
    text: "The accounts that TWS manages",
    schema: "broker.accounts/1",
    request: broker.AccountsRequest,
    reply: broker.AccountsReply,
    server: "broker-gateway-core",
    callers: ["mcp-edge", "admin-core", "risk-gate"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  summary: rpc({
    subject: "rpc.v1.broker.summary",
    text: "Cash, margin and net liquidation of an account",
    schema: "broker.summary/1",
    request: broker.SummaryRequest,
    reply: broker.SummaryReply,
    server: "broker-gateway-core",
    callers: ["mcp-edge", "admin-core", "risk-gate"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  positions: rpc({
    subject: "rpc.v1.broker.positions",
    text: "Positions of an account",
    schema: "broker.positions/1",
    request: broker.PositionsRequest,
    reply: broker.PositionsReply,
    server: "broker-gateway-core",
    callers: ["mcp-edge", "admin-core", "risk-gate"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  openOrders: rpc({
    subject: "rpc.v1.broker.open-orders",
    text: "Orders that are open at the broker, ours and foreign",
    schema: "broker.open-orders/1",
    request: broker.OpenOrdersRequest,
    reply: broker.OpenOrdersReply,
    server: "broker-gateway-core",
    callers: ["mcp-edge", "admin-core", "risk-gate"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  executions: rpc({
    subject: "rpc.v1.broker.executions",
    text: "Executions of an account",
    schema: "broker.executions/1",
    request: broker.ExecutionsRequest,
    reply: broker.ExecutionsReply,
    server: "broker-gateway-core",
    callers: ["mcp-edge", "admin-core", "risk-gate"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  whatIf: rpc({
    subject: "rpc.v1.broker.what-if",
    text: "The broker's margin and commission for an order that is not placed",
    schema: "broker.what-if/1",
    request: broker.WhatIfRequest,
    reply: broker.WhatIfReply,
    server: "broker-gateway-core",
    callers: ["risk-gate"],
    effect: "read",
    timeoutMs: 4_000,
  }),
  brokerFacts: rpc({
    subject: "rpc.v1.broker.order-facts",
    text: "All that the gate asks the broker about one order",
    schema: "broker.order-facts/2",
    request: orderFacts.BrokerFactsRequest,
    reply: orderFacts.BrokerFactsReply,
    server: "broker-gateway-core",
    callers: ["risk-gate"],
    effect: "read",
    timeoutMs: 4_000,
  }),
  brokerQuote: rpc({
    subject: "rpc.v1.broker.quote",
    text: "One quote from TWS",
    schema: "broker.quote/2",
    request: broker.BrokerQuoteRequest,
    reply: broker.BrokerQuoteReply,
    server: "broker-gateway-core",
    callers: ["market-data"],
    effect: "read",
    timeoutMs: 12_000,
  }),
  brokerBars: rpc({
    subject: "rpc.v1.broker.bars",
    text: "Historical bars from TWS",
    schema: "broker.bars/2",
    request: broker.BrokerBarsRequest,
    reply: broker.BrokerBarsReply,
    server: "broker-gateway-core",
    callers: ["market-data"],
    effect: "read",
    timeoutMs: 20_000,
  }),
  brokerContract: rpc({
    subject: "rpc.v1.broker.contract",
    text: "Contract details from TWS, by conId",
    schema: "broker.contract/1",
    request: broker.ContractRequest,
    reply: broker.ContractReply,
    server: "broker-gateway-core",
    callers: ["market-data"],
    effect: "read",
    timeoutMs: 8_000,
  }),
  brokerSearch: rpc({
    subject: "rpc.v1.broker.search",
    text: "Matching symbols from TWS",
    schema: "broker.search/1",
    request: broker.SearchRequest,
    reply: broker.SearchReply,
    server: "broker-gateway-core",
    callers: ["market-data"],
    effect: "read",
    timeoutMs: 8_000,
  }),
  killReports: rpc({
    subject: "rpc.v1.broker.kill-reports",
    text: "What became of the orders after stops that cancelled them",
    schema: "broker.kill-reports/1",
    request: kill.KillReportsRequest,
    reply: kill.KillReportsReply,
    server: "broker-gateway-core",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: READ_MS,
  }),
  reconcileNow: rpc({
    subject: "rpc.v1.broker.reconcile",
    text: "Compare with the broker now",
    schema: "broker.reconcile/1",
    request: kill.ReconcileRequest,
    reply: kill.ReconcileReply,
    server: "broker-gateway-core",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: 12_000,
  }),
  ...BROKER_READS,
  ...MARKET_READS,
  listAudit: rpc({
    subject: "ops.v1.audit.list",
    text: "Audit records in order",
    schema: "audit.list/1",
    request: audit.ListAuditRequest,
    reply: audit.ListAuditReply,
    server: "audit-writer",
    callers: ["admin-ops"],
    effect: "read",
    timeoutMs: 5_000,
  }),
  auditEvidence: rpc({
    subject: "rpc.v1.audit.evidence",
    text: "What the audit shows of paper trading",
    schema: "audit.evidence/1",
    request: live.EvidenceRequest,
    reply: live.EvidenceReply,
    server: "audit-writer",
    callers: ["broker-gateway-core"],
    effect: "read",
    timeoutMs: 5_000,
  }),
  liveStatus: rpc({
    subject: "rpc.v1.broker.live-status",
    text: "The gates of live trading, each with its evidence",
    schema: "broker.live-status/1",
    request: live.LiveStatusRequest,
    reply: live.LiveStatusReply,
    server: "broker-gateway-core",
    callers: ["admin-core"],
    effect: "read",
    timeoutMs: 8_000,
  }),
  verifyAudit: rpc({
    subject: "ops.v1.audit.verify",
    text: "Recompute the chain and the tree",
    schema: "audit.verify/2",
    request: audit.VerifyAuditRequest,
    reply: audit.VerifyAuditReply,
    server: "audit-writer",
    callers: ["admin-ops"],
    effect: "read",
    timeoutMs: 55_000,
  }),
} as const satisfies Record<string, Rpc>;

/** Who hands in audit records; each under its own subject, so that the subject proves the producer. */
export const AUDIT_PRODUCERS = [
  "mcp-edge",
  "risk-gate",
  "approval-core",
  "broker-gateway-core",
  "admin-core",
] as const satisfies readonly User[];

const appendBy = (user: (typeof AUDIT_PRODUCERS)[number]) =>
  rpc({
    subject: `audit.v1.append.${USERS[user].service}`,
    text: `An audit record of ${USERS[user].service}`,
    schema: "audit.append/1",
    request: audit.AppendRequest,
    reply: audit.AppendReply,
    server: "audit-writer",
    callers: [user],
    effect: "write",
    timeoutMs: READ_MS,
  });

export const AUDIT_APPENDS = {
  "mcp-edge": appendBy("mcp-edge"),
  "risk-gate": appendBy("risk-gate"),
  approval: appendBy("approval-core"),
  "broker-gateway": appendBy("broker-gateway-core"),
  "admin-api": appendBy("admin-core"),
} as const satisfies Record<string, Rpc>;

const ORDER_READERS = ["risk-gate", "approval-core", "broker-gateway-core"] as const satisfies readonly User[];
const CONTROL_READERS = [...ORDER_READERS, "admin-core"] as const satisfies readonly User[];

const tripOf = (user: (typeof CONTROL_READERS)[number]) =>
  fact({
    subject: `$KV.CONTROL.trip.${USERS[user].service}.{cause}.{scope...}`,
    text: `What ${USERS[user].service} stopped by itself`,
    schema: "control.trip/1",
    body: Trip,
    stream: "KV_CONTROL",
    publisher: user,
    readers: CONTROL_READERS,
  });

export const FACTS = {
  proposal: fact({
    subject: "order.v1.{account}.{proposal}.proposal",
    text: "The proposal log of an order",
    schema: "order.proposal/1",
    body: ProposalFact,
    stream: "ORDERS",
    publisher: "risk-gate",
    readers: ORDER_READERS,
  }),
  decision: fact({
    subject: "order.v1.{account}.{proposal}.decision",
    text: "The decision log of an order",
    schema: "order.decision/1",
    body: DecisionFact,
    stream: "ORDERS",
    publisher: "approval-core",
    readers: ORDER_READERS,
  }),
  exec: fact({
    subject: "order.v1.{account}.{proposal}.exec",
    text: "The exec log of an order",
    schema: "order.exec/1",
    body: ExecFact,
    stream: "ORDERS",
    publisher: "broker-gateway-core",
    readers: ORDER_READERS,
  }),
  policy: fact({
    subject: "order.v1.{account}.{proposal}.policy",
    text: "What the standing policy made of an order",
    schema: "order.policy/1",
    body: AssessedFact,
    stream: "ORDERS",
    publisher: "approval-core",
    readers: ORDER_READERS,
  }),
  judged: fact({
    subject: "judged.v1.verdict.{account}.{proposal}",
    text: "The facts behind each verdict of an order",
    schema: "judged.verdict/1",
    body: JudgedFact,
    stream: "JUDGED",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  judgedValue: fact({
    subject: "judged.v1.value.{hash}",
    text: "A large value that verdicts were made of",
    schema: "judged.value/1",
    body: JudgedValuePiece,
    stream: "JUDGED",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  ledger: fact({
    subject: "policy.v1.ledger",
    text: "The ledger of the standing policy",
    schema: "policy.ledger/1",
    body: LedgerEntry,
    stream: "POLICY",
    publisher: "approval-core",
    readers: ["approval-core"],
  }),
  riskPolicy: fact({
    subject: "policy.v1.risk",
    text: "The risk policies that people have signed, in order",
    schema: "policy.risk/1",
    body: RiskPolicyEntry,
    stream: "POLICY",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  kill: fact({
    subject: "$KV.CONTROL.kill.{scope...}",
    text: "The kill switch of one scope",
    schema: "control.kill/2",
    body: KillSetting,
    stream: "KV_CONTROL",
    publisher: "admin-core",
    readers: CONTROL_READERS,
  }),
  riskGateTrip: tripOf("risk-gate"),
  approvalTrip: tripOf("approval-core"),
  gatewayTrip: tripOf("broker-gateway-core"),
  adminTrip: tripOf("admin-core"),
  tripReset: fact({
    subject: "$KV.CONTROL.reset.{key...}",
    text: "A person's reset of what a service stopped",
    schema: "control.trip-reset/1",
    body: TripReset,
    stream: "KV_CONTROL",
    publisher: "admin-core",
    readers: CONTROL_READERS,
  }),
  accountMarks: fact({
    subject: "$KV.CONTROL.marks.{account}",
    text: "What an account's losses are held against",
    schema: "control.account-marks/1",
    body: AccountMarks,
    stream: "KV_CONTROL",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  writer: fact({
    subject: "$KV.CONTROL.writer.broker-gateway",
    text: "The epoch of the one writer to the socket",
    schema: "control.writer/1",
    body: WriterEpoch,
    stream: "KV_CONTROL",
    publisher: "broker-gateway-core",
    readers: CONTROL_READERS,
  }),
  claim: fact({
    subject: "$KV.CONTROL.claim.{account}.{proposal}",
    text: "The claim to send one order",
    schema: "control.claim/1",
    body: Claim,
    stream: "KV_CONTROL",
    publisher: "broker-gateway-core",
    readers: CONTROL_READERS,
  }),
  lease: fact({
    subject: "$KV.LEASES.broker-gateway",
    text: "The lease of the one gateway that speaks to TWS",
    schema: "control.lease/1",
    body: WriterLease,
    stream: "KV_LEASES",
    publisher: "broker-gateway-core",
    readers: ["broker-gateway-core"],
  }),
  instrument: fact({
    subject: "$KV.INSTRUMENTS.{conid}",
    text: "An instrument as the broker last described it",
    schema: "md.instrument/1",
    body: StoredInstrument,
    stream: "KV_INSTRUMENTS",
    publisher: "market-data",
    readers: ["market-data"],
  }),
  pacingHistory: fact({
    subject: "$KV.PACING.history",
    text: "Requests of market data that still count at the broker, kept over a restart",
    schema: "md.pacing-history/1",
    body: PacingHistory,
    stream: "KV_PACING",
    publisher: "market-data",
    readers: ["market-data"],
  }),
  agentUsage: fact({
    subject: "$KV.USAGE.agent.{agent}",
    text: "Tool calls and session of one agent, kept over a restart",
    schema: "edge.usage/1",
    body: AgentUsage,
    stream: "KV_USAGE",
    publisher: "mcp-edge-usage",
    readers: ["mcp-edge-usage"],
  }),
  edgeUsage: fact({
    subject: "$KV.USAGE.all",
    text: "Tool calls of all agents together, kept over a restart",
    schema: "edge.usage-of-all/1",
    body: EdgeUsage,
    stream: "KV_USAGE",
    publisher: "mcp-edge-usage",
    readers: ["mcp-edge-usage"],
  }),
  auditRecord: fact({
    subject: "audit.v1.rec.{kind}",
    text: "One record of the audit",
    schema: "audit.record/1",
    body: AuditRecord,
    stream: "AUDIT",
    publisher: "audit-writer",
    readers: ["audit-writer"],
  }),
} as const satisfies Record<string, Fact>;

/** The trips by the service that writes them. */
export const TRIPS = {
  "risk-gate": FACTS.riskGateTrip,
  approval: FACTS.approvalTrip,
  "broker-gateway": FACTS.gatewayTrip,
  "admin-api": FACTS.adminTrip,
} as const satisfies Record<TripService, Fact>;

const beat = (user: User) =>
  broadcast({
    subject: `hb.v1.${USERS[user].service}`,
    text: `Heartbeat of ${USERS[user].service}`,
    schema: "heartbeat/1",
    body: Heartbeat,
    publisher: user,
    readers: ["admin-core"],
  });

export const HEARTBEATS = {
  "mcp-edge": beat("mcp-edge"),
  "market-data": beat("market-data"),
  "risk-gate": beat("risk-gate"),
  approval: beat("approval-core"),
  "broker-gateway": beat("broker-gateway-core"),
  "audit-writer": beat("audit-writer"),
} as const satisfies Record<string, Broadcast>;

/** JetStream republishes every stored message of these streams here, so that readers need no consumer. */
export const REPUBLISH = {
  ORDERS: { source: "order.v1.>", destination: "live.v1.order.>" },
  KV_CONTROL: { source: "$KV.CONTROL.>", destination: "live.v1.control.>" },
} as const;

/** Fills the `{name}` tokens of a template; a value that is not one safe token is a bug. `{name...}` takes several tokens. */
export function subjectOf(template: string, params: Record<string, string> = {}): string {
  let tokens = templates.get(template);
  if (tokens === undefined) {
    tokens = tokensOf(template);
    templates.set(template, tokens);
  }
  let subject = "";
  for (const { name, text, grammar } of tokens) {
    const value = name === undefined ? text : params[name];
    if (value === undefined || !grammar.test(value)) throw new TypeError(`subject ${template}: bad value for ${name}`);
    subject += value;
  }
  return subject;
}

interface Token {
  /** Whose value stands here; undefined: just this text. */
  readonly name: string | undefined;
  readonly text: string;
  readonly grammar: RegExp;
}

/** Templates that were taken apart before: there are as many as there are contracts. */
const templates = new Map<string, readonly Token[]>();

function tokensOf(template: string): readonly Token[] {
  return template.split(/(\{[a-z]+(?:\.\.\.)?\})/).map((text) => {
    const [, name, many] = /^\{([a-z]+)(\.\.\.)?\}$/.exec(text) ?? [];
    if (name === undefined) return { name, text, grammar: /^/ };
    return { name, text, grammar: many ? /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/ : /^[A-Za-z0-9_-]+$/ };
  });
}

/** The subject with wildcards, as permissions and subscriptions need it. */
export function wildcardOf(template: string): string {
  return template.replace(/\{[a-z]+\.\.\.\}/g, ">").replace(/\{[a-z]+\}/g, "*");
}
