import { type Clock, parseUtcText, type Timer, utcText } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { type Denial, denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { RiskPolicyActivation, RiskPolicyStatus } from "@countersign/contracts/messages/risk-policy.v1";
import type { Mode } from "@countersign/contracts/mode";
import type { PolicySigner, RiskPolicyEntry, SignedRiskPolicy } from "@countersign/contracts/risk-policy";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import type { Roster } from "@countersign/roster/roster";
import { sessionSigners } from "@countersign/roster/session-signatures";
import type { PolicyInForce, RiskPolicy } from "../policy.ts";
import { neededFor, type PolicyChain } from "./chain.ts";
import { type CheckedPolicy, checkRiskPolicy } from "./check.ts";
import type { PolicyLog } from "./policy-log.ts";

/** So long the first of two signatures waits for the second. */
const WAIT_MS = 24 * 60 * 60 * 1_000;
/** So often another process's activation is looked for. */
const LOOK_MS = 1_000;
const TRIES_MAX = 3;
const CHANGES_MAX = 200;
const SIGNERS_MAX = 10;

export interface LivePolicyDeps {
  readonly log: PolicyLog;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly roster: Pick<Roster, "status" | "keyOf">;
  /** Resolves when the audit has it. */
  readonly audit: (entry: AuditEntry) => Promise<unknown>;
  /** The log cannot be read, or does not hold; what is in force stays in force. */
  readonly onFailed: (error: unknown) => void;
}

export interface HandedIn {
  readonly signed: SignedRiskPolicy;
  readonly operator: string;
  readonly reason: string;
}

/**
 * The policy in force, at every moment the last one of the log. What this process puts in force counts from its next
 * verdict on, what another one does at most a second later.
 */
export class LivePolicy implements PolicyInForce {
  readonly #deps: LivePolicyDeps;
  readonly #timer: Timer;
  #judged: { readonly hash: string; readonly checked: CheckedPolicy } | undefined;

  constructor(deps: LivePolicyDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => void deps.log.fresh().catch(deps.onFailed), LOOK_MS);
  }

  stop(): void {
    this.#timer.cancel();
  }

  get policy(): RiskPolicy {
    return this.#inForce().policy;
  }

  get hash(): string {
    return this.#inForce().hash;
  }

  /** What is wrong with the policy that was put in force last, or that none was; empty: it is in force. */
  faults(): readonly string[] {
    const found = this.#checked();
    if (found === undefined) return ["no risk policy was ever put in force"];
    return found.outcome === "good" ? [] : found.faults;
  }

  status(): RiskPolicyStatus {
    const { last, waiting } = this.#deps.log.known();
    if (last === undefined) throw new Fault("UNAVAILABLE", "no risk policy is in force");
    const { mode } = this.#deps;
    const open = waiting !== undefined && !this.#over(waiting.until) ? waiting : undefined;
    const changes = open === undefined ? [] : neededFor(last, open.signed.document.policy, mode).changes;
    return {
      inForce: { ...shown(last), policy: last.signed.document.policy },
      waiting:
        open === undefined ? null : { ...shown(open), until: open.until, changes: changes.slice(0, CHANGES_MAX) },
    };
  }

  /** Takes the signatures under a policy, with those that wait under the same one. Nothing counts before it is in the audit. */
  async handIn(given: HandedIn): Promise<Reply<RiskPolicyActivation>> {
    const { log, roster, mode } = this.#deps;
    const { document, signatures } = given.signed;
    const checked = checkRiskPolicy(document.policy);
    if (checked.outcome === "faulty") return invalid("the policy does not hold", checked.faults);
    if (document.mode !== mode) return invalid(`it is for ${document.mode}, this is ${mode}`);
    const status = roster.status();
    if (!status.ok) return denied("ROSTER_REFUSED", `no roster to rely on: ${status.reason}`);
    const found = sessionSigners(roster, canonicalJson(document), signatures);
    if (found.reasons.length > 0) return invalid("a signature does not hold", found.reasons);
    if (found.signers.length === 0) return invalid("nobody has signed it");
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const answer = await this.#step(await log.fresh(), given, found.signers);
      if (answer !== "lost") return answer;
    }
    throw new Fault("CONFLICT", "the log of the risk policy moved on at every try");
  }

  async #step(
    { last, waiting }: PolicyChain,
    given: HandedIn,
    signers: readonly PolicySigner[],
  ): Promise<Reply<RiskPolicyActivation> | "lost"> {
    const { clock, mode, log, audit } = this.#deps;
    const { policy } = given.signed.document;
    const [version, hash] = [Number(policy.version), canonicalHash(policy)];
    if (version <= (last?.version ?? 0)) return denied("RISK_POLICY_OLD", `version ${last?.version} is in force`);
    const before = waiting?.hash === hash && !this.#over(waiting.until) ? this.#stillSigned(waiting) : undefined;
    const all = together(given.signed, signers, before);
    if (before !== undefined && all.signers.length === before.signers.length)
      return denied("RISK_POLICY_NEEDS_ANOTHER_PERSON");
    const { changes, needed } = neededFor(last, policy, mode);
    const at = utcText(clock.nowMs());
    const base = { at, version, hash, previous: last?.hash ?? null, ...all, reason: given.reason };
    const entry: RiskPolicyEntry =
      all.signers.length >= needed
        ? { type: "activated/1", ...base }
        : { type: "signed/1", ...base, until: utcText(clock.nowMs() + WAIT_MS) };
    await audit(recordOf(entry, given.operator, changes.slice(0, CHANGES_MAX)));
    if (!(await log.append(entry))) return "lost";
    return ok({
      outcome: entry.type === "activated/1" ? ("activated" as const) : ("awaitsAnother" as const),
      ...{ version, hash, needed, changes: changes.slice(0, CHANGES_MAX) },
      signers: all.signers.map(({ person }) => person),
    });
  }

  /** Of signatures that wait only those count whose keys stand on the roster now. */
  #stillSigned({ signed }: { signed: SignedRiskPolicy }): Signatures | undefined {
    const { signers, reasons } = sessionSigners(this.#deps.roster, canonicalJson(signed.document), signed.signatures);
    return reasons.length > 0 ? undefined : { signed, signers };
  }

  #over(until: string): boolean {
    return this.#deps.clock.nowMs() >= parseUtcText(until);
  }

  #checked(): CheckedPolicy | undefined {
    const { last } = this.#deps.log.known();
    if (last === undefined) return undefined;
    if (this.#judged?.hash !== last.hash)
      this.#judged = { hash: last.hash, checked: checkRiskPolicy(last.signed.document.policy) };
    return this.#judged.checked;
  }

  #inForce(): PolicyInForce {
    const found = this.#checked();
    if (found?.outcome === "good") return found;
    throw new Fault("UNAVAILABLE", `no risk policy is in force: ${this.faults().join("; ")}`.slice(0, 900));
  }
}

