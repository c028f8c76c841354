import { denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { ModeSetEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { AutoStatus, SetAutoModeRequest } from "@countersign/contracts/messages/auto-approval.v1";
import type { PolicyRef } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { allowedHere, documentNow, type PolicyDeps } from "./deps.ts";
import { isSameWord, type Ledger } from "./ledger.ts";
import { ledgerRecord } from "./records.ts";
import { now, statusOf } from "./status.ts";

const TRIES_MAX = 5;

export function servePolicy(deps: PolicyDeps): void {
  deps.bus.serve(RPCS.autoStatus, async () => {
    deps.console.heard();
    return ok(await statusOf(deps));
  });
  deps.bus.serve(RPCS.setAutoMode, (request) => setMode(deps, request));
}

/** A person chooses. Turning it on is on the record before it counts; turning it off counts first. */
async function setMode(deps: PolicyDeps, request: z.output<typeof SetAutoModeRequest>): Promise<Reply<AutoStatus>> {
  const { mode, operator, reason } = request;
  const said = {
    type: "modeSet/1" as const,
    at: now(deps),
    actor: { kind: "operator" as const, id: operator },
    reason,
  };
  if (mode === "off") {
    const entry: ModeSetEntry = { ...said, mode, policy: null };
    await write(deps, entry);
    await deps.outbox.note(ledgerRecord(entry));
    return ok(await statusOf(deps));
  }
  const found = meantOf(deps, request.policyHash);
  if (found.outcome === "denied") return found;
  const entry: ModeSetEntry = { ...said, mode, policy: found.value };
  const before = await deps.ledger.fresh();
  await deps.bus.audit(ledgerRecord(entry));
  await write(deps, entry, before);
  return ok(await statusOf(deps));
}

/** A person turns on what that person has read, and nothing else. */
function meantOf(deps: PolicyDeps, policyHash: string | null): Reply<PolicyRef> {
  if (!allowedHere(deps)) return denied("AUTO_APPROVAL_NOT_ALLOWED");
  const document = documentNow(deps);
  if (document.state === "none") return denied("AUTO_APPROVAL_POLICY_INVALID", "there is no policy");
  if (document.state === "invalid")
    return denied("AUTO_APPROVAL_POLICY_INVALID", document.reasons.join("; ").slice(0, 1_000));
  if (document.policy.mode !== deps.mode)
    return denied("AUTO_APPROVAL_POLICY_INVALID", `it is for ${document.policy.mode}`);
  if (document.ref.hash === policyHash) return ok(document.ref);
  return denied("AUTO_APPROVAL_POLICY_INVALID", "another policy lies there than the one that was meant", {
    hash: document.ref.hash,
  });
}

/** `before`: as it stood when the person asked. What turned it off since then is not undone by that. */
async function write(deps: PolicyDeps, entry: ModeSetEntry, before?: Ledger): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const ledger = await deps.ledger.fresh();
    if (before !== undefined && !isSameWord(before, ledger))
      throw new Fault("CONFLICT", "the policy was turned off or chosen anew meanwhile, and that stays");
    if (await deps.ledger.append(entry)) return;
  }
  throw new Fault("CONFLICT", "the ledger of the policy moved on at every try");
}
