/** What is counted in every schedule, so that it can be seen how much happens in them. */
export const MEASURES = [
  "steps",
  "virtual ms",
  "faults",
  "intents",
  "orders sent",
  "executions",
  "UNKNOWN",
  "kill settings",
  "deaths",
  "made smaller",
  "by policy",
  "changes sent",
  "exits sent",
] as const;
export type Measure = (typeof MEASURES)[number];
export type Tally = Record<Measure, number>;

export function emptyTally(): Tally {
  return Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Tally;
}

/** The same of many schedules, in their order. */
export type Tallies = Readonly<Record<Measure, number[]>>;

export function emptyTallies(): Tallies {
  return Object.fromEntries(MEASURES.map((measure) => [measure, []])) as unknown as Tallies;
}