interface Signatures {
  readonly signed: SignedRiskPolicy;
  readonly signers: readonly PolicySigner[];
}

/** One signature of each person. What is repeated must not push out another one, without which the log would not hold. */
function together(signed: SignedRiskPolicy, signers: readonly PolicySigner[], before: Signatures | undefined) {
  const others = (before?.signers ?? []).filter(({ person }) => signers.every((one) => one.person !== person));
  const all = [...others, ...signers].slice(0, SIGNERS_MAX);
  const given = [...(before?.signed.signatures ?? []), ...signed.signatures];
  const signatures = all.flatMap((one) => given.find(({ keyId }) => keyId === one.keyId) ?? []);
  return { signed: { document: signed.document, signatures }, signers: all };
}

function shown({ version, hash, at, signers, reason }: RiskPolicyEntry) {
  return { version, hash, at, signers: signers.map(({ person }) => person), reason };
}

function recordOf(entry: RiskPolicyEntry, operator: string, changes: RiskPolicyActivation["changes"]): AuditEntry {
  const { type, at, version, hash, previous, signers, reason } = entry;
  return {
    kind: "riskPolicy.changed",
    at,
    correlationId: `risk-policy-${version}`,
    actor: { kind: "operator", id: operator },
    body: { event: type, version, hash, previous, signers: signers.map(({ person }) => person), reason, changes },
  };
}

function invalid(message: string, faults: readonly string[] = []): { outcome: "denied"; denial: Denial } {
  const words = faults.length === 0 ? message : `${message}: ${faults.join("; ")}`;
  return denied("RISK_POLICY_INVALID", words.slice(0, 1_000), {
    faults: faults.slice(0, 50).map((one) => one.slice(0, 300)),
  });
}
