import type { Fault } from "@countersign/contracts/denial";
import type { Logger } from "@countersign/log/logger";

/** One function per event, so that nothing is logged in two wordings. */
export function logEvents(logger: Logger) {
  return {
    auditFailed: (proposalId: string, error: unknown) =>
      logger.error({ proposalId, error: String(error) }, "audit did not confirm an approval"),
    auditDelayed: (waiting: number, error: unknown) =>
      logger.warn({ waiting, error: String(error) }, "audit record waits"),
    auditDropped: (kind: string) => logger.error({ kind }, "audit record lost: too many wait"),
    submitDenied: (proposalId: string, code: string) => logger.info({ proposalId, code }, "gateway denied the order"),
    submitFailed: (proposalId: string, fault: Fault) =>
      logger.error({ proposalId, code: fault.code, effect: fault.effect, error: fault.message }, "submit failed"),
    decisionFailed: (proposalId: string, error: unknown) =>
      logger.error({ proposalId, error: String(error) }, "decision not recorded"),
    sweepFailed: (error: unknown) => logger.warn({ error: String(error) }, "sweep failed for one order"),
    policyAssessed: (proposalId: string, mode: string, outcome: string) =>
      logger.info({ proposalId, mode, outcome }, "assessed by the standing policy"),
    policyFailed: (proposalId: string, error: unknown) =>
      logger.warn({ proposalId, error: String(error) }, "not assessed by the standing policy; left to a person"),
    resumed: (count: number) => logger.info({ count }, "approvals to submit again"),
  };
}
export type LogEvents = ReturnType<typeof logEvents>;
