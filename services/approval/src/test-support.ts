import type { ChildProcess } from "node:child_process";
import { type Bus, connectBus, usersOf } from "@countersign/bus/bus";
import { type Clock, createSystemClock, utcText } from "@countersign/clock/clock";
import type { User } from "@countersign/contracts/accounts";
import type { AuditRecord } from "@countersign/contracts/audit";
import type { KillLevel } from "@countersign/contracts/control";
import type { Demand } from "@countersign/contracts/demand";
import { ok } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { SubmitReply, SubmitRequest } from "@countersign/contracts/messages/approval.v1";
import type { ApprovalStatement, SignedApproval, Ticket } from "@countersign/contracts/order";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { newNonce, orderRef, proposalId } from "@countersign/ids/ids";
import { createLogger } from "@countersign/log/logger";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import type * as z from "zod";
import type { ApprovalConfig } from "./config.ts";
import { logEvents } from "./log-events.ts";
import { openApproval } from "./open.ts";
import { startAuditWriter, stopProcess } from "./testing/audit-process.ts";

export const ACCOUNT = "DU1234567";
export const CONFIG: ApprovalConfig = {
  approvalTtlSeconds: 120,
  clockSkewMsMax: 5_000,
  passkeyAgeMsMax: 60_000,
  sweepMs: 100,
  expiryGraceMs: 1_000,
  catchUpMs: 500,
  outboxMax: 100,
  autoApproval: {
    ...{ live: false, keyId: "robot-policy", policyDaysMax: 7, approvalSeconds: 30 },
    throttle: { max: 3, windowSeconds: 600 },
  },
};
/** On it: two people, and "agent", who must not approve what it proposed. */
export const PEOPLE = testRoster(["operator", "second", "agent"]);
export const ROSTER = PEOPLE.roster;

let aheadMs = 0;
const system = createSystemClock();
const clock: Clock = {
  ...system,
  nowMs: () => system.nowMs() + aheadMs,
  monotonicMs: () => system.monotonicMs() + aheadMs,
};
const logger = createLogger({ service: "test", level: "silent" });
const HASH = "a".repeat(64);
export const at = (offsetMs = 0) => utcText(clock.nowMs() + offsetMs);

export function connect(nats: TestNats, service: string, users: readonly User[]): Promise<Bus> {
  return connectBus({ url: nats.url, keysDir: nats.keysDir, users, service, clock, log: logger });
}

export const testVerdict = (notional = "500"): Verdict => {
  const none = { code: null, limit: null, value: null, headroom: null, unit: "" };
  const pass = { outcome: "pass" as const, ...none };
  const rules = [
    { ...pass, rule: "killSwitch", message: "active" },
    { ...pass, rule: "maxOrderNotional", value: notional, message: "in USD" },
  ];
  return {
    type: "countersign.verdict/1",
    outcome: "pass",
    rules,
    policyHash: HASH,
    inputsHash: HASH,
    judgedAt: at(),
  };
};

let count = 0;

export function newTicket(expiresInMs = 60_000, demand: Partial<Demand> = {}): Ticket {
  count += 1;
  const terms = { account: ACCOUNT, conid: 265598, side: "BUY" as const, quantity: "10", orderType: "LMT" as const };
  const listed = { symbol: "AAPL", secType: "STK", exchange: "SMART", primaryExchange: "NASDAQ" };
  return {
    type: "countersign.ticket/1",
    proposalId: proposalId({ account: ACCOUNT, agent: "agent", idempotencyKey: `key-${count}` }),
    mode: "simulator",
    agent: "agent",
    terms: { ...terms, limitPrice: "200", timeInForce: "DAY" },
    instrument: { conid: 265598, ...listed, currency: "USD", multiplier: "1", longName: "APPLE INC" },
    verdictHash: HASH,
    policyHash: HASH,
    createdAt: at(),
    expiresAt: at(expiresInMs),
    nonce: newNonce(),
    ...demand,
  };
}

