import type { Logger } from "@countersign/log/logger";

/** One function per event, so that nothing is logged in two wordings. */
export function logEvents(logger: Logger) {
  return {
    recovered: (fields: { seq: number; hash: string; unconfirmed: number; repairs: readonly string[] }) =>
      logger.info(fields, "audit chain taken up"),
    waitingForStream: (error: unknown) => logger.warn({ error: String(error) }, "audit stream not there yet"),
    notSigned: (error: unknown) => logger.warn({ error: String(error) }, "no checkpoint was signed"),
    resync: (reason: string) => logger.warn({ reason }, "audit writer looks at the stream again"),
    fatal: (reason: string) => logger.error({ reason }, "audit writer must stop"),
    tampered: (findings: readonly string[]) => logger.error({ findings }, "audit does not verify"),
  };
}
export type LogEvents = ReturnType<typeof logEvents>;
