import type { Clock } from "@countersign/clock/clock";
import type { FaultCode } from "@countersign/contracts/codes";
import type { Random } from "@countersign/ids/random";
import type { Logger } from "@countersign/log/logger";
import type { ClientIds } from "./client-ids.ts";
import type { Connect } from "./connection.ts";
import type { Farm } from "./link-codes.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { RestartWindow } from "./windows.ts";
import type { BrokerEvent } from "./wire.ts";
import type { Recording } from "./wire-recording.ts";

export type LinkState = "down" | "connecting" | "reconciling" | "up";

export interface LinkDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limiter: RateLimiter;
  readonly writer: Writer;
  readonly random: Random;
  readonly connect: Connect;
}

export interface LinkSettings {
  readonly clientIds: ClientIds;
  /** From the first byte until TWS has named the next order id. */
  readonly connectDeadlineMs: number;
  /** Without an answer for so long the connection is thrown away. */
  readonly silenceMaxMs: number;
  /** Longest waits between two tries, the last one for ever after; each wait is between half of it and all of it. */
  readonly backOffMs: readonly number[];
  /** So long the fallback reads, or rests, after TWS said that the id for orders is taken; then that id is tried again. */
  readonly clientIdTakenMs: number;
  /** Those that hold in this mode. */
  readonly windows: readonly RestartWindow[];
  /** False: a TWS that manages such an account is left at once. */
  readonly acceptsAccount: (account: string) => boolean;
  /** Both directions of every connection go in here; undefined: nothing is recorded. */
  readonly recording: Recording | undefined;
}

export interface LinkListeners {
  onEvent(event: BrokerEvent): void;
  /** TWS can be asked again; whoever listens reconciles and then calls `markUp` with this epoch. */
  onReconcile(epoch: number): void;
  /** What was on its way may be lost. */
  onLost(reason: string): void;
  /** Something was not understood; only a reading of the broker can tell what it was. */
  onFault(fault: { code: number | null; text: string; first: boolean }): void;
  onFarm(farm: Farm, before: Farm["state"] | null): void;
}

/** What must hold on our own side for an order to be sent. */
export interface Writer {
  /** False: another gateway may be the writer by now. */
  leaseHeld(): boolean;
  /** False: TWS has counted past the ids that there are. */
  orderIdsLeft(): boolean;
}

/** What the client library says about a message that it cannot read. */
export const UNREADABLE = 505;

/** Why nothing may be submitted though the approval holds. */
export interface Hold {
  readonly code: FaultCode & ("BROKER_UNAVAILABLE" | "BROKER_RESTARTING" | "BROKER_READ_ONLY");
  readonly reason: string;
}

/**
 * How a connection ended. unreachable: the port did not take it; noLogin: it was taken and no session began; dropped: it
 * broke while in use; silent: given up because no answer came; refused: left because of the accounts there; fallbackOver:
 * given up by the fallback, so that the id for orders can be tried.
 */
export type LinkEnd = "unreachable" | "noLogin" | "clientIdTaken" | "dropped" | "silent" | "refused" | "fallbackOver";

/** What the client library says when the network fails. */
const NETWORK_FAILED = "TWS 502";

/** How a connection ended: it was usable and dropped, nothing answered there, or TWS began no session. */
export function linkEndOf(wasReady: boolean, reason: string): LinkEnd {
  if (wasReady) return "dropped";
  return reason.startsWith(NETWORK_FAILED) ? "unreachable" : "noLogin";
}

/** Before the next try, after so many in a row that led nowhere: between half of what is set and all of it. */
export function waitMs(backOffMs: readonly number[], failures: number, random: Random): number {
  const longestMs = backOffMs[Math.min(failures, backOffMs.length - 1)] ?? 1_000;
  return longestMs - random.below(Math.floor(longestMs / 2) + 1);
}