/** A countersignature as the admin API makes it; `change` forges it before it is signed. */
export function countersign(ticket: Ticket, change: Partial<ApprovalStatement> = {}): SignedApproval {
  const times = { approvedAt: at(), expiresAt: at(100_000) };
  const said = { ticketHash: canonicalHash(ticket), approver: "operator", ...times, reason: null, nonce: newNonce() };
  const statement: ApprovalStatement = { type: "countersign.approval/1", ticket, ...said, ...change };
  const { keyId, privateKeyPem } = PEOPLE.keyOf(statement.approver);
  return { statement, keyId, signature: sign(privateKeyPem, canonicalJson(statement)) };
}

/** What risk-gate writes until a proposal waits for a person. */
export async function admit(gate: Bus, ticket: Ticket, notional?: string): Promise<Ticket> {
  const { proposalId: id, terms } = ticket;
  const params = { account: terms.account, proposal: id };
  const base = { proposalId: id, at: at() };
  const asked = { agent: ticket.agent, idempotencyKey: `key-${count}`, contentHash: HASH, terms, rationale: "because" };
  const missing = { missing: "not simulated" };
  const facts = [
    { type: "proposed/1" as const, ...base, mode: ticket.mode, ...asked, expiresAt: ticket.expiresAt },
    { type: "simulated/1" as const, ...base, simulation: { whatIf: missing, estimate: missing } },
    { type: "admitted/1" as const, ...base, verdict: testVerdict(notional), ticket, ticketHash: canonicalHash(ticket) },
  ];
  let expectedSequence = 0;
  for (const fact of facts) {
    const answer = await gate.append(FACTS.proposal, params, fact, { expectedSequence });
    if (answer.outcome !== "appended") throw new Error("proposal exists");
    expectedSequence = answer.sequence;
  }
  return ticket;
}

export async function setKill(admin: Bus, level: KillLevel): Promise<void> {
  const actor = { kind: "operator" as const, id: "operator" };
  const body = { type: "kill/1" as const, level, actor, reason: "test", at: at() };
  await admin.append(FACTS.kill, { scope: "global" }, body, {});
}

type Submit = z.output<typeof SubmitRequest>;
type SubmitAnswer = z.output<typeof SubmitReply>;

/** The gateway's side of EXEC: one intent per order by compare-and-swap, then SEND_STARTED, and the count of all calls. */
export class ScriptedGateway {
  readonly bus: Bus;
  calls = 0;
  cancels = 0;
  /** Proposals for which an intent was written, in order. */
  readonly sent: string[] = [];
  answer: (request: Submit) => Promise<SubmitAnswer> = (request) => this.send(request);

  constructor(bus: Bus) {
    this.bus = bus;
  }

  serve(): void {
    this.bus.serve(RPCS.submit, (request) => {
      this.calls += 1;
      return this.answer(request);
    });
    this.bus.serve(RPCS.cancelAtBroker, async ({ proposalId: id }) => {
      this.cancels += 1;
      return ok({ proposalId: id, state: "CANCEL_REQUESTED" as const, orderRef: "cs1.test" });
    });
  }

  async send({ approval, ticketHash }: Submit): Promise<SubmitAnswer> {
    const { proposalId: id, terms } = approval.statement.ticket;
    const params = { account: terms.account, proposal: id };
    const ref = { orderRef: orderRef(ticketHash), orderId: 7, clientId: 1, writerEpoch: 1, reserved: null };
    const hashes = { ticketHash, approvalHash: canonicalHash(approval), verdict: testVerdict() };
    const intent = { type: "intent/1" as const, proposalId: id, at: at(), ...hashes, ...ref };
    const answer = await this.bus.append(FACTS.exec, params, intent, { expectedSequence: 0 });
    if (answer.outcome === "appended") {
      this.sent.push(id);
      const started = { type: "sendStarted/1" as const, proposalId: id, at: at(), claimSequence: 1 };
      await this.bus.append(FACTS.exec, params, started, { expectedSequence: answer.sequence });
    }
    return ok({ orderRef: ref.orderRef, orderId: ref.orderId });
  }
}

type OpenedWith = Pick<Parameters<typeof openApproval>[0], "roster" | "policy">;
const WITHOUT_POLICY: OpenedWith = {
  roster: ROSTER,
  policy: { source: { current: () => ({ state: "none" }) }, key: undefined },
};

