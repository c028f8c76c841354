import type { Reply } from "../codec/literals.ts";
import type { Delivery, ReplyDecision, ReplyPoint } from "../session/hooks.ts";
import { replyNames } from "../session/hooks.ts";
import {
  binaryFrame,
  oversizeStart,
  unknownThenKnown,
  withoutFinalNul,
  withoutLastTokens,
  withToken,
} from "./broken-frames.ts";
import type { FaultOf } from "./fault-document.ts";
import type { FaultEngine } from "./fault-engine.ts";
import { meansClient, meansFrame } from "./matching.ts";
import { type OrderTrail, permIdOf, type Subject, withPermId } from "./order-trail.ts";

const REWRITES = new Set(["surplusToken", "shortFrame", "largePermId", "samePermId", "replaceToken"] as const);
const DELIVERIES = new Set([
  ...(["delayReply", "dropReply", "duplicateReply", "holdReplyUntil", "staleStatus"] as const),
  ...(["cutBeforeReply", "cutAfterReply", "cutInsideReply", "stallInsideReply"] as const),
  ...(["unknownMessage", "oversizeFrame", "binaryFrame", "missingNul"] as const),
]);
type SetOf<S> = S extends ReadonlySet<infer A> ? A : never;

const ABOVE_DOUBLES = 2n ** 53n;
const UNTOUCHED: ReplyDecision = {};

/** What the rules in force do to an outgoing frame. */
export function replyDecision(engine: FaultEngine, trail: OrderTrail, point: ReplyPoint): ReplyDecision {
  const subject = trail.learnReply(point.reply, point.clientId);
  if (engine.empty) return UNTOUCHED;
  const frame = { names: replyNames(point.reply), clientId: point.clientId, ...subject };
  const rewrite = engine.take(REWRITES, (fault) => meansFrame(fault, frame));
  const stood = standing(engine, point);
  const reply = rewrite === undefined ? stood : rewritten(rewrite, { ...point, reply: stood }, trail);
  const fault = engine.take(DELIVERIES, (rule) => meansFrame(rule, frame));
  const delivery = fault === undefined ? undefined : deliveryOf(fault, { ...point, reply }, { trail, subject });
  return { ...(reply === point.reply ? {} : { rewritten: reply }), ...(delivery === undefined ? {} : { delivery }) };
}

/** Faults of the session that stand until they are taken away. */
function standing(engine: FaultEngine, { reply, clientId }: ReplyPoint): Reply {
  if (reply.name === "managedAccounts") {
    const fault = engine.standing("managedAccounts", (rule) => meansClient(rule, clientId));
    return fault === undefined ? reply : withToken(reply, 2, fault.text);
  }
  if (reply.name === "nextValidId") {
    const fault = engine.standing("shiftNextValidId", (rule) => meansClient(rule, clientId));
    return fault === undefined ? reply : withToken(reply, 2, String(Number(reply.tokens[2]) + fault.by));
  }
  if (reply.name === "hello") {
    const fault = engine.standing("serverVersion", () => true);
    return fault === undefined ? reply : withToken(reply, 0, String(fault.version));
  }
  return reply;
}

function rewritten(fault: FaultOf<SetOf<typeof REWRITES>>, point: ReplyPoint, trail: OrderTrail): Reply {
  const { reply, clientId } = point;
  switch (fault.action) {
    case "surplusToken":
      return { ...reply, tokens: [...reply.tokens, fault.token] };
    case "shortFrame":
      return withoutLastTokens(reply, fault.tokens);
    case "replaceToken":
      return withToken(reply, fault.index, fault.text);
    case "largePermId": {
      const permId = permIdOf(reply);
      return permId === undefined ? reply : withPermId(reply, String(ABOVE_DOUBLES + BigInt(permId) * 2n + 1n));
    }
    case "samePermId": {
      const permId = fault.permId ?? trail.firstPermId(clientId);
      return permId === undefined ? reply : withPermId(reply, permId);
    }
  }
}

function deliveryOf(
  fault: FaultOf<SetOf<typeof DELIVERIES>>,
  { reply, clientId }: ReplyPoint,
  order: { readonly trail: OrderTrail; readonly subject: Subject },
): Delivery | undefined {
  switch (fault.action) {
    case "delayReply":
      return { kind: "delay", delayMs: fault.delayMs, keepOrder: fault.keepOrder };
    case "dropReply":
      return { kind: "drop" };
    case "duplicateReply":
      return { kind: "repeat", copies: fault.copies };
    case "holdReplyUntil":
      return { kind: "hold", until: fault.until, delayMsMax: fault.delayMsMax };
    case "staleStatus": {
      const first = order.trail.firstStatus(clientId, order.subject.orderId);
      return first === undefined ? undefined : { kind: "follow", replies: [first], delayMs: fault.delayMs };
    }
    case "cutBeforeReply":
      return { kind: "cutBefore", how: fault.how };
    case "cutAfterReply":
      return { kind: "cutAfter", how: fault.how };
    case "cutInsideReply":
      return { kind: "cutInside", bytes: fault.bytes, how: fault.how };
    case "stallInsideReply":
      return { kind: "stall", bytes: fault.bytes, delayMs: fault.delayMs };
    default:
      return { kind: "bytes", bytes: brokenBytes(fault, reply) };
  }
}

function brokenBytes(
  fault: FaultOf<"unknownMessage" | "oversizeFrame" | "binaryFrame" | "missingNul">,
  reply: Reply,
): Buffer {
  switch (fault.action) {
    case "unknownMessage":
      return unknownThenKnown(fault.id, reply);
    case "oversizeFrame":
      return oversizeStart(reply);
    case "binaryFrame":
      return binaryFrame();
    case "missingNul":
      return withoutFinalNul(reply);
  }
}
