import { ConfigError } from "@countersign/config/config-error";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { warn } from "./terminal.ts";

/** Says on standard error what ended the command. What nobody foresaw must not end with the code of a denial, which Node would choose. */
export function exitOf(error: unknown): ExitCode {
  const isSaid = error instanceof CommandError || error instanceof ConfigError;
  warn(isSaid ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (!isSaid) return EXIT.unavailable;
  return error instanceof CommandError ? error.exitCode : EXIT.usage;
}

/** Who reads the output may go away, as `head` does; what was asked for is done all the same, and its exit code counts. */
export function finishUnread(output: NodeJS.WriteStream): void {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
