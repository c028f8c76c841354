/** From an instant up to another that is not in it, ms since the epoch. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What of a stretch lies in none of the others. `others` in the order of their start; they may overlap. */
export function without(whole: Stretch, others: Iterable<Stretch>): Stretch[] {
  const left: Stretch[] = [];
  let atMs = whole.fromMs;
  for (const { fromMs, untilMs } of others) {
    if (fromMs >= whole.untilMs) break;
    if (fromMs > atMs) left.push({ fromMs: atMs, untilMs: fromMs });
    atMs = Math.max(atMs, untilMs);
  }
  if (atMs < whole.untilMs) left.push({ fromMs: atMs, untilMs: whole.untilMs });
  return left;
}

/** What a stretch has in common with each of the others, in their order. */
export function common(whole: Stretch, others: Iterable<Stretch>): Stretch[] {
  const shared: Stretch[] = [];
  for (const other of others) {
    const both = { fromMs: Math.max(whole.fromMs, other.fromMs), untilMs: Math.min(whole.untilMs, other.untilMs) };
    if (both.fromMs < both.untilMs) shared.push(both);
  }
  return shared;
}

export function overlaps(a: Stretch, b: Stretch): boolean {
  return a.fromMs < b.untilMs && b.fromMs < a.untilMs;
}
