import { DENIALS, FAULTS } from "@countersign/contracts/codes";
import { type Denial, Fault, FaultBody, TEMPORARY_DENIALS } from "@countersign/contracts/denial";
import * as z from "zod";

/** RFC 9457, with our stable code. */
export const Problem = z.strictObject({
  type: z.string().describe("urn:countersign:problem:<code>"),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("Stable; the table of codes has them all"),
  detail: z.string(),
  retryable: z.boolean(),
  effect: z.enum(["none", "unknown"]).describe("unknown: it may have happened; look before you repeat"),
  facts: z.record(z.string(), z.json()).optional().describe("Numbers or candidates that justify the code"),
});
export type Problem = z.infer<typeof Problem>;
type Facts = Problem["facts"];

/** A denial as an answer, with its numbers under `facts`. */
export function problemOfDenial(denial: Denial, facts?: Facts): Problem {
  const { status, text } = DENIALS[denial.code];
  const all = { ...denial.detail, ...facts };
  return {
    ...base(denial.code, status, text, denial.message),
    retryable: TEMPORARY_DENIALS.includes(denial.code),
    effect: "none",
    ...(Object.keys(all).length === 0 ? {} : { facts: all }),
  };
}

/** Operators see a fault's own message: they are who repairs it. */
export function problemOfFault(error: unknown, facts?: Facts): Problem {
  const fault = error instanceof Fault ? error : new Fault("INTERNAL");
  const { status, text } = FAULTS[fault.code];
  const { message, retryable, effect } = FaultBody.parse(fault.toBody());
  return { ...base(fault.code, status, text, message), retryable, effect, ...(facts === undefined ? {} : { facts }) };
}

function base(code: string, status: number, title: string, detail: string) {
  return { type: `urn:countersign:problem:${code}`, title, status, code, detail };
}

/** Thrown by a handler that ends with a problem although nothing failed: the order was refused after its approval. */
export class ProblemAnswer extends Error {
  override readonly name = "ProblemAnswer";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** The value of a reply; a denial becomes a problem. */
export function expectOk<T>(reply: { outcome: "ok"; value: T } | { outcome: "denied"; denial: Denial }): T {
  if (reply.outcome === "ok") return reply.value;
  throw new ProblemAnswer(problemOfDenial(reply.denial));
}

/** Ends the request with this denial. Never returns. */
export function deny(...[code, message, detail]: [Denial["code"], string?, Denial["detail"]?]): never {
  const denial: Denial = { code, message: message ?? DENIALS[code].text };
  throw new ProblemAnswer(problemOfDenial(detail === undefined ? denial : { ...denial, detail }));
}

/** What lets more through has a reason that says something; a stop is not refused for its words. */
export function requireStated(reason: string): void {
  if (reason.trim() === "") deny("INVALID_ARGUMENT", "reason: must match text that is not only blanks");
}
