/** What the broker's limits leave to agents: so many requests in a window, and so many messages in a second. */
export interface Allowance {
  readonly perWindow: number;
  readonly windowMs: number;
  readonly messagesPerSecond: number;
}

/** When the n-th request (from 1) can leave at the earliest, in ms from the first, whoever makes it. */
export function departureMs(count: number, { perWindow, windowMs, messagesPerSecond }: Allowance): number {
  const windows = Math.floor((count - 1) / perWindow);
  const withinWindow = count - windows * perWindow;
  return windows * windowMs + (withinWindow / messagesPerSecond) * 1_000;
}

/**
 * The fair share of an agent: of every `agents` requests that leave, one is its own. So its n-th answer is due when the
 * (n x agents)-th request of all can leave.
 */
export function fairWaitMs(turn: number, agents: number, allowance: Allowance): number {
  return departureMs(turn * agents, allowance);
}
