import { configWith } from "../../end-to-end/config-with.ts";

/**
 * The shipped configuration with shorter waits, so that minutes of a pause become seconds: what is compared is the pause
 * with the lease, the staleness of the kill switch and the deadlines, not with the clock on the wall.
 */
export function quickConfig(folder: string): string {
  return configWith(folder, {
    "broker-gateway.yaml": {
      leaseMs: "600",
      backOffMs: "[50, 100, 250]",
      clientIdTakenMs: "1000",
      connectDeadlineMs: "8000",
      silenceMaxMs: "2000",
      acknowledgeWithinMs: "3000",
      reconcileEveryMs: "5000",
      // A disk that is full for as long as a busy machine needs to look at it is no reason to stop everything for a person.
      "  auditLag": "{ afterMs: 90000, level: HALTED }",
    },
    "risk-gate.yaml": {
      openProposalsPerAgentMax: "1000",
      unjudgedEveryMs: "300",
      // A simulator that is killed loses what the account held; its loss stopped everything, and nothing was tried any more.
      "  dailyLoss": '{ autoOffPercent: "98", reduceOnlyPercent: "99", haltPercent: "100" }',
      "  drawdown": '{ reduceOnlyPercent: "100" }',
    },
    "risk-policy.yaml": {
      "  dailyLoss": '{ percentMax: "100" }',
      "  weeklyLoss": '{ percentMax: "100" }',
      "  drawdown": '{ percentMax: "100" }',
    },
    "approval.yaml": { sweepMs: "200", expiryGraceMs: "1000" },
    "admin-api.yaml": { approvalTtlSeconds: "5", heartbeatStaleMs: "2500" },
  });
}

/** Longer than the lease, than the staleness of the kill switch (1.5 s) and than any deadline of a heartbeat above. */
export const PAUSE_MS = 2_600;
