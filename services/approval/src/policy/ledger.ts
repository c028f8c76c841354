import { parseUtcText } from "@countersign/clock/clock";
import type { AutoMode } from "@countersign/contracts/auto-approval";
import type { LedgerEntry, ModeSetEntry, UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { PolicyRef } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";

export const DAY_MS = 86_400_000;

/** How the standing policy stands, folded from its ledger. It holds nothing that the ledger does not hold. */
export interface Ledger {
  readonly mode: AutoMode;
  /** What made the mode what it is; undefined: nobody ever chose one, and it is off. */
  readonly since: ModeSetEntry | UsedEntry | undefined;
  /** The policy that a person turned on; undefined while it is off. */
  readonly turnedOn: PolicyRef | undefined;
  readonly uses: readonly UsedEntry[];
}

export const EMPTY_LEDGER: Ledger = { mode: "off", since: undefined, turnedOn: undefined, uses: [] };

/** One step. Off is left only by a person. */
export function foldLedger(ledger: Ledger, entry: LedgerEntry): Ledger {
  switch (entry.type) {
    case "modeSet/1": {
      const { mode, policy } = entry;
      const turnedOn = mode === "off" ? undefined : (policy ?? undefined);
      return { ...ledger, mode: turnedOn === undefined ? "off" : mode, since: entry, turnedOn };
    }
    case "used/1": {
      const uses = [...ledger.uses, entry];
      return entry.turnsOff && ledger.mode !== "off"
        ? { mode: "off", since: entry, turnedOn: undefined, uses }
        : { ...ledger, uses };
    }
  }
}

/** Whether nothing has chosen the mode between the two. */
export function isSameWord({ since: one }: Ledger, { since: other }: Ledger): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalHash(one) === canonicalHash(other);
}

/** Whether what was approved in the name of this policy may still leave: no person has taken it back. A throttle ends it for those that follow. */
export function standsFor({ mode, since, turnedOn }: Ledger, policy: PolicyRef | undefined): boolean {
  if (since?.type === "used/1") return true;
  return mode === "on" && policy !== undefined && turnedOn?.hash === policy.hash;
}

/** What counts against the sums of 24 hours. Entries from the future count: no step of a clock makes room. */
export function usedInDay(uses: readonly UsedEntry[], nowMs: number): UsedEntry[] {
  return uses.filter(({ at }) => parseUtcText(at) > nowMs - DAY_MS);
}

/** The orders of this agent, instrument and side since `fromMs`, and since a person last chose the mode. */
export function repeatsOf(ledger: Ledger, same: Pick<UsedEntry, "agent" | "conid" | "side" | "mode">, fromMs: number) {
  const chosen = ledger.uses.findLastIndex(({ turnsOff }) => turnsOff);
  return ledger.uses.filter(
    (use, index) =>
      index > chosen &&
      use.agent === same.agent &&
      use.conid === same.conid &&
      use.side === same.side &&
      use.mode === same.mode &&
      parseUtcText(use.at) > fromMs,
  );
}
