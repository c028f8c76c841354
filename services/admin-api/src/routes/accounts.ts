import type { Rpc } from "@countersign/contracts/contract-kinds";
import { RPCS } from "@countersign/contracts/subjects";
import { questionRoute } from "../question-route.ts";

const read = (id: string, path: string, rpc: Rpc) => questionRoute(rpc, { id, path: `/api/v1/${path}`, method: "get" });

/** What the broker says of the accounts, each answer with its source and its time. A figure that it does not give is null. */
export const ACCOUNT_READS = [
  read("listAccounts", "accounts", RPCS.accounts),
  read("getAccountSummary", "accounts/{account}/summary", RPCS.summary),
  read("listPositions", "accounts/{account}/positions", RPCS.positions),
  read("listExecutions", "accounts/{account}/executions", RPCS.executions),
  read("getAccountPnl", "accounts/{account}/pnl", RPCS.pnl),
  read("getPositionPnl", "accounts/{account}/positions/{conid}/pnl", RPCS.positionPnl),
  read("getAccountWindow", "accounts/{account}/window", RPCS.accountUpdates),
  read("listAccountValues", "accounts/{account}/values", RPCS.accountValues),
  read("listModelPositions", "accounts/{account}/model-positions", RPCS.modelPositions),
  read("listCompletedOrders", "accounts/{account}/completed-orders", RPCS.completedOrders),
  read("getRiskLimits", "accounts/{account}/limits", RPCS.limits),
  read("listFamilyCodes", "broker/family-codes", RPCS.familyCodes),
  read("getBrokerUser", "broker/user", RPCS.userInfo),
];
