import type { Span } from "./trading-hours.ts";

/** In order; what overlaps or touches becomes one. */
export function spansOf(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const { startMs, endMs } of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = result.at(-1);
    if (last === undefined || startMs > last.endMs) result.push({ startMs, endMs });
    else result[result.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) };
  }
  return result;
}

/** What lies in both, each in order and without overlaps. */
export function common(left: readonly Span[], right: readonly Span[]): Span[] {
  return left.flatMap((one) =>
    right.flatMap((other) => {
      const startMs = Math.max(one.startMs, other.startMs);
      const endMs = Math.min(one.endMs, other.endMs);
      return startMs < endMs ? [{ startMs, endMs }] : [];
    }),
  );
}

/** What is left of the first when the others are taken out. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  return taken.reduce<Span[]>(
    (left, { startMs, endMs }) =>
      left.flatMap((one) => {
        const before = { startMs: one.startMs, endMs: Math.min(one.endMs, startMs) };
        const after = { startMs: Math.max(one.startMs, endMs), endMs: one.endMs };
        return [before, after].filter((part) => part.startMs < part.endMs);
      }),
    [...spans],
  );
}

/** The one that an instant lies in. */
export function spanAt<S extends Span>(spans: readonly S[], atMs: number): S | undefined {
  return spans.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
}
