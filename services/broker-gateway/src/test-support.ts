import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { loadConfig } from "@countersign/config/load";
import type { Approvals } from "@countersign/contracts/approvals";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { CancelOrders, KillLevel } from "@countersign/contracts/control";
import type { Demand } from "@countersign/contracts/demand";
import { type denied, ok } from "@countersign/contracts/denial";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { Mode } from "@countersign/contracts/mode";
import { ApprovalStatement, type SignedApproval, Ticket } from "@countersign/contracts/order";
import { AUDIT_APPENDS, FACTS, RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { newNonce, proposalId } from "@countersign/ids/ids";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { BrokerGatewayConfig } from "./config.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import { LiveConfig } from "./live/live-config.ts";
import { eventually } from "./testing/eventually.ts";
import { TestPeople } from "./testing/test-people.ts";
import { testVerdict } from "./testing/test-verdict.ts";
import { ticketInstrument } from "./testing/ticket-instrument.ts";

export const ACCOUNT = "DU1234567";
export const AAPL = 265598;
/** Above this notional two people must sign. */
export const RULES = { twoApproversAboveBase: "5000", passkeysAboveBase: null };
const SHA = "0".repeat(64);
const CONFIG_FILE = join(import.meta.dirname, "../../../config/broker-gateway.yaml");
const LIVE_FILE = join(import.meta.dirname, "../../../config/live.yaml");
const clock = createSystemClock();
const log = createLogger({ service: "broker-gateway", level: process.env.LOG_LEVEL ?? "silent" });

/**
 * The gateway on a real nats-server and the real simulator. Its neighbours speak over NATS with their own users, so that
 * each test decides what they say.
 */
export class World {
  readonly nats: TestNats;
  readonly simulator: TestSimulator;
  readonly folder = tempDir("countersign-gateway-");
  readonly people = new TestPeople();
  readonly audit: AuditEntry[] = [];
  readonly fatal: string[] = [];
  /** What the gateway is told of live trading; by default what is shipped. */
  live: { config?: LiveConfig; monitorUrl?: string } = {};
  /** Of the gateway and of every ticket. */
  mode: Mode = "simulator";
  auditUp = true;
  verdictOutcome: "pass" | "confirm" | "deny" = "pass";
  /** Of every order, as the gate says it. */
  notional = "1500";
  /** Runs while the gate judges, before it answers. */
  whileJudging: (asked: { afterSequence: number }) => Promise<void> = async () => undefined;
  /** The gate's answer in place of a verdict; undefined: it judges. */
  gateRefusal: ReturnType<typeof denied> | undefined;
  /** Runs before the audit confirms a record. */
  whileAuditing: (entry: AuditEntry) => Promise<void> = async () => undefined;
  risk: Bus;
  approval: Bus;
  admin: Bus;
  market: Bus;
  auditWriter: Bus;
  gateway: Gateway | undefined;
  #gatewayBus: Bus | undefined;
  #count = 0;

  private constructor(
    parts: Pick<World, "nats" | "simulator" | "risk" | "approval" | "admin" | "market" | "auditWriter">,
  ) {
    this.nats = parts.nats;
    this.simulator = parts.simulator;
    this.risk = parts.risk;
    this.approval = parts.approval;
    this.admin = parts.admin;
    this.market = parts.market;
    this.auditWriter = parts.auditWriter;
  }

  static async open(options: { simulatorArgs?: readonly string[] } = {}): Promise<World> {
    const args = options.simulatorArgs ?? [];
    const [nats, simulator] = await Promise.all([startTestNats(), startSimulator({ args })]);
    const connect = (service: string, users: Parameters<typeof connectBus>[0]["users"]) =>
      connectBus({ url: nats.url, keysDir: nats.keysDir, clock, log, service, users });
    const world = new World({
      nats,
      simulator,
      risk: await connect("risk-gate", ["risk-gate"]),
      approval: await connect("approval", ["approval-core", "approval-exec"]),
      admin: await connect("admin-api", ["admin-core"]),
      market: await connect("market-data", ["market-data"]),
      auditWriter: await connect("audit-writer", ["audit-writer"]),
    });
    world.#serveNeighbours();
    world.people.write(nats.keysDir);
    await world.kill("ACTIVE");
    return world;
  }

  async close(): Promise<void> {
    await this.stopGateway();
    for (const bus of [this.risk, this.approval, this.admin, this.market, this.auditWriter]) await bus.drain();
    await this.simulator.stop();
    await this.nats.stop();
    this.folder.remove();
  }

  /** `port`: of what stands between the gateway and the simulator. */
  async startGateway(
    change: Partial<BrokerGatewayConfig> = {},
    waitForLink = true,
    port = this.simulator.port,
  ): Promise<Gateway> {
    const { nats, folder } = this;
    const options = { url: nats.url, keysDir: nats.keysDir, clock, log, service: "broker-gateway" };
    const bus = await connectBus({ ...options, users: ["broker-gateway-core", "broker-gateway-exec"] });
    const { config: shipped } = loadConfig({ schema: BrokerGatewayConfig, file: CONFIG_FILE });
    // The restarts of TWS by the clock on the wall: a test means the one that it names, at whatever hour it runs.
    const config = { ...shipped, windows: [], ...change };
    const gateway = await openGateway({
      ...{ bus, clock, log, config, mode: this.mode, roster: this.people.roster, approvalRules: RULES },
      dataDir: join(folder.path, "broker-gateway"),
      live: { config: loadConfig({ schema: LiveConfig, file: LIVE_FILE }).config, monitorUrl: undefined, ...this.live },
      tws: { host: "127.0.0.1", port },
      onFatal: (reason) => this.fatal.push(reason),
    });
    this.#gatewayBus = bus;
    this.gateway = gateway;
    if (waitForLink) await this.linkUp();
    return gateway;
  }

  async stopGateway(): Promise<void> {
    await this.gateway?.stop();
    await this.#gatewayBus?.drain();
    this.gateway = undefined;
    this.#gatewayBus = undefined;
  }

  linkUp(): Promise<true> {
    return eventually(() => (this.gateway?.link.state === "up" ? (true as const) : undefined));
  }

  async kill(level: KillLevel, scope = "global", cancelOrders?: CancelOrders): Promise<void> {
    const actor = { kind: "operator" as const, id: "alice" };
    const asked = cancelOrders === undefined ? {} : { cancelOrders };
    const body = { type: "kill/1" as const, level, actor, reason: "test", at: utcText(clock.nowMs()), ...asked };
    const last = await this.admin.readLast(FACTS.kill, { scope });
    await this.admin.append(FACTS.kill, { scope }, body, { expectedSequence: last?.sequence ?? 0 });
  }

  /** An order from its proposal to its approval, as the other services would have recorded it. */
  async approved(options: Approve = {}): Promise<Approvals & { proposal: string }> {
    const ticket = { ...this.ticket(options.terms), ...options.demand };
    const approval = this.sign(ticket, options.statement, options.privateKeyPem);
    const { cosigner } = options;
    const cosigned = cosigner === undefined ? {} : { cosignature: this.sign(ticket, { approver: cosigner }) };
    await this.record(ticket, approval, cosigned);
    return { approval, ...cosigned, proposal: ticket.proposalId };
  }

  /** A market order, or with a type among the terms that order. */
  ticket(terms: object = {}): Ticket {
    this.#count += 1;
    const proposal = proposalId({ account: ACCOUNT, agent: "agent-1", idempotencyKey: `${newNonce()}-${this.#count}` });
    const traded = "legs" in terms ? {} : { conid: AAPL };
    const defaults = { account: ACCOUNT, ...traded, side: "BUY", quantity: "10", timeInForce: "DAY" } as const;
    const nowMs = clock.nowMs();
    return Ticket.parse({
      type: "countersign.ticket/1",
      proposalId: proposal,
      mode: this.mode,
      agent: "agent-1",
      terms: { ...defaults, ...("orderType" in terms ? {} : { orderType: "MKT", limitPrice: null }), ...terms },
      instrument: ticketInstrument(terms),
      verdictHash: SHA,
      policyHash: SHA,
      createdAt: utcText(nowMs),
      expiresAt: utcText(nowMs + 600_000),
      nonce: newNonce(),
    });
  }

  sign(ticket: Ticket, change: object = {}, privateKeyPem?: string): SignedApproval {
    const nowMs = clock.nowMs();
    const statement = ApprovalStatement.parse({
      type: "countersign.approval/1",
      ticket,
      ticketHash: canonicalHash(ticket),
      approver: "alice",
      approvedAt: utcText(nowMs),
      expiresAt: utcText(nowMs + 60_000),
      reason: null,
      nonce: newNonce(),
      ...change,
    });
    return this.people.sign(statement, privateKeyPem);
  }

  async record(ticket: Ticket, approval: SignedApproval, cosigned: Omit<Approvals, "approval"> = {}): Promise<void> {
    const { terms, agent, expiresAt } = ticket;
    const params = { account: terms.account, proposal: ticket.proposalId };
    const base = { proposalId: ticket.proposalId, at: utcText(clock.nowMs()) };
    const { ticketHash } = approval.statement;
    const simulation = { whatIf: { missing: "test" }, estimate: { missing: "test" } };
    const about = { agent, idempotencyKey: "k", contentHash: SHA, terms, rationale: "test", expiresAt };
    const facts = [
      { type: "proposed/1", ...base, mode: this.mode, ...about },
      { type: "simulated/1", ...base, simulation },
      { type: "admitted/1", ...base, verdict: testVerdict("pass"), ticket, ticketHash },
    ] as const;
    let expectedSequence = 0;
    for (const fact of facts) {
      const result = await this.risk.append(FACTS.proposal, params, fact, { expectedSequence });
      if (result.outcome !== "appended") throw new Error("conflict");
      expectedSequence = result.sequence;
    }
    await this.approval.append(
      FACTS.decision,
      params,
      { type: "approved/1", ...base, approval, ...cosigned },
      { expectedSequence: 0 },
    );
  }

  async submit(
    approval: SignedApproval,
    change: { ticketHash?: string; account?: string; cosignature?: SignedApproval } = {},
  ): Promise<string> {
    const { cosignature } = change;
    const approvals = cosignature === undefined ? { approval } : { approval, cosignature };
    const ticketHash = change.ticketHash ?? approval.statement.ticketHash;
    const params = { account: change.account ?? ACCOUNT };
    const reply = await this.approval.request(RPCS.submit, { ...approvals, ticketHash }, { params });
    return reply.outcome === "ok" ? "sent" : reply.denial.code;
  }

  cancel(proposal: string) {
    const actor = { kind: "operator" as const, id: "alice" };
    const body = { proposalId: proposal, actor, reason: "test" };
    return this.approval.request(RPCS.cancelAtBroker, body, { params: { account: ACCOUNT } });
  }

  async execLog(proposal: string): Promise<ExecFact[]> {
    const log = await this.approval.readSubject(FACTS.exec, { account: ACCOUNT, proposal });
    return log.map(({ body }) => body);
  }

  /** The exec log, once it contains a fact of this type. */
  execLogWith(proposal: string, type: ExecFact["type"]): Promise<ExecFact[]> {
    return eventually(async () => {
      const facts = await this.execLog(proposal);
      return facts.some((fact) => fact.type === type) ? facts : undefined;
    });
  }

  /** Holds the market of an instrument at a price; orders are matched before it resolves. */
  async price(price: string, conid = AAPL): Promise<void> {
    await this.simulator.control("POST", "/market/price", { conid, price });
  }

  async ordersAtBroker(): Promise<number> {
    return (await this.simulator.frames()).placeOrder ?? 0;
  }

  #serveNeighbours(): void {
    this.risk.serve(RPCS.verdict, async (asked) => {
      await this.whileJudging(asked);
      if (this.gateRefusal !== undefined) return this.gateRefusal;
      const simulation = { whatIf: { missing: "test" }, estimate: { missing: "test" } };
      return ok({ verdict: testVerdict(this.verdictOutcome, this.notional), simulation });
    });
    this.auditWriter.serve(AUDIT_APPENDS["broker-gateway"], async ({ entries }) => {
      for (const entry of entries) await this.whileAuditing(entry);
      if (!this.auditUp) throw new Error("the audit is down");
      this.audit.push(...entries);
      return ok({ seq: this.audit.length, hash: SHA });
    });
  }
}

interface Approve {
  readonly terms?: object;
  readonly statement?: object;
  /** What the ticket itself asks for. */
  readonly demand?: Partial<Demand>;
  /** A second person who signs too. */
  readonly cosigner?: string;
  readonly privateKeyPem?: string;
}
