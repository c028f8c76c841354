import { CashStep, CHECKLIST, LIVE_RETENTION_DAYS_MIN } from "@countersign/contracts/live";
import { AccountId, PrincipalId, Sha256Hex, UtcText } from "@countersign/contracts/primitives";
import * as z from "zod";

/** A person says so, with name and time; null: nobody has. */
const Acknowledged = z.strictObject({ by: PrincipalId, at: UtcText }).nullable();
type Points = Record<(typeof CHECKLIST)[number], typeof Acknowledged>;
const points = Object.fromEntries(CHECKLIST.map((point) => [point, Acknowledged])) as Points;

/** config/live.yaml: what must be said before an order with real money leaves. Nothing here has a default. */
export const LiveConfig = z.strictObject({
  liveTrading: z.strictObject({
    enabled: z.boolean(),
    allowedAccounts: z.array(AccountId).max(50).describe("Live accounts that may trade; empty: none"),
    allowedAgents: z.array(PrincipalId).max(100).describe("Agents that may propose live orders; empty: none"),
    riskPolicyHash: Sha256Hex.nullable().describe("The one risk policy under which live orders pass; null: none"),
    checklist: z.strictObject(points),
  }),
  safety: z.strictObject({ liveTradingEnabled: z.boolean() }),
  audit: z.strictObject({ retentionDaysMin: z.int().min(LIVE_RETENTION_DAYS_MIN).max(36_500) }),
  evidence: z
    .strictObject({
      simulatedMin: z.int().min(200).max(1_000_000),
      submittedMin: z.int().min(50).max(1_000_000),
      rejectPercentMax: z.int().min(0).max(20),
      matchedDaysMin: z.int().min(30).max(3_650),
      cashExplained: z
        .array(CashStep.extend({ by: PrincipalId, why: z.string().min(3).max(200) }))
        .max(500)
        .describe("Cash that came or went without an order, such as interest or a deposit: a person knows why"),
      asEstimatedPercentMin: z.int().min(0).max(100).describe("Below it the evidence says so; it shuts no gate"),
    })
    .describe("Of paper trading, counted from the audit. The bounds can be made stricter, never weaker"),
});
export type LiveConfig = z.infer<typeof LiveConfig>;
