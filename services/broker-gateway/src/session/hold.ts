import { Fault } from "@countersign/contracts/denial";
import type { Connection } from "./connection.ts";
import type { Link } from "./link.ts";
import type { Hold, LinkState, Writer } from "./link-types.ts";
import { type LinkTimes, type RestartWindow, windowAgainst } from "./windows.ts";

export const IDS_USED_UP = "TWS has counted past the order ids that there are";

export interface Standing {
  readonly nowMs: number;
  readonly stuck: Hold | undefined;
  readonly state: LinkState;
  readonly detail: string;
  /** Commands may be given on the connection. */
  readonly connected: boolean;
  readonly writer: Writer;
  readonly windows: readonly RestartWindow[];
  readonly times: LinkTimes;
  /** The words with which TWS refused an order because its API is read-only. */
  readonly apiReadOnly: string | undefined;
}

/** What stands against submitting now; undefined: nothing. Pure. */
export function holdOf(now: Standing): Hold | undefined {
  if (now.stuck !== undefined) return now.stuck;
  if (now.state !== "up" || !now.connected) return unavailable(`the link to TWS is ${now.state} (${now.detail})`);
  if (!now.writer.leaseHeld()) return unavailable("the lease of the one writer is not confirmed");
  if (!now.writer.orderIdsLeft()) return unavailable(IDS_USED_UP);
  const window = windowAgainst(now.windows, now.nowMs, now.times);
  if (window !== undefined) return { code: "BROKER_RESTARTING", reason: window };
  if (now.apiReadOnly === undefined) return undefined;
  return { code: "BROKER_READ_ONLY", reason: `TWS says: ${now.apiReadOnly}` };
}

/** The connection, to give it an order or a cancel. Throws a Fault when there is none that takes them. */
export function writerOf(link: Link): Connection {
  const { stuck } = link.turns;
  if (stuck !== undefined) throw new Fault(stuck.code, stuck.reason);
  const connection = link.connection();
  if (connection !== undefined) return connection;
  throw new Fault("BROKER_UNAVAILABLE", `the link to TWS is ${link.state} (${link.detail})`);
}

function unavailable(reason: string): Hold {
  return { code: "BROKER_UNAVAILABLE", reason };
}
