import { Fault } from "@countersign/contracts/denial";

/** Error 100 and every text of TWS about pacing; a competing session and a full queue of ours are none. */
const NAMED = /^TWS (100:|\d+: .*pacing violation)/i;

/** What TWS said, if it said that we were too fast. */
export function violationIn(error: unknown): string | undefined {
  return error instanceof Fault && NAMED.test(error.message) ? error.message.slice(0, 300) : undefined;
}
