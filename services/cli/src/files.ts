import { readFileSync, writeFileSync } from "node:fs";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";

/** What the system says of a file that could not be used. */
export function fileError(exitCode: ExitCode, path: string, error: unknown): CommandError {
  return new CommandError(exitCode, `${path}: ${error instanceof Error ? error.message : String(error)}`);
}

/** The text of a file that the command line names. Throws a CommandError when there is none to be read. */
export function readNamed(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileError(EXIT.usage, path, error);
  }
}

/** With these rights, and never over a file that is there. Throws a CommandError then, and when it cannot be written. */
export function writeNew(path: string, text: string, mode: number): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode });
  } catch (error) {
    throw fileError(EXIT.usage, path, error);
  }
}
