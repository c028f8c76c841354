import type { Route } from "../route.ts";
import { ACCOUNT_READS } from "./accounts.ts";
import { auditHead, listAudit, verifyAudit, verifyCheckpoint } from "./audit.ts";
import { getAutoApproval, setAutoApproval } from "./auto-approval.ts";
import { getDecision } from "./decisions.ts";
import { getHealth } from "./health.ts";
import { getKillReports, getKillSwitch, resetKillTrip, setKillSwitch } from "./kill-switch.ts";
import { getLive } from "./live.ts";
import { getMarketStats, MARKET_QUESTIONS } from "./market.ts";
import { listOrders } from "./orders.ts";
import { passkeyApprove, passkeyQuestion, passkeyRegister, passkeyRegistration } from "./passkeys.ts";
import { approve, cancelOrder, closeOrder, getProposal, listProposals, reject } from "./proposals.ts";
import { reduceProposal } from "./reduce.ts";
import { activateRiskPolicy, getRiskPolicy, replayRiskPolicy } from "./risk-policy.ts";
import { reopenSession } from "./sessions.ts";

/** Every operation of the API. What is not here does not exist. */
export const ROUTES: readonly Route[] = [
  getHealth,
  listProposals,
  getProposal,
  getDecision,
  approve,
  reject,
  reduceProposal,
  passkeyQuestion,
  passkeyApprove,
  passkeyRegistration,
  passkeyRegister,
  listOrders,
  cancelOrder,
  closeOrder,
  ...ACCOUNT_READS,
  ...MARKET_QUESTIONS,
  getMarketStats,
  getKillSwitch,
  setKillSwitch,
  getLive,
  resetKillTrip,
  getKillReports,
  reopenSession,
  getAutoApproval,
  setAutoApproval,
  getRiskPolicy,
  activateRiskPolicy,
  replayRiskPolicy,
  listAudit,
  verifyAudit,
  verifyCheckpoint,
  auditHead,
];
