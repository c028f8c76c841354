import type * as z from "zod";
import type { User } from "./accounts.ts";

/**
 * The four ways in which services speak. A subject is a template: `{name}` stands for one token.
 * Who may publish and who may read stands here and nowhere else; the server's permissions are generated from it.
 */
export interface Rpc<Request extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly kind: "rpc";
  readonly subject: string;
  readonly text: string;
  /** Name and version in the schema header, for example `risk.propose/1`. */
  readonly schema: string;
  readonly request: Request;
  readonly reply: Answer;
  readonly server: User;
  readonly callers: readonly User[];
  /** A write that times out is unknown, never failed; a read that times out may be repeated. */
  readonly effect: "read" | "write";
  readonly timeoutMs: number;
}

/** A fact in a JetStream stream; appended with compare-and-swap on the last sequence of its subject. */
export interface Fact<Body extends z.ZodType = z.ZodType> {
  readonly kind: "fact";
  readonly subject: string;
  readonly text: string;
  readonly schema: string;
  readonly body: Body;
  readonly stream: StreamName;
  readonly publisher: User;
  readonly readers: readonly User[];
}

/** Core NATS, latest wins, may be lost. */
export interface Broadcast<Body extends z.ZodType = z.ZodType> {
  readonly kind: "broadcast";
  readonly subject: string;
  readonly text: string;
  readonly schema: string;
  readonly body: Body;
  readonly publisher: User;
  readonly readers: readonly User[];
}

export type Contract = Rpc | Fact | Broadcast;

export const STREAMS = {
  ORDERS: { account: "CORE", text: "The logs of every order, one for each author" },
  JUDGED: { account: "CORE", text: "What every verdict was made of, so that it can be made again" },
  POLICY: { account: "CORE", text: "The risk policies that were in force; the ledger of the standing policy" },
  KV_CONTROL: { account: "CORE", text: "Kill switch, writer epoch, claims to send" },
  KV_LEASES: { account: "CORE", text: "Who may be the one writer to TWS, renewed every second" },
  KV_INSTRUMENTS: { account: "CORE", text: "Instruments as the broker last described them" },
  KV_PACING: { account: "CORE", text: "What of the broker's allowance of requests is spent" },
  KV_USAGE: { account: "CORE", text: "How much agents have called, and when their sessions began" },
  AUDIT: { account: "AUDIT", text: "The hash-chained record of everything" },
} as const;
export type StreamName = keyof typeof STREAMS;
