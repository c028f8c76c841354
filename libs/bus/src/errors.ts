import { Fault } from "@countersign/contracts/denial";
import { JetStreamApiError } from "@nats-io/jetstream";
import { ConnectionError, errors } from "@nats-io/transport-node";

/** JetStream API error codes that we act on. Switch on the code, never on the text. */
export const WRONG_LAST_SEQUENCE = 10071;
export const NO_MESSAGE_FOUND = 10037;

/** JetStream's own code; undefined: the error is not JetStream's. */
export function apiCode(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

/** Turns what the client throws at a request into our Fault. A write that timed out is unknown, a read is merely late. */
export function requestFault(error: unknown, effect: "read" | "write", subject: string): Fault {
  if (error instanceof Fault) return error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (error instanceof errors.NoRespondersError || cause instanceof errors.NoRespondersError) {
    return new Fault("UNAVAILABLE", `nobody serves ${subject}`, { cause: error });
  }
  if (error instanceof errors.PermissionViolationError || cause instanceof errors.PermissionViolationError) {
    return new Fault("INTERNAL", `the server refuses ${subject} to this user`, { cause: error });
  }
  if (error instanceof errors.TimeoutError || cause instanceof errors.TimeoutError) {
    return effect === "write"
      ? new Fault("OUTCOME_UNKNOWN", `${subject} did not answer in time`, { cause: error })
      : new Fault("TIMEOUT", `${subject} did not answer in time`, { cause: error });
  }
  if (error instanceof errors.ClosedConnectionError || error instanceof ConnectionError) {
    return effect === "write"
      ? new Fault("OUTCOME_UNKNOWN", `the connection ended during ${subject}`, { cause: error })
      : new Fault("BUS_UNAVAILABLE", undefined, { cause: error });
  }
  return effect === "write"
    ? new Fault("OUTCOME_UNKNOWN", `${subject} failed`, { cause: error })
    : new Fault("BUS_UNAVAILABLE", `${subject} failed`, { cause: error });
}
