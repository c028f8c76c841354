const DAY_MS = 86_400_000;

/** What is wrong with an expiry, `YYYYMM` or `YYYYMMDD`; undefined: it is a day or month that is not over. */
export function expiryFault(expiry: string, nowMs: number): string | undefined {
  const [year, month, day] = [expiry.slice(0, 4), expiry.slice(4, 6), expiry.slice(6, 8)].map(Number);
  if (year === undefined || month === undefined || day === undefined) return `${expiry} is no date`;
  const lastDay = Date.UTC(year, month, 0);
  const endMs = day === 0 ? lastDay : Date.UTC(year, month - 1, day);
  if (month < 1 || month > 12 || endMs > lastDay || (expiry.length === 8 && day < 1)) return `${expiry} is no date`;
  // Behind Greenwich the day lasts half a day longer at most.
  return endMs + 1.5 * DAY_MS <= nowMs ? `${expiry} is past` : undefined;
}
