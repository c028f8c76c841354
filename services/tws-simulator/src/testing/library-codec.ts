// The library's own codec, asked at versions that its connection never negotiates.
import { Decoder } from "@stoqey/ib/dist/core/io/decoder.js";
import { Encoder } from "@stoqey/ib/dist/core/io/encoder.js";

/** What the library reports on a frame that it cannot read to its end. */
const PROTOCOL_ERROR = 505;

export interface DecodedEvent {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The tokens that the library's encoder writes at a server version. Fails when the library refuses the call. */
export function libraryEncodes(serverVersion: number, call: (encoder: Encoder) => void): string[] {
  let sent: unknown[] = [];
  const callback = {
    serverVersion,
    sendMsg: (...tokens: unknown[]) => {
      sent = tokens.flat(3);
    },
    emitError: (message: string) => {
      throw new Error(message);
    },
  };
  call(new Encoder(callback as never));
  return sent.map((token) => (token === true ? "1" : token === false ? "0" : String(token ?? "")));
}

/** Events and errors of the library's decoder for one frame; a token too many or too few is an error. */
export function libraryDecodes(serverVersion: number, tokens: readonly string[]) {
  const events: DecodedEvent[] = [];
  const errors: unknown[] = [];
  const callback = {
    serverVersion,
    emitEvent: (name: string, ...args: unknown[]) => events.push({ name, args }),
    emitError: (...args: unknown[]) => {
      if (args[1] === PROTOCOL_ERROR) errors.push(args);
      else events.push({ name: "error", args });
    },
    emitInfo: (...args: unknown[]) => events.push({ name: "info", args }),
  };
  const decoder = new Decoder(callback as never);
  decoder.enqueueMessage([...tokens]);
  decoder.process();
  return { events, errors };
}
