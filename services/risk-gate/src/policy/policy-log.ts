import { FoldedLog, type LogBus } from "@countersign/bus/folded-log";
import type { Mode } from "@countersign/contracts/mode";
import { FACTS } from "@countersign/contracts/subjects";
import { EMPTY_CHAIN, foldPolicy, type PolicyChain } from "./chain.ts";

/** The risk policies as they stand in their log: of two that are signed at the same time the second is judged against the first. */
export type PolicyLog = FoldedLog<typeof FACTS.riskPolicy, PolicyChain>;

/** Throws a Fault when it cannot be read, and an Error when it does not hold. */
export function openPolicyLog(bus: LogBus, mode: Mode): Promise<PolicyLog> {
  const fold = (chain: PolicyChain, entry: Parameters<typeof foldPolicy>[1]) => foldPolicy(chain, entry, mode);
  return FoldedLog.open(bus, { fact: FACTS.riskPolicy, empty: EMPTY_CHAIN, fold });
}
