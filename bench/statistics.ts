/** A measured series in ms. */
export interface Series {
  readonly name: string;
  readonly samples: readonly number[];
  /** What we want at most; absent: no budget. */
  readonly budget?: { readonly p50?: number; readonly p99?: number };
}

/**
 * Times a task again and again; the rounds that warm up, a tenth more unless told otherwise, do not count. The pause between
 * two is no part of the time.
 */
export async function series(
  name: string,
  rounds: number,
  task: () => Promise<unknown>,
  { pauseMs = 0, warmUp = rounds * 0.1 } = {},
): Promise<Series> {
  const samples: number[] = [];
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const startedAt = performance.now();
    await task();
    if (round >= warmUp) samples.push(performance.now() - startedAt);
    if (pauseMs > 0) await new Promise((done) => setTimeout(done, pauseMs));
  }
  return { name, samples };
}

/** The smallest sample that at least the given share of all samples does not exceed (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("no samples");
  return value;
}

/** One line of the table; `calibration` is the NATS round trip of the same run, so that machines can be compared. */
export function tableLine(series: Series, calibrationMs: number): string {
  const p50 = percentile(series.samples, 0.5);
  const p99 = percentile(series.samples, 0.99);
  const wanted = series.budget;
  const budget = [wanted?.p50 && `p50 <= ${wanted.p50}`, wanted?.p99 && `p99 <= ${wanted.p99}`]
    .filter(Boolean)
    .join(", ");
  const met = wanted === undefined ? "" : p50 <= (wanted.p50 ?? p50) && p99 <= (wanted.p99 ?? p99) ? "met" : "MISSED";
  const cells = [
    series.name,
    series.samples.length,
    p50.toFixed(2),
    p99.toFixed(2),
    (p50 / calibrationMs).toFixed(1),
    budget,
    met,
  ];
  return `| ${cells.join(" | ")} |`;
}

export const TABLE_HEAD = [
  "| what | n | p50 ms | p99 ms | p50 / NATS round trip | budget | |",
  "|---|---|---|---|---|---|---|",
];
