import { FACTS } from "@countersign/contracts/subjects";
import type { Kind } from "./log-script.ts";

export interface Addressed {
  readonly fact: (typeof FACTS)["exec" | "decision" | "claim" | "kill" | "writer" | "lease"];
  readonly params: Record<string, string>;
  readonly body: unknown;
}

const AT = "2026-01-05T15:00:00.000Z";
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** Subjects with this key have an account of their own, so that they are in nobody's list. */
export const CONTEST_KEY = 9;
export const CONTEST = "DUC9000";

/** Every script has an account and proposals of its own; the global setting, the writer and the lease are everybody's. */
export function addressed(
  seed: number,
  of: { readonly kind: Kind; readonly key: number; readonly mark: number },
): Addressed {
  const account = of.key === CONTEST_KEY ? `${CONTEST}${seed}` : `DU${1_000_000 + seed}`;
  const proposal = proposalOf(seed, of.key);
  const own = { account, proposal };
  const { mark } = of;
  const actor = { kind: "operator", id: "operator" };
  switch (of.kind) {
    case "exec": {
      const body = { type: "sendStarted/1", proposalId: proposal, at: AT, claimSequence: mark + 1 };
      return { fact: FACTS.exec, params: own, body };
    }
    case "decision": {
      const body = { type: "rejected/1", proposalId: proposal, at: AT, actor, reason: `mark ${mark}` };
      return { fact: FACTS.decision, params: own, body };
    }
    case "claim": {
      const ticketHash = mark.toString(16).padStart(64, "0");
      const body = { type: "claim/1", proposalId: proposal, ticketHash, writerEpoch: 1, purpose: "send", at: AT };
      return { fact: FACTS.claim, params: own, body };
    }
    case "killGlobal":
    case "killAccount": {
      const scope = of.kind === "killGlobal" ? "global" : `account.${account}${of.key === 0 ? "" : of.key}`;
      const body = { type: "kill/1", level: "ACTIVE", actor, reason: `mark ${mark}`, at: AT };
      return { fact: FACTS.kill, params: { scope }, body };
    }
    case "writer":
      return {
        fact: FACTS.writer,
        params: {},
        body: { type: "writer/1", epoch: mark + 1, instance: "instance", at: AT },
      };
    case "lease": {
      const body = { type: "lease/1", instance: "instance", leaseMs: 1_000, released: mark % 2 === 0, at: AT };
      return { fact: FACTS.lease, params: {}, body };
    }
  }
}

function proposalOf(seed: number, key: number): string {
  const digits = (seed * 16 + key).toString(32).padStart(26, "0");
  return `prop_${[...digits].map((digit) => LETTERS[Number.parseInt(digit, 32)]).join("")}`;
}
