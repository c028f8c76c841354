import type { Reply } from "../codec/literals.ts";
import type { Request } from "../codec/requests.ts";
import type { MessageLimit } from "./message-pace.ts";

/** The named places at which somebody else decides what a session does. Without a decision it does what TWS does. */
export interface SessionHooks {
  /** A socket was accepted. */
  atAccept(): AcceptDecision | undefined;
  /** A frame can be read and is about to be processed. */
  atRequest(point: RequestPoint): RequestDecision | undefined;
  /** How many messages a client may send; undefined = any number. */
  messageLimit(clientId: number | undefined): MessageLimit | undefined;
  /** START_API asks for this client id. */
  atStart(clientId: number): StartDecision | undefined;
  /** A frame is about to be written. */
  atReply(point: ReplyPoint): ReplyDecision;
  /** How bytes are cut into segments; undefined = all frames of a turn in one write. */
  writeShape(clientId: number | undefined): WriteShape | undefined;
}

/** `fin` = an orderly end behind all that was written; `rst` = a reset. */
export type CloseHow = "fin" | "rst";

/** `mute` = never read or write; `slow` = read nothing for `delayMs`. */
export type AcceptDecision =
  | { readonly kind: "mute" }
  | { readonly kind: "slow"; readonly delayMs: number }
  | { readonly kind: "close"; readonly how: CloseHow };

export interface RequestPoint {
  /** `hello`, `startApi`, `cancelOrder`; a what-if is `placeOrder.whatIf`, never `placeOrder`. */
  readonly name: string;
  /** Undefined before START_API. */
  readonly clientId: number | undefined;
  /** Order or request id of the message; -1 when it has none. */
  readonly id: number;
  /** Of a placeOrder only. */
  readonly orderRef: string | undefined;
  /** Undefined for the hello. */
  readonly request: Request | undefined;
}

export type RequestDecision =
  | { readonly kind: "closeBefore" | "closeAfter"; readonly how: CloseHow }
  | { readonly kind: "mute" }
  | { readonly kind: "ignore" }
  /** This message and all behind it on the connection wait. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** An error in place of what the message asks for. */
  | { readonly kind: "answer"; readonly error: ErrorAnswer };

export interface ErrorAnswer {
  readonly id: number;
  readonly code: number;
  readonly text: string;
  /** Empty or one JSON object. */
  readonly rejectJson: string;
}

/** `refuse` = 326 although the id is free; `kick` = the older connection of this id is closed. */
export type StartDecision = "refuse" | "kick";

export interface ReplyPoint {
  readonly reply: Reply;
  readonly clientId: number | undefined;
}

export interface ReplyDecision {
  /** What is written in place of the reply. */
  readonly rewritten?: Reply;
  readonly delivery?: Delivery;
}

export type Delivery =
  | { readonly kind: "drop" }
  | { readonly kind: "cutBefore" | "cutAfter"; readonly how: CloseHow }
  /** Only the first `bytes` of the frame leave, then the connection ends. */
  | { readonly kind: "cutInside"; readonly bytes: number; readonly how: CloseHow }
  /** The first `bytes` leave, the rest and all behind it after `delayMs`; 0 = never. */
  | { readonly kind: "stall"; readonly bytes: number; readonly delayMs: number }
  /** With `keepOrder` all replies behind it wait as well. */
  | { readonly kind: "delay"; readonly delayMs: number; readonly keepOrder: boolean }
  /** Waits until a reply named `until` has left, `delayMsMax` at most. */
  | { readonly kind: "hold"; readonly until: string; readonly delayMsMax: number }
  | { readonly kind: "repeat"; readonly copies: number }
  /** The reply, and after `delayMs` these as well. */
  | { readonly kind: "follow"; readonly replies: readonly Reply[]; readonly delayMs: number }
  /** These bytes in place of the frame. */
  | { readonly kind: "bytes"; readonly bytes: Buffer };

/** `chunk` = each segment has so many bytes; `gather` = nothing leaves before so many frames wait, or `delayMs` passed. */
export type WriteShape =
  | { readonly kind: "chunk"; readonly bytes: number }
  | { readonly kind: "gather"; readonly frames: number; readonly delayMs: number };

/** All names under which a reply can be meant: `orderStatus`, `orderStatus.Filled`; `error`, `error.201`. */
export function replyNames(reply: Reply): readonly string[] {
  const detail =
    reply.name === "orderStatus" ? reply.tokens[2] : reply.name === "error" ? reply.tokens[3] : reply.detail;
  return detail === undefined ? [reply.name] : [reply.name, `${reply.name}.${detail}`];
}
