import type { JudgedFact } from "@countersign/contracts/facts/judged-facts.v1";
import { OrderTerms } from "@countersign/contracts/order";
import { AccountId, ProposalId, Sha256Hex, UtcText } from "@countersign/contracts/primitives";
import { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import * as z from "zod";
import type { Facts } from "../facts/fact.ts";
import { inputsHash } from "../inputs.ts";
import { judge } from "../judge.ts";
import { type PolicyInForce, RiskPolicy } from "../policy.ts";
import { engineHash } from "./engine.ts";
import type { ReadDecision } from "./read-record.ts";

/** A decision taken apart: all that it takes to make its verdict again, with nothing else at hand. */
export const DecisionFile = z.strictObject({
  type: z.literal("countersign.decision/2"),
  proposalId: ProposalId,
  account: AccountId,
  at: UtcText,
  engine: Sha256Hex,
  policyHash: Sha256Hex,
  inputsHash: Sha256Hex,
  verdictHash: Sha256Hex,
  terms: OrderTerms,
  facts: z.record(z.string(), z.unknown()),
  policy: z.record(z.string(), z.unknown()),
  verdict: Verdict.nullable().describe("As it stands in the log; null: it is not there"),
});
export type DecisionFile = z.infer<typeof DecisionFile>;

/** Canonical JSON, so that the same decision is the same file. */
export function decisionFile(read: ReadDecision, verdict: Verdict | null): string {
  const { fact, terms, facts, policy } = read;
  const { proposalId, account, at, engine, policyHash, inputsHash: inputs, verdictHash } = fact;
  const head = { type: "countersign.decision/2", proposalId, account, at, engine, policyHash };
  return `${canonicalJson({ ...head, inputsHash: inputs, verdictHash, terms, facts, policy, verdict })}\n`;
}

type Named = Pick<JudgedFact, "proposalId" | "account" | "at" | "engine" | "inputsHash" | "policyHash" | "verdictHash">;

/** What can be wrong with a recorded decision. */
export interface Finding {
  readonly what: "inputs" | "policy" | "verdict" | "log";
  readonly message: string;
}

export interface Verified {
  /** Empty: the hashes hold, and the same bytes come out again. */
  readonly findings: readonly Finding[];
  /** Whether the code that judges now is the code that judged then. */
  readonly sameEngine: boolean;
  readonly verdict: Verdict | undefined;
  /** Whether the hash of the inputs says of which proposal it is; records of older versions do not have that. */
  readonly namesProposal: boolean;
}

/** The first lines that differ, where the verdict of then is at hand. */
function differences(then: Verdict | null, now: Verdict): string {
  const before = new Map(then?.rules.map((rule) => [rule.rule, canonicalJson(rule)]));
  const lines = then === null ? [] : now.rules.filter((rule) => before.get(rule.rule) !== canonicalJson(rule));
  return lines
    .slice(0, 3)
    .map((rule) => `; then ${before.get(rule.rule) ?? "nothing"}, now ${canonicalJson(rule)}`)
    .join("");
}

const POLICIES = new WeakMap<object, PolicyInForce>();

/** Undefined: it is no policy. The same object is read once, whatever number of decisions were made by it. */
function readPolicy(value: unknown): PolicyInForce | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const known = POLICIES.get(value);
  if (known !== undefined) return known;
  const parsed = RiskPolicy.safeParse(value);
  if (!parsed.success) return undefined;
  const policy = { policy: parsed.data, hash: canonicalHash(value) };
  POLICIES.set(value, policy);
  return policy;
}

/** A record that was changed may have lost what no rule reckons with: undefined then. Of one that holds an error is a bug. */
function judgedAgain(
  { terms, facts }: { readonly terms: OrderTerms; readonly facts: Facts },
  policy: PolicyInForce,
  findings: readonly Finding[],
): { readonly verdict: Verdict; readonly hash: string } | undefined {
  try {
    const verdict = judge(terms, facts, policy);
    return { verdict, hash: canonicalHash(verdict) };
  } catch (error) {
    if (findings.length === 0 || !(error instanceof TypeError)) throw error;
    return undefined;
  }
}

/** Judges once more and compares. Never throws on a record that was changed: it says where. */
export function verify(
  recorded: Named & { readonly terms: OrderTerms; readonly facts: Facts; readonly policy: unknown },
  logged: Verdict | null = null,
): Verified {
  const { terms, facts, engine, policyHash, verdictHash } = recorded;
  const sameEngine = engine === engineHash();
  const findings: Finding[] = [];
  const found = (what: Finding["what"], message: string) => void findings.push({ what, message });
  // Of copies: what was hashed before is taken for unchanged.
  if (inputsHash(structuredClone(terms), structuredClone(facts)) !== recorded.inputsHash)
    found("inputs", "terms or facts are not those that were judged");
  if (recorded.account !== terms.account || recorded.at !== facts.at)
    found("inputs", "the record is of another account or another time");
  if (facts.proposalId !== undefined && facts.proposalId !== recorded.proposalId)
    found("inputs", `the record is of another proposal: ${facts.proposalId}`.slice(0, 100));
  const policy = readPolicy(recorded.policy);
  if (policy === undefined) found("policy", "the policy is none that this version reads");
  else if (policy.hash !== policyHash) found("policy", "the policy is not the one that is named");
  const again = policy && judgedAgain(recorded, { policy: policy.policy, hash: policyHash }, findings);
  const how = sameEngine ? "with the same code" : "with other code than then";
  if (again !== undefined && again.hash !== verdictHash)
    found("verdict", `judged again ${how}, it is another verdict${differences(logged, again.verdict)}`);
  if (logged !== null && canonicalHash(logged) !== verdictHash) found("log", "the verdict in the log is another one");
  return { findings, sameEngine, verdict: again?.verdict, namesProposal: facts.proposalId !== undefined };
}
