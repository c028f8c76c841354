import type { Logger } from "@countersign/log/logger";

export type LogEvents = ReturnType<typeof logEvents>;

/** What this service says, one function per event. */
export function logEvents(logger: Pick<Logger, "info" | "warn" | "error">) {
  return {
    callFailed: (callId: string, tool: string, error: unknown) =>
      logger.error({ callId, tool, error: textOf(error) }, "a call failed in a way that nobody foresaw"),
    refused: (reason: string) => logger.warn({ reason }, "request refused"),
    protocolError: (error: Error) => logger.info({ error: error.message.slice(0, 300) }, "protocol error"),
  };
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` caused by ${error.cause.message}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
