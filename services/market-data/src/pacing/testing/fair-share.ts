/** What the broker's limits leave to agents: so many requests in a window, and so many messages in a second, both counted from the answer. */
export interface Allowance {
  readonly perWindow: number;
  readonly windowMs: number;
  readonly perSecond: number;
  /** A second, and the time that the broker takes to answer. */
  readonly secondMs: number;
}

/** When the n-th request (from 1) can leave at the earliest, in ms from the first, whoever makes it. */
export function departureMs(count: number, { perWindow, windowMs, perSecond, secondMs }: Allowance): number {
  const windows = Math.floor((count - 1) / perWindow);
  const seconds = Math.floor((count - 1 - windows * perWindow) / perSecond);
  return windows * windowMs + seconds * secondMs;
}

/**
 * The fair share of an asker, as a time: its n-th request is due when everybody has had n, or all that it asked for, and
 * nothing leaves later than the limits make it. `asked`: how many each of them asks for. `leftBefore`: how many had left
 * before the last of them came; what is spent cannot be shared.
 */
export function fairWaitMs(turn: number, asked: readonly number[], allowance: Allowance, leftBefore = 0): number {
  const all = asked.reduce((sum, count) => sum + count, 0);
  const before = asked.reduce((sum, count) => sum + Math.min(count, turn), 0);
  return departureMs(Math.min(all, leftBefore + before), allowance);
}
