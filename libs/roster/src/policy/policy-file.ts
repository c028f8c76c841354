import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Roster } from "../roster.ts";
import { type CheckedPolicy, checkPolicy } from "./check-policy.ts";

export const POLICY_FILE = "auto-approval.json";

/** The standing policy as it lies there and counts at the moment of each question. */
export interface PolicySource {
  current(nowMs: number): CheckedPolicy | { readonly state: "none" };
}

/** Larger than any policy; what is larger is not read. */
const BYTES_MAX = 256 * 1024;

/** In the keys folder. Looked at anew for every question: roster and time change what counts although the file does not. */
export function policyInFile(given: { keysDir: string; roster: Roster; daysMax: number }): PolicySource {
  const file = join(given.keysDir, POLICY_FILE);
  return {
    current: (nowMs) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat === undefined) return { state: "none" };
      try {
        if (stat.size > BYTES_MAX) throw new Error("it is too large");
        return checkPolicy(readFileSync(file, "utf8"), { ...given, nowMs });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { state: "invalid", ref: undefined, reasons: [reason.slice(0, 300)] };
      }
    },
  };
}
