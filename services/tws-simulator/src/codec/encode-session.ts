import type { Reply } from "./literals.ts";
import { wireText } from "./literals.ts";

export function encodeHelloReply(serverVersion: number, connectionTime: string): Reply {
  return { name: "hello", tokens: [String(serverVersion), connectionTime] };
}

export function encodeNextValidId(orderId: number): Reply {
  return { name: "nextValidId", tokens: ["9", "1", String(orderId)] };
}

export function encodeManagedAccounts(accounts: readonly string[]): Reply {
  return { name: "managedAccounts", tokens: ["15", "1", accounts.join(",")] };
}

export function encodeCurrentTime(epochSeconds: number): Reply {
  return { name: "currentTime", tokens: ["49", "1", String(epochSeconds)] };
}

/** `id` is an order or request id, or -1 for a notice. `rejectJson` is empty or one JSON object. */
export function encodeError(error: { id: number; code: number; text: string; rejectJson?: string }): Reply {
  const json = error.rejectJson ?? "";
  return { name: "error", tokens: ["4", "2", String(error.id), String(error.code), wireText(error.text), json] };
}

export function encodeUserInfo(reqId: number, whiteBrandingId: string): Reply {
  return { name: "userInfo", tokens: ["107", String(reqId), whiteBrandingId] };
}

export function encodeFamilyCodes(accounts: readonly string[]): Reply {
  return { name: "familyCodes", tokens: ["78", String(accounts.length), ...accounts.flatMap((id) => [id, ""])] };
}
