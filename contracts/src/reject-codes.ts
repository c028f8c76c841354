import * as z from "zod";

/** Why a person said no, for the agent to act on. What it proposes next is a new proposal; a refused one never comes back. */
export const REJECT_CODES = {
  TOO_LARGE: "The quantity or the value is too large.",
  BAD_PRICE: "The price, or the order type, is not right.",
  WRONG_INSTRUMENT: "Not this instrument, or not this contract of it.",
  BAD_TIMING: "Not now.",
  NOT_EXPLAINED: "The rationale does not explain the order.",
  CHANGES_REQUESTED: "As the free text says, and then as a new proposal whose rationale names this one.",
  OTHER: "Something else; the free text says what.",
} as const;
export type RejectCode = keyof typeof REJECT_CODES;
export const RejectCode = z.enum(Object.keys(REJECT_CODES) as [RejectCode, ...RejectCode[]]);
