import { randomBytes } from "node:crypto";
import { base32, canonicalJson, sha256, sha256Hex } from "./hash.ts";

/** The same account, agent and idempotency key give the same id: a retry is the same proposal. */
export function proposalId(key: { account: string; agent: string; idempotencyKey: string }): string {
  const digest = sha256(canonicalJson([key.account, key.agent, key.idempotencyKey]));
  return `prop_${base32(digest).slice(0, 26)}`;
}

/** What the broker echoes as orderRef: 100 bits of the ticket's hash. */
export function orderRef(ticketHash: string): string {
  return `cs1.${base32(Buffer.from(ticketHash, "hex")).slice(0, 20)}`;
}

/** The reference of one exit of a bracket; `leg` is its name. */
export function legRef(ticketHash: string, leg: string): string {
  return orderRef(sha256Hex(canonicalJson([ticketHash, leg])));
}

/** A bearer token of 256 random bits. */
export function randomToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** 128 random bits, base64url: makes two equal tickets different. */
export function newNonce(): string {
  return randomBytes(16).toString("base64url");
}
