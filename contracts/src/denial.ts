import * as z from "zod";
import { DENIALS, type DenialCode, FAULTS, type FaultCode } from "./codes.ts";
import { Json } from "./primitives.ts";

const codesOf = <T extends object>(table: T) => Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];

/** A business no. `detail` carries the numbers or candidates that justify it; its keys depend on the code. */
export const Denial = z.strictObject({
  code: z.enum(codesOf(DENIALS)),
  message: z.string().max(1000),
  detail: z.record(z.string().max(64), Json).optional(),
});
export type Denial = z.infer<typeof Denial>;

/** Denials that go away by waiting; every other one is final for the same arguments. */
export const TEMPORARY_DENIALS: readonly DenialCode[] = [
  "RATE_LIMITED",
  "SESSION_ENDED",
  "TOO_MANY_OPEN_PROPOSALS",
  "PACING_WAIT",
  "PACING_REFUSED",
];

/** What a caller gets when the operation failed. `effect` "unknown" means: it may have happened. */
export const FaultBody = z.strictObject({
  code: z.enum(codesOf(FAULTS)),
  message: z.string().max(1000),
  retryable: z.boolean(),
  effect: z.enum(["none", "unknown"]),
});
export type FaultBody = z.infer<typeof FaultBody>;

/** Every reply is one of the two; a fault is not a reply (it travels in the error headers). */
export const replyOf = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("ok"), value }),
    z.strictObject({ outcome: z.literal("denied"), denial: Denial }),
  ]);

/** A reply that may have stood in the queue for the broker's pace. */
export const pacedReplyOf = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("ok"),
      value,
      waitedMs: z
        .int()
        .min(1)
        .exactOptional()
        .describe("How long it stood in the queue for the broker's pace; absent: it did not"),
    }),
    z.strictObject({ outcome: z.literal("denied"), denial: Denial }),
  ]);
export type Reply<T> = { outcome: "ok"; value: T } | { outcome: "denied"; denial: Denial };

/** One part of an answer that has several: what its own request would have answered, or why that failed. */
export type Part<T> = Reply<T> | { outcome: "fault"; fault: FaultBody };

/** A part from its handler. Anything but a Fault is a bug and fails the whole answer. */
export async function partOf<T>(answering: () => Promise<Reply<T>> | Reply<T>): Promise<Part<T>> {
  try {
    return await answering();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { outcome: "fault", fault: error.toBody() };
  }
}

/** The reply with its value. */
export function ok<T>(value: T): { outcome: "ok"; value: T } {
  return { outcome: "ok", value };
}

/** The reply that is a business no. Without a message it has the table's text. */
export function denied(
  code: DenialCode,
  message?: string,
  detail?: Denial["detail"],
): { outcome: "denied"; denial: Denial } {
  const text = message ?? DENIALS[code].text;
  return {
    outcome: "denied",
    denial: detail === undefined ? { code, message: text } : { code, message: text, detail },
  };
}

/** An operation that failed. Thrown by whoever cannot finish; a server turns it into an error reply, a client gets it back. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly effect: "none" | "unknown";
  readonly retryable: boolean;

  constructor(code: FaultCode, message?: string, options: { cause?: unknown; effect?: "none" | "unknown" } = {}) {
    super(message ?? FAULTS[code].text, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.effect = options.effect ?? (code === "OUTCOME_UNKNOWN" ? "unknown" : "none");
    this.retryable = FAULTS[code].retryable && this.effect === "none";
  }

  toBody(): FaultBody {
    return { code: this.code, message: this.message.slice(0, 1000), retryable: this.retryable, effect: this.effect };
  }
}
