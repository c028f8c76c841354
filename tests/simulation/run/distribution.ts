import { MEASURES, type Tallies } from "../world/tally.ts";

const PARTS = [0.5, 0.9, 0.99] as const;

/** A table of how each measure is spread over the schedules. */
export function distributionOf(tallies: Tallies): string[] {
  const row = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(16) : cell.padStart(9))).join("");
  const rows = MEASURES.map((measure) => {
    const sorted = Float64Array.from(tallies[measure]).sort();
    const mean = sorted.reduce((sum, one) => sum + one, 0) / Math.max(1, sorted.length);
    const parts = PARTS.map((part) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
    const none = sorted.lastIndexOf(0) + 1;
    const share = `${((100 * none) / Math.max(1, sorted.length)).toFixed(0)} %`;
    return row([measure, mean.toFixed(2), ...[...parts, sorted.at(-1) ?? 0].map((one) => one.toFixed(0)), share]);
  });
  return [row(["in one schedule", "mean", "p50", "p90", "p99", "max", "none"]), ...rows];
}
