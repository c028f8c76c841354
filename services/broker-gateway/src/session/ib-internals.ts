import type { Socket } from "node:net";
import type { IBApi } from "@stoqey/ib";

/** The parts inside the client library that its public surface lacks. Checked before use: another version may differ. */
interface Internals {
  controller?: {
    socket?: { client?: Socket; onData?: (data: Buffer) => void };
    decoder?: { dataQueue?: unknown[] };
  };
}

/**
 * Puts `take` between the socket and the library, which parses inside the socket's data handler without a catch: one
 * malformed frame would end the process, and a length that is negative to it would hang it. `take` hands on what the
 * library shall see. `onFailure` gets what was thrown on the way, and must throw the connection away.
 * Returns false when this version of the library has no such place.
 */
export function guardDecoder(
  api: IBApi,
  take: (bytes: Buffer, pass: (frame: Buffer) => void) => void,
  onFailure: (error: unknown) => void,
): boolean {
  const { socket, decoder } = (api as unknown as Internals).controller ?? {};
  const original = socket?.onData;
  if (socket === undefined || original === undefined || !Array.isArray(decoder?.dataQueue)) return false;
  const pass = (frame: Buffer) => {
    try {
      original.call(socket, frame);
    } catch (error) {
      // What is left of this message must not be taken for the beginning of the next.
      decoder.dataQueue?.splice(0);
      throw error;
    }
  };
  socket.onData = (data) => {
    try {
      take(data, pass);
    } catch (error) {
      onFailure(error);
    }
  };
  return true;
}

/** An order must not wait for the acknowledgement of the packet before it. */
export function sendWithoutDelay(api: IBApi): void {
  (api as unknown as Internals).controller?.socket?.client?.setNoDelay(true);
}

/** Shows every byte that the library writes from now on; there must be a socket, so only after `connect`. */
export function watchWrites(api: IBApi, onBytes: (bytes: Uint8Array) => void): void {
  const client = (api as unknown as Internals).controller?.socket?.client;
  if (client === undefined) throw new TypeError("this version of the client library cannot be recorded");
  const write = client.write.bind(client) as (bytes: Uint8Array) => boolean;
  client.write = ((bytes: Uint8Array) => {
    onBytes(bytes);
    return write(bytes);
  }) as Socket["write"];
}
