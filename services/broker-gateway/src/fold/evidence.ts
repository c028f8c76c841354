import type { Absence, ExecFact, Execution } from "@countersign/contracts/facts/exec-facts.v1";
import type { Amount } from "@countersign/contracts/money";
import type { Shown } from "./drift.ts";

/** What the broker, or its silence, says about one of our orders. */
export type Evidence =
  /** The broker shows the order with this status. `adopted`: found by reconciliation, so any status proves it is there. */
  | {
      readonly kind: "seen";
      readonly status: string;
      readonly permId: string | null;
      readonly whyHeld: string;
      readonly adopted: boolean;
      /** Its terms as the broker shows them; absent: this message carries none. */
      readonly shown?: Shown;
      /** How much of it was filled in all, as the list of completed orders has it; absent: it is not from there. */
      readonly filledInAll?: string;
      /** What TWS warns of in the order itself; absent or empty: nothing. */
      readonly warning?: string;
    }
  | { readonly kind: "executed"; readonly execution: Execution; readonly permId: string | null }
  | {
      readonly kind: "charged";
      readonly execId: string;
      readonly commission: Amount;
      readonly realizedPnl: string | null;
    }
  | { readonly kind: "error"; readonly code: number; readonly text: string; readonly advancedReject?: string }
  /**
   * A complete reading did not show it. `sinceMs`: after the one before that counts; null: this is the first in a row, or
   * the first that this process made.
   */
  | { readonly kind: "absent"; readonly reading: Omit<Absence, "sinceMs">; readonly sinceMs: number | null }
  /** A complete reading shows it as open that began long after the broker had said how it ended. */
  | { readonly kind: "stillOpen"; readonly status: string }
  /** Its list of completed orders has more of it as filled than the executions come to that it has shown, long after the end. */
  | { readonly kind: "filledFurther"; readonly inAll: string }
  /** The broker's list of completed orders says how it ended. */
  | { readonly kind: "ended"; readonly as: "cancelled" | "rejected"; readonly text: string }
  /**
   * The broker was asked completely and did not show it, the link broke, or no answer came. `unacknowledgedOnly`: this
   * bears only on an order of which the broker has said nothing yet.
   */
  | { readonly kind: "lost"; readonly reason: string; readonly unacknowledgedOnly: boolean };

/** A fact without its envelope: whoever writes it adds the proposal and the time. */
export type Draft = {
  [T in Exclude<ExecFact["type"], "leg/1">]: Omit<Extract<ExecFact, { type: T }>, "proposalId" | "at">;
}[Exclude<ExecFact["type"], "leg/1">];
