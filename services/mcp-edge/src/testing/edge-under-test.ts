import { type Clock, createSystemClock } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { Fault, ok } from "@countersign/contracts/denial";
import { TokenRoster } from "@countersign/http/token-roster";
import { sha256Hex } from "@countersign/ids/hash";
import type { Backend } from "../backend.ts";
import type { McpEdgeConfig } from "../config.ts";
import { createEdge, type Edge } from "../edge.ts";
import { logEvents } from "../log-events.ts";
import type { UsageStore } from "../usage/usage.ts";
import { pendingProposal } from "./examples.ts";
import { MemoryUsage } from "./memory-usage.ts";

export const TOKEN = "cs_agent_0123456789abcdef0123456789abcdef";
export const OTHER_TOKEN = "cs_agent_other_0123456789abcdef01234567";

type Answers = Record<string, (body: never) => unknown>;

/** The rest of the system as a table from subject to answer; both sides of every message are parsed as on the bus. */
export class TableBackend implements Backend {
  readonly asked: { subject: string; body: unknown }[] = [];
  readonly records: AuditEntry[] = [];
  auditFails = false;
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  request: Backend["request"] = async (rpc, body) => {
    const request = rpc.request.parse(body);
    this.asked.push({ subject: rpc.subject, body: request });
    const answer = this.#answers[rpc.subject];
    if (answer === undefined) throw new Fault("UNAVAILABLE", `nobody serves ${rpc.subject}`);
    return rpc.reply.parse(await answer(request as never)) as never;
  };

  audit = async (entry: AuditEntry): Promise<void> => {
    if (this.auditFails) throw new Fault("AUDIT_UNAVAILABLE");
    this.records.push(entry);
  };
}

const CONFIG: McpEdgeConfig = {
  bindHost: "127.0.0.1",
  allowedHosts: ["localhost", "127.0.0.1"],
  bodyBytesMax: 65_536,
  reads: { perSecond: 1_000, burst: 1_000 },
  proposes: { perSecond: 1_000, burst: 1_000 },
  usage: {
    sessionZone: "America/New_York",
    sessionHoursMax: 24,
    everyTool: { perMinute: 100_000, perHour: 100_000, perSession: 100_000 },
    tools: {},
    agent: { perMinute: 100_000, perHour: 100_000 },
    all: { perMinute: 100_000, perHour: 100_000 },
  },
  refusals: { perSecond: 1, burst: 2 },
  waitPollMs: 20,
  waitsPerAgentMax: 2,
  subscriptionsMax: 2,
  auditQueueMax: 100,
  auditRetryMs: 20,
};

export function edgeUnderTest(
  answers: Answers = {},
  options: { config?: Partial<McpEdgeConfig>; clock?: Clock; tools?: string[]; usage?: UsageStore } = {},
): { edge: Edge; backend: TableBackend } {
  const backend = new TableBackend({ "rpc.v1.risk.propose": () => ok(pendingProposal()), ...answers });
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const agent = (id: string, token: string, account: string) => ({
    id,
    tokenSha256: sha256Hex(token),
    accounts: [account],
    ...(options.tools === undefined ? {} : { tools: options.tools }),
  });
  const roster = new TokenRoster("agents.yaml", [
    agent("agent", TOKEN, "DU1234567"),
    agent("other", OTHER_TOKEN, "DU7654321"),
  ]);
  const edge = createEdge({
    backend,
    usage: options.usage ?? new MemoryUsage(),
    clock: options.clock ?? createSystemClock(),
    config: { ...CONFIG, ...options.config },
    roster,
    mode: "simulator",
    adminUrl: "http://127.0.0.1:1",
    log: logEvents(silent),
  });
  return { edge, backend };
}
