import { AutoApprovalPolicy } from "@countersign/contracts/auto-approval";
import type { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import type { Ticket } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";
import type { PolicySource } from "@countersign/roster/policy/policy-file";
import type { PolicySettings } from "../../../services/approval/src/policy/open.ts";
import type { StandingPolicy } from "../gateway-types.ts";
import type { Host } from "./host.ts";
import { POLICY_KEY_ID, sealOrSign } from "./people.ts";
import { verdictOf } from "./proposals.ts";

/** Small enough that the sum of a day is reached in some schedules. */
const DOCUMENT = AutoApprovalPolicy.parse({
  ...{ type: "countersign.autoApproval/1", id: "small-orders", version: 1, mode: "simulator" },
  ...{ issuedAt: "2026-01-04T00:00:00.000Z", expiresAt: "2026-01-09T00:00:00.000Z", baseCurrency: "USD" },
  ...{ accounts: ["DU1234567"], agents: ["agent-0", "agent-1"] },
  instruments: { allowed: [265598], denied: [], secTypes: ["STK"] },
  orders: { types: ["LMT", "MKT"], timesInForce: ["DAY"], goodTillMinutesMax: 15 },
  hours: { afterOpenMinutes: 10, beforeCloseMinutes: 10, windows: null },
  market: { quoteAgeMsMax: 2_000, spreadPercentMax: "0.5" },
  limits: {
    ...{ orderNotionalMax: "1000", dayNotionalMax: { agent: "1000", account: "1000" } },
    ...{ positionValueMax: "90000", positionPercentMax: "90" },
  },
  lanes: { opening: true, reducing: true, schedules: [] },
});
const ref = { id: DOCUMENT.id, hash: canonicalHash(DOCUMENT) };

export const POLICY_HASH = ref.hash;

/** The document as it lies there: it may be taken away in the middle of a schedule. */
function sourceOf(host: Host): PolicySource {
  return {
    current: () => (host.policyLies ? { state: "valid", ref, policy: DOCUMENT, signers: [] } : { state: "none" }),
  };
}

/** What approval works with; without a policy in this schedule there is none, and no key either. */
export function policySettings(host: Host): PolicySettings {
  const sign = (text: string) => {
    const signature = sealOrSign(text, host.swarm.strict);
    host.truth.signedByPolicy.add(signature);
    return signature;
  };
  const owner = () => ({ person: POLICY_KEY_ID });
  return { source: sourceOf(host), key: host.swarm.policy ? { owner, keyId: POLICY_KEY_ID, sign } : undefined };
}

export function standingOf(host: Host): StandingPolicy {
  return { live: false, ...sourceOf(host) };
}

const known = <T>(value: T) => ({ state: "known" as const, value });

/** What the gate says about an order that is inside of the policy in all that stands still. */
export function envelopeFacts(host: Host, { terms }: Ticket): EnvelopeFacts {
  return {
    type: "countersign.envelopeFacts/1",
    at: host.now(),
    verdict: verdictOf(host, "pass"),
    kill: known({ level: "ACTIVE" as const, reason: "active" }),
    secType: known("STK"),
    baseCurrency: known("USD"),
    notional: known(String(100 * Number(terms.quantity))),
    netLiquidation: known("100000"),
    position: known({ before: "100", working: "0", unitValue: "100" }),
    quote: known({ bid: "99.9", ask: "100", dataType: "live" as const, ageMs: 300, flags: [] }),
    hours: known({
      zone: "America/New_York",
      sessions: [{ open: "2026-01-05T14:30:00.000Z", close: "2026-01-05T21:00:00.000Z" }],
    }),
  };
}
