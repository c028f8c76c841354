/** What the exit code of every command means. */
export const EXIT = {
  ok: 0,
  /** The system said no: denied, not found, already decided. */
  denied: 1,
  /** The command line was not understood, here or by the admin API (INVALID_ARGUMENT). */
  usage: 2,
  /** Something cannot be reached, or an operation failed; nothing is known to be wrong with the request. */
  unavailable: 3,
  /** No token, or one that is not accepted or lacks the scope. */
  unauthenticated: 4,
  /** The audit, or a decision, does not verify; a replay left out what it could not judge again. */
  verificationFailed: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message on standard error. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
