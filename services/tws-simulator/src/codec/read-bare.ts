import type { Request, RequestKind } from "./requests.ts";
import type { TokenReader } from "./token-reader.ts";

/** Reads one message behind its id. Throws RequestFormatError for what cannot be read. */
export type Read = (reader: TokenReader, serverVersion: number) => Request;

/** A message without anything, or with its version only. */
export function bare<K extends RequestKind>(kind: K, tokens: "version" | "none"): Read {
  return (reader) => {
    if (tokens === "version") reader.skip(1);
    return { kind } as Request;
  };
}

/** The same with the request id behind it. */
export function onlyReqId<K extends RequestKind>(kind: K, tokens: "version" | "none"): Read {
  return (reader) => {
    if (tokens === "version") reader.skip(1);
    return { kind, reqId: reader.integer() } as Request;
  };
}
