import type { Violation } from "../world/host.ts";
import type { Tallies } from "../world/tally.ts";
import type { Patch } from "./substitutes.ts";

/** What one worker is to do: every `stride`-th seed from `from` on, up to and without `to`. */
export interface Job {
  readonly patches: readonly Patch[];
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  /** Just these seeds, in place of the row; absent: the row. */
  readonly only?: readonly number[];
  /** Ends at the first schedule with a violation. */
  readonly untilFirst: boolean;
  readonly trace: boolean;
}

export interface Finding {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export interface Done {
  readonly schedules: number;
  /** Of each schedule, in the order of the seeds. */
  readonly tallies: Tallies;
  /** Sum of the hashes of all traces, as 32 bits. */
  readonly hash: number;
  readonly findings: readonly Finding[];
  /** Of the last schedule, where it was asked for. */
  readonly trace: readonly string[];
  /** Patches whose file was never loaded, or why nothing could be run at all. */
  readonly unused: readonly string[];
  readonly error: string | undefined;
}
