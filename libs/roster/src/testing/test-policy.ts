import { AutoApprovalPolicy } from "@countersign/contracts/auto-approval";

/** A standing policy of a simulator that lets small orders in SPY through, with other fields where they are given. */
export function testPolicy(change: object = {}): AutoApprovalPolicy {
  return AutoApprovalPolicy.parse({
    ...{ type: "countersign.autoApproval/1", id: "small-orders", version: 1, mode: "simulator" },
    ...{ issuedAt: "2026-11-22T00:00:00.000Z", expiresAt: "2026-11-29T00:00:00.000Z", baseCurrency: "USD" },
    ...{ accounts: ["DU1234567"], agents: ["agent"] },
    instruments: { allowed: [756733], denied: [], secTypes: ["STK"] },
    orders: { types: ["LMT"], timesInForce: ["DAY"], goodTillMinutesMax: 15 },
    hours: { afterOpenMinutes: 10, beforeCloseMinutes: 10, windows: null },
    market: { quoteAgeMsMax: 2_000, spreadPercentMax: "0.5" },
    limits: {
      orderNotionalMax: "1000",
      dayNotionalMax: { agent: "5000", account: "5000" },
      positionValueMax: "5000",
      positionPercentMax: "5",
    },
    lanes: { opening: true, reducing: true, schedules: [] },
    ...change,
  });
}