/** Approval in this process, with the real bus; the returned function stops it as a process end would. */
export async function openForTest(nats: TestNats, given: OpenedWith = WITHOUT_POLICY): Promise<() => Promise<void>> {
  const bus = await connect(nats, "approval", usersOf("approval"));
  const close = await openApproval({
    bus,
    clock,
    config: CONFIG,
    mode: "simulator",
    approvalRules: { twoApproversAboveBase: "1000", passkeysAboveBase: null },
    ...given,
    log: logEvents(logger),
  });
  // The server answers when it has taken in what is served; a request of another connection may come before.
  await bus.ping();
  return async () => {
    close();
    await bus.drain();
  };
}

export async function auditOf(operators: Bus, correlationId: string): Promise<AuditRecord[]> {
  const query = { after: 0, limit: 200, kinds: null, correlationId };
  const page = await operators.request(RPCS.listAudit, query);
  if (page.outcome !== "ok") throw new Error("audit cannot be listed");
  return page.value.records.map(({ record }) => record);
}

/** Everything around approval for one test file: the server, the audit, the other services' places on the bus. */
export class World {
  readonly nats: TestNats;
  readonly gate: Bus;
  readonly operators: Bus;
  readonly admin: Bus;
  readonly agents: Bus;
  readonly gateway: ScriptedGateway;
  readonly #folder = tempDir("countersign-approval-");
  #writer: ChildProcess | undefined;
  #close: () => Promise<void> = async () => undefined;

  private constructor(nats: TestNats, buses: readonly [Bus, Bus, Bus, Bus, Bus]) {
    this.nats = nats;
    [this.gate, this.operators, this.admin, this.agents] = buses;
    this.gateway = new ScriptedGateway(buses[4]);
  }

  static async open(): Promise<World> {
    const nats = await startTestNats();
    const buses = await Promise.all([
      connect(nats, "risk-gate", ["risk-gate"]),
      connect(nats, "admin-api", ["admin-ops"]),
      connect(nats, "admin-api", ["admin-core"]),
      connect(nats, "mcp-edge", ["mcp-edge"]),
      connect(nats, "broker-gateway", ["broker-gateway-core", "broker-gateway-exec"]),
    ]);
    const world = new World(nats, buses);
    world.gateway.serve();
    await world.startAudit();
    await setKill(world.admin, "ACTIVE");
    await world.startApproval();
    return world;
  }

  async startApproval(given?: OpenedWith): Promise<void> {
    this.#close = await openForTest(this.nats, given);
  }
  /** So long passes in which approval does not run: what ends at a time has ended, however slow the machine is. */
  async later(ms: number): Promise<void> {
    await this.stopApproval();
    aheadMs += ms;
    await this.startApproval();
  }
  stopApproval(): Promise<void> {
    return this.#close();
  }
  async startAudit(): Promise<void> {
    this.#writer = await startAuditWriter(this.nats, this.#folder.path);
  }
  async killAudit(): Promise<void> {
    if (this.#writer !== undefined) await stopProcess(this.#writer, "SIGKILL");
  }

  async close(): Promise<void> {
    await this.stopApproval();
    await this.killAudit();
    const buses = [this.gate, this.operators, this.admin, this.agents, this.gateway.bus];
    // One that is left open tries to reconnect for ever, and its process does not end.
    await Promise.all(buses.map((bus) => bus.drain()));
    await this.nats.stop();
    this.#folder.remove();
    aheadMs = 0;
  }

  approve(approval: SignedApproval) {
    return this.operators.request(RPCS.approve, { approval });
  }
  async decisionsOf(ticket: Ticket): Promise<DecisionFact[]> {
    const log = await this.gate.readSubject(FACTS.decision, { account: ACCOUNT, proposal: ticket.proposalId });
    return log.map(({ body }) => body);
  }
  async typesOf(ticket: Ticket): Promise<string[]> {
    return (await this.decisionsOf(ticket)).map(({ type }) => type);
  }
  sentOf(ticket: Ticket): number {
    return this.gateway.sent.filter((id) => id === ticket.proposalId).length;
  }
}
