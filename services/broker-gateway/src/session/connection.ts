import { type ConnectionHandlers, IbConnection } from "./ib-connection.ts";
import type { Tap } from "./wire-recording.ts";

/** One connection to TWS, as whoever gives commands on it sees it. */
export type Connection = Pick<IbConnection, keyof IbConnection>;

/** Makes a connection that is not open yet. `readOnly`: why no order may leave on it; undefined: they may. */
export type Connect = (readOnly: string | undefined, handlers: ConnectionHandlers, tap: Tap | undefined) => Connection;

export function connectTws(target: { readonly host: string; readonly port: number }): Connect {
  return (readOnly, handlers, tap) => new IbConnection({ ...target, readOnly }, handlers, tap);
}
