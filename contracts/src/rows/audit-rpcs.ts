import type { Rpc } from "../contract-kinds.ts";
import * as audit from "../messages/audit.v1.ts";
import * as live from "../messages/live.v1.ts";
import { rpc } from "./row.ts";

/** Questions about the record, and the gates of real money, which look into it. */
export const AUDIT_RPCS = {
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
    schema: "audit.evidence/2",
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
  auditHead: rpc({
    subject: "ops.v1.audit.head",
    text: "Sign size and tree head as they are now, for an export",
    schema: "audit.head/1",
    request: audit.AuditHeadRequest,
    reply: audit.AuditHeadReply,
    server: "audit-writer",
    callers: ["admin-ops"],
    effect: "read",
    timeoutMs: 55_000,
  }),
} as const satisfies Record<string, Rpc>;
