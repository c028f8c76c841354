import type { ApprovalRules } from "@countersign/contracts/demand";
import type { ApprovalConfig } from "../../../services/approval/src/config.ts";
import type { BrokerGatewayConfig } from "../../../services/broker-gateway/src/config.ts";
import { SAME_MAX } from "../check/policy.ts";

/** As in production, with shorter times where a longer one would only make schedules longer. */
export const APPROVAL_CONFIG: ApprovalConfig = {
  approvalTtlSeconds: 120,
  clockSkewMsMax: 5_000,
  passkeyAgeMsMax: 60_000,
  sweepMs: 300,
  expiryGraceMs: 1_000,
  catchUpMs: 500,
  autoApproval: {
    ...{ live: false, keyId: "standing-policy", policyDaysMax: 7, approvalSeconds: 30 },
    throttle: { max: SAME_MAX, windowSeconds: 600 },
  },
  outboxMax: 1_000,
};

/** One person is enough for the orders here. */
export const APPROVAL_RULES: ApprovalRules = { twoApproversAboveBase: "50000", passkeysAboveBase: null };

const SECOND = 1_000;

export const GATEWAY_CONFIG: BrokerGatewayConfig = {
  clientIds: { orders: 17, fallback: 18 },
  marketData: "live",
  messagesPerSecond: 40,
  messagesReservedForOrders: 10,
  connectDeadlineMs: SECOND,
  silenceMaxMs: 3 * SECOND,
  backOffMs: [100, 300],
  clientIdTakenMs: 600,
  leaseMs: 1_500,
  windows: [],
  acknowledgeWithinMs: 1_500,
  closers: 1,
  reconcileEveryMs: 5 * SECOND,
  record: null,
  stops: {
    killFile: null,
    unknownOrder: { afterMs: 60 * SECOND, level: "HALTED" },
    auditLag: { afterMs: 60 * SECOND, level: "HALTED" },
    cancelOrders: { pollMs: 100, deadlineMs: 5 * SECOND, retryMs: SECOND },
  },
  summaryAgeMsMax: 5 * SECOND,
  contractCacheMs: 300 * SECOND,
  quotes: { linesMax: 90, lineIdleMs: SECOND, tickAgeMsMax: SECOND, settleMs: SECOND, timeoutMs: 11 * SECOND },
  lines: { reserve: 10, flushMs: SECOND, probeEveryMs: SECOND, wholeEveryMs: SECOND },
};
