import type { Logger } from "@countersign/log/logger";

export type LogEvents = ReturnType<typeof logEvents>;

/** What this service says, one function per event. */
export function logEvents(logger: Pick<Logger, "info" | "warn" | "error">) {
  return {
    refused: (reason: string, uncounted: number) => logger.warn({ reason, uncounted }, "request refused"),
    fault: (operation: string, code: string, error: unknown) =>
      logger.warn({ operation, code, error: error instanceof Error ? error.message : String(error) }, "fault"),
    failed: (operation: string, error: unknown) =>
      logger.error({ operation, error: error instanceof Error ? error.stack : String(error) }, "handler failed"),
  };
}
