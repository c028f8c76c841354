import { utcText } from "@countersign/clock/clock";
import type { UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { AutoStatus } from "@countersign/contracts/messages/auto-approval.v1";
import { add, decimal, toText, ZERO } from "@countersign/money/decimal";
import { allowedHere, documentNow, type PolicyDeps } from "./deps.ts";
import { type Ledger, usedInDay } from "./ledger.ts";
import { policyActor } from "./records.ts";

/** How it stands, for people to read. */
export async function statusOf(deps: PolicyDeps): Promise<AutoStatus> {
  const ledger = await deps.ledger.fresh();
  const document = documentNow(deps);
  const uses = usedInDay(ledger.uses, deps.clock.nowMs());
  // Of a policy that turned itself off, people want to see what it had done.
  const shown = ledger.mode === "shadow" ? "shadow" : "on";
  return {
    mode: ledger.mode,
    since: sinceOf(ledger),
    allowedHere: allowedHere(deps),
    turnedOn: ledger.turnedOn ?? null,
    document: shownDocument(document),
    used: sums(uses.filter(({ mode }) => mode === shown)),
  };
}

function shownDocument(document: ReturnType<typeof documentNow>): AutoStatus["document"] {
  switch (document.state) {
    case "none":
      return { state: "none" };
    case "invalid":
      return { state: "invalid", ref: document.ref ?? null, reasons: [...document.reasons] };
    case "valid":
      return { ...document, signers: [...document.signers] };
  }
}

function sinceOf({ since }: Ledger): AutoStatus["since"] {
  if (since === undefined) return null;
  if (since.type === "modeSet/1") return { at: since.at, actor: since.actor, reason: since.reason, cause: null };
  const reason = `${since.agent} had the same instrument and side approved too often in a short time`;
  return { at: since.at, actor: policyActor(since.policy.id), reason, cause: "throttle" };
}

/** For each account, and for each agent in it. */
function sums(uses: readonly UsedEntry[]): AutoStatus["used"] {
  const keys = new Map<string, { account: string; agent: string | null; currency: string }>();
  for (const { account, agent, notional } of uses) {
    for (const who of [null, agent])
      keys.set(`${account} ${who} ${notional.currency}`, { account, agent: who, currency: notional.currency });
  }
  return [...keys.values()].slice(0, 1_000).map(({ account, agent, currency }) => {
    const counted = uses.filter(
      (use) => use.account === account && (agent === null || use.agent === agent) && use.notional.currency === currency,
    );
    const amount = toText(counted.reduce((sum, use) => add(sum, decimal(use.notional.amount)), ZERO));
    return { account, agent, orders: counted.length, notional: { amount, currency } };
  });
}

export function now({ clock }: Pick<PolicyDeps, "clock">): string {
  return utcText(clock.nowMs());
}
