import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { Fault } from "@countersign/contracts/denial";
import { RateLimit } from "@countersign/http/rate-limit";
import { TokenRoster } from "@countersign/http/token-roster";
import { createSigner } from "@countersign/ids/ed25519";
import { sha256Hex } from "@countersign/ids/hash";
import { testRoster } from "@countersign/roster/testing/test-roster";
import type { Hono } from "hono";
import { createApp } from "../app.ts";
import { ApprovalSigner } from "../approval-signing.ts";
import type { Backend } from "../backend.ts";
import type { AdminApiConfig } from "../config.ts";
import { HealthView } from "../health.ts";
import { Heartbeats } from "../heartbeats.ts";
import type { KillChange, MayLoosen } from "../kill-switch.ts";
import { logEvents } from "../log-events.ts";
import { SCOPES, type Scope } from "../operators.ts";
import { readPages } from "../pages.ts";
import { Passkeys } from "../passkeys.ts";
import { Refusals } from "../refusals.ts";
import { READS_WAITING_MAX, Turns } from "../turns.ts";

type Answers = Record<string, (body: never) => unknown>;

export const TOKENS = {
  ...{ all: "cs_op_all", reader: "cs_op_reader", tightener: "cs_op_tightener", blind: "cs_op_blind" },
  keyless: "cs_op_keyless",
};
const SCOPES_OF: Record<keyof typeof TOKENS, Scope[]> = {
  all: [...SCOPES],
  reader: ["read"],
  tightener: ["read", "kill:tighten"],
  keyless: [...SCOPES],
  blind: SCOPES.filter((scope) => scope !== "read"),
};

const CONFIG: AdminApiConfig = {
  bindHost: "127.0.0.1",
  allowedHosts: ["localhost", "127.0.0.1"],
  bodyBytesMax: 4_096,
  approvalTtlSeconds: 120,
  calls: { perSecond: 100, burst: 50 },
  refusals: { perSecond: 1, burst: 3 },
  heartbeatStaleMs: 3_500,
  clockSkewMsMax: 2_000,
  healthProbeMs: 200,
  auditVerifyEveryMs: 3_600_000,
  killReset: { coolDownMs: 0, secondPersonMs: 60_000 },
  deadMan: { autoOffMs: 60_000, laterMs: 300_000, later: "cancelAuto" },
  auditRetryMs: 20,
};

/** The HTTP application with the rest of the system as a table from subject to answer; every message is parsed as on the bus. */
export function apiUnderTest(answers: Answers = {}, given: { auditMismatch?: string } = {}) {
  const clock = new ManualClock(Date.parse("2026-11-20T10:00:30.000Z"));
  const records: AuditEntry[] = [];
  const asked: { subject: string; body: unknown }[] = [];
  const killed: KillChange[] = [];
  const backend: Backend = {
    async request(rpc, body) {
      const request = rpc.request.parse(body);
      asked.push({ subject: rpc.subject, body: request });
      const answer = answers[rpc.subject];
      if (answer === undefined) throw new Fault("UNAVAILABLE", `nobody serves ${rpc.subject}`);
      return rpc.reply.parse(await answer(request as never)) as never;
    },
    audit: async (entry) => records.push(entry),
  };
  const people = testRoster(["all"]);
  const key = people.keyOf("all");
  const sessionKeys = new Map([["all", { publicKey: key.publicKey, sign: createSigner(key.privateKeyPem) }]]);
  const heartbeats = new Heartbeats(clock, { staleMs: CONFIG.heartbeatStaleMs, skewMsMax: CONFIG.clockSkewMsMax });
  const log = logEvents({ info: () => undefined, warn: () => undefined, error: () => undefined });
  const kill = {
    state: () => ({ effective: "ACTIVE" as const, reason: "active", confirmed: true, settings: [], trips: [] }),
    set: async (change: KillChange, mayLoosen: MayLoosen) => {
      const { scope, level: to } = change;
      if (to !== "HALTED") await mayLoosen({ scope, from: "REDUCE_ONLY", to, since: null });
      killed.push(change);
    },
  };
  const signer = new ApprovalSigner(sessionKeys, { clock, roster: people.roster, ttlSeconds: 120 });
  const services = {
    backend,
    clock,
    mode: "simulator" as const,
    config: CONFIG,
    signer,
    passkeys: new Passkeys({ clock, roster: people.roster, signer }),
    kill,
    resetTrip: async () => undefined,
    resetRules: { requireFor: async () => undefined },
    seen: () => undefined,
    auditVerified: () => undefined,
    killLevel: () => ({ level: "ACTIVE" as const, reason: "active" }),
    health: new HealthView({
      backend,
      clock,
      mode: "simulator",
      heartbeats,
      probeMs: 200,
      ping: async () => 0.5,
      natsVersion: () => "2.15.2",
      control: () => ({ fresh: true, reason: "active" }),
      drift: undefined,
      outbox: () => ({ ok: true, detail: "" }),
      auditMismatch: () => given.auditMismatch,
    }),
  };
  const entries = Object.entries(TOKENS) as [keyof typeof TOKENS, string][];
  const app = createApp({
    services,
    operators: new TokenRoster(
      "operators.yaml",
      entries.map(([id, token]) => ({ id, tokenSha256: sha256Hex(token), scopes: SCOPES_OF[id] })),
    ),
    calls: new RateLimit(clock, CONFIG.calls),
    turns: new Turns(READS_WAITING_MAX),
    refusals: new Refusals({ clock, rate: CONFIG.refusals, record: (entry) => backend.audit(entry), log }),
    log,
    pages: readPages(join(import.meta.dirname, "../../page")),
  });
  return { app, asked, records, killed, key, clock, heartbeats };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly body: any;
}

export async function ask(
  app: Hono,
  method: string,
  path: string,
  options: { body?: unknown; token?: string | null; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, token = TOKENS.all } = options;
  const response = await app.request(`http://127.0.0.1${path}`, {
    method,
    headers: {
      host: "127.0.0.1",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
