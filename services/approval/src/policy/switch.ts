import type { OffCause } from "@countersign/contracts/auto-approval";
import { denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { LedgerEntry, ModeSetEntry, TurnedOffEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type {
  AutoStatus,
  SetAutoModeRequest,
  TurnOffAutoRequest,
} from "@countersign/contracts/messages/auto-approval.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { allowedHere, documentNow, type PolicyDeps } from "./deps.ts";
import { ledgerRecord } from "./records.ts";
import { now, statusOf } from "./status.ts";

const TRIES_MAX = 5;

export function servePolicy(deps: PolicyDeps): void {
  deps.bus.serve(RPCS.autoStatus, async () => ok(await statusOf(deps)));
  deps.bus.serve(RPCS.setAutoMode, (request) => setMode(deps, request));
  deps.bus.serve(RPCS.turnOffAuto, (request) => turnOffFor(deps, request));
}

/** A person chooses. Turning it on is on the record before it counts; turning it off counts first. */
async function setMode(deps: PolicyDeps, request: z.output<typeof SetAutoModeRequest>): Promise<Reply<AutoStatus>> {
  const { mode, operator, reason, policyHash } = request;
  const refusal = mode === "off" ? undefined : refusalOf(deps, policyHash);
  if (refusal !== undefined) return refusal;
  const document = documentNow(deps);
  const policy = mode === "off" || document.state !== "valid" ? null : document.ref;
  const actor = { kind: "operator" as const, id: operator };
  const entry: ModeSetEntry = { type: "modeSet/1", at: now(deps), mode, actor, reason, policy };
  if (mode !== "off") await deps.bus.audit(ledgerRecord(entry));
  await write(deps, () => entry);
  if (mode === "off") await deps.outbox.note(ledgerRecord(entry));
  return ok(await statusOf(deps));
}

/** A person turns on what that person has read, and nothing else. */
function refusalOf(deps: PolicyDeps, policyHash: string | null) {
  if (!allowedHere(deps)) return denied("AUTO_APPROVAL_NOT_ALLOWED");
  const document = documentNow(deps);
  if (document.state === "none") return denied("AUTO_APPROVAL_POLICY_INVALID", "there is no policy");
  if (document.state === "invalid")
    return denied("AUTO_APPROVAL_POLICY_INVALID", document.reasons.join("; ").slice(0, 1_000));
  if (document.policy.mode !== deps.mode)
    return denied("AUTO_APPROVAL_POLICY_INVALID", `it is for ${document.policy.mode}`);
  if (document.ref.hash === policyHash) return undefined;
  return denied("AUTO_APPROVAL_POLICY_INVALID", "another policy lies there than the one that was meant", {
    hash: document.ref.hash,
  });
}

function turnOffFor(deps: PolicyDeps, request: z.output<typeof TurnOffAutoRequest>): Promise<Reply<AutoStatus>> {
  const { cause, service, reason } = request;
  return turnOff(deps, cause, { service, reason });
}

/** Any cause may turn it off, at any time; it stays off until a person chooses otherwise. Off already: nothing is written. */
export async function turnOff(
  deps: PolicyDeps,
  cause: OffCause,
  { service, reason }: { service: string; reason: string },
): Promise<Reply<AutoStatus>> {
  const actor = { kind: "service" as const, id: service };
  const entry: TurnedOffEntry = { type: "turnedOff/1", at: now(deps), cause, actor, reason };
  const written = await write(deps, (mode) => (mode === "off" ? undefined : entry));
  if (written) await deps.outbox.note(ledgerRecord(entry));
  return ok(await statusOf(deps));
}

/** False: nothing was to be written. */
async function write(deps: PolicyDeps, entryFor: (mode: string) => LedgerEntry | undefined): Promise<boolean> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { mode } = await deps.ledger.fresh();
    const entry = entryFor(mode);
    if (entry === undefined) return false;
    if (await deps.ledger.append(entry)) return true;
  }
  throw new Fault("CONFLICT", "the ledger of the policy moved on at every try");
}
