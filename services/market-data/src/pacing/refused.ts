import { DENIALS } from "@countersign/contracts/codes";
import type { Denial } from "@countersign/contracts/denial";

/** Neither the broker's pace nor the limit of an agent allows the request in time. Thrown out of a load; whoever answers the caller sends the denial. */
export class PacingRefused extends Error {
  override readonly name = "PacingRefused";
  readonly denial: Denial;
  /** Until its answer is there; Infinity: further away than any request may wait, or not known. */
  readonly waitMs: number;

  constructor(code: "PACING_WAIT" | "PACING_REFUSED" | "RATE_LIMITED", waitMs: number) {
    super(DENIALS[code].text);
    this.waitMs = waitMs;
    const estimatedWaitMs = Number.isFinite(waitMs) ? waitMs : null;
    const detail = code === "RATE_LIMITED" ? { retryAfterMs: estimatedWaitMs } : { estimatedWaitMs };
    this.denial = { code, message: DENIALS[code].text, detail };
  }
}

/** The denial in place of an answer that the broker's pace does not allow; anything else stays an error. */
export async function orDenied<T>(answering: Promise<T>): Promise<T | { outcome: "denied"; denial: Denial }> {
  try {
    return await answering;
  } catch (error) {
    if (error instanceof PacingRefused) return { outcome: "denied", denial: error.denial };
    throw error;
  }
}
