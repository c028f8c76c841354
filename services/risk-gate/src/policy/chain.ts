import type { Mode } from "@countersign/contracts/mode";
import type {
  PolicyActivatedEntry,
  PolicyChange,
  PolicySignedEntry,
  RiskPolicyEntry,
} from "@countersign/contracts/risk-policy";
import { verify } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import type { Block } from "./blocks.ts";
import { comparePolicies, signersNeeded } from "./compare.ts";

/** The log of the risk policy, folded. It holds nothing that the log does not hold. */
export interface PolicyChain {
  /** The last one that was put in force; undefined: none ever was. */
  readonly last: PolicyActivatedEntry | undefined;
  /** What waits for another signature since then; undefined: nothing. */
  readonly waiting: PolicySignedEntry | undefined;
}

export const EMPTY_CHAIN: PolicyChain = { last: undefined, waiting: undefined };

/** How many people must sign the step from what was last in force. The first policy of a simulator needs one person. */
export function neededFor(
  last: PolicyActivatedEntry | undefined,
  policy: Block,
  mode: Mode,
): { changes: PolicyChange[]; needed: 1 | 2 } {
  const changes = comparePolicies(last?.signed.document.policy, policy);
  return { changes, needed: last === undefined && mode === "simulator" ? 1 : signersNeeded(changes) };
}

/** One step of the log. Throws what is wrong with it: a log that does not hold puts nothing in force. */
export function foldPolicy({ last }: PolicyChain, entry: RiskPolicyEntry, mode: Mode): PolicyChain {
  const fault = faultOf(last, entry, mode);
  if (fault !== undefined)
    throw new Error(`the log of the risk policy does not hold at version ${entry.version}: ${fault}`);
  return entry.type === "signed/1" ? { last, waiting: entry } : { last: entry, waiting: undefined };
}

/**
 * Whether an entry follows from the one before it. The signatures are judged by the keys that stood on the roster then,
 * which the entry has: who leaves the roster later undoes nothing that was decided.
 */
function faultOf(last: PolicyActivatedEntry | undefined, entry: RiskPolicyEntry, mode: Mode): string | undefined {
  const { document, signatures } = entry.signed;
  if (document.mode !== mode) return `it is for ${document.mode}`;
  if (canonicalHash(document.policy) !== entry.hash || document.policy.version !== entry.version)
    return "its hash or version is not that of its policy";
  if (entry.previous !== (last?.hash ?? null)) return "it does not follow the one before";
  if (entry.version <= (last?.version ?? 0)) return "its version is not higher than the one before";
  const bytes = canonicalJson(document);
  const good = entry.signers.filter(({ keyId, publicKey }) => {
    const found = signatures.find((one) => one.keyId === keyId);
    return found !== undefined && verify(publicKey, bytes, found.signature);
  });
  const persons = new Set(good.map(({ person }) => person)).size;
  const { needed } = neededFor(last, document.policy, mode);
  if (entry.type === "signed/1") return persons === 0 ? "nobody has signed it" : undefined;
  return persons < needed ? `${persons} of ${needed} persons have signed what becomes looser` : undefined;
}
