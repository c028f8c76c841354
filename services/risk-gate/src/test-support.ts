import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Bus, connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { loadConfig } from "@countersign/config/load";
import type { User } from "@countersign/contracts/accounts";
import type { AuditRecord } from "@countersign/contracts/audit";
import type { KillLevel } from "@countersign/contracts/control";
import { ApprovalRules } from "@countersign/contracts/demand";
import type { ProposalFact } from "@countersign/contracts/facts/proposal-facts.v1";
import type { OrderTerms } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { proposalId } from "@countersign/ids/ids";
import { createLogger } from "@countersign/log/logger";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { childEnvironment } from "@countersign/testing/child-environment";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { RiskGateConfig } from "./config.ts";
import { FeeTable } from "./costs/fee-table.ts";
import { openRiskGate } from "./open.ts";
import { RiskPolicy } from "./policy.ts";

export const ACCOUNT = "DU1234567";
export const AAPL = 265598;
export const AGENT = "agent-1";
const CONFIG_DIR = join(import.meta.dirname, "../../../config");
const NEIGHBOURS = ["audit-writer", "broker-gateway", "market-data"] as const;
type Neighbour = (typeof NEIGHBOURS)[number];

const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });

/** The gate in this process; around it a real nats-server, the real simulator and the real neighbours as processes. */
export class World {
  readonly nats: TestNats;
  readonly simulator: TestSimulator;
  readonly agents: Bus;
  readonly approval: Bus;
  readonly admin: Bus;
  readonly operators: Bus;
  /** A second place of broker-gateway on the bus, to ask what it asks before a send. */
  readonly gateway: Bus;
  /** A second place of risk-gate on the bus, to write what another process of it would write. */
  readonly gate: Bus;
  readonly #folder = tempDir("countersign-gate-");
  readonly #children = new Map<Neighbour, ChildProcess>();
  #stopGate: () => Promise<void> = async () => undefined;

  readonly #configDir: string;

  private constructor(
    { nats, simulator, configDir }: { nats: TestNats; simulator: TestSimulator; configDir: string },
    buses: readonly [Bus, Bus, Bus, Bus, Bus, Bus],
  ) {
    this.nats = nats;
    this.simulator = simulator;
    this.#configDir = configDir;
    [this.agents, this.approval, this.admin, this.operators, this.gate, this.gateway] = buses;
  }

  /** `args`: of the simulator; `configDir`: in place of the shipped configuration; `limits`: as in `startGate`. */
  static async open(
    options: { args?: readonly string[]; configDir?: string; limits?: Record<string, object> } = {},
  ): Promise<World> {
    const { args = [], configDir = CONFIG_DIR, limits = {} } = options;
    const [nats, simulator] = await Promise.all([startTestNats(), startSimulator({ args })]);
    const connect = (service: string, users: readonly User[]) =>
      connectBus({ url: nats.url, keysDir: nats.keysDir, users, service, clock, log });
    const buses = await Promise.all([
      connect("mcp-edge", ["mcp-edge"]),
      connect("approval", ["approval-core"]),
      connect("admin-api", ["admin-core"]),
      connect("admin-api", ["admin-ops"]),
      connect("risk-gate", ["risk-gate"]),
      connect("broker-gateway", ["broker-gateway-core"]),
    ]);
    const world = new World({ nats, simulator, configDir }, buses);
    await world.kill("ACTIVE");
    await Promise.all(NEIGHBOURS.map((name) => world.start(name)));
    await world.startGate({}, limits);
    await world.linkUp();
    return world;
  }

  async close(): Promise<void> {
    await this.stopGate();
    for (const bus of [this.agents, this.approval, this.admin, this.operators, this.gate, this.gateway])
      await bus.drain();
    for (const name of NEIGHBOURS) await this.stop(name);
    await this.simulator.stop();
    await this.nats.stop();
    this.#folder.remove();
  }

  async start(name: Neighbour): Promise<void> {
    const main = join(import.meta.dirname, `../../${name}/src/main.ts`);
    const child = spawn(process.execPath, [main, "start"], {
      env: {
        ...childEnvironment(),
        COUNTERSIGN_MODE: "simulator",
        COUNTERSIGN_NATS_URL: this.nats.url,
        COUNTERSIGN_KEYS_DIR: this.nats.keysDir,
        COUNTERSIGN_ROSTER_ROOTS: testRoster([]).rootsText,
        COUNTERSIGN_CONFIG_DIR: this.#configDir,
        COUNTERSIGN_DATA_DIR: this.#folder.path,
        COUNTERSIGN_LOG_LEVEL: "silent",
        COUNTERSIGN_TWS_HOST: "127.0.0.1",
        COUNTERSIGN_TWS_PORT: String(this.simulator.port),
      },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#children.set(name, child);
    await once(child, "message");
  }

  async stop(name: Neighbour): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** `limits`: of some rules, in place of the shipped ones. */
  async startGate(change: Partial<RiskGateConfig> = {}, limits: Record<string, object> = {}): Promise<void> {
    this.#stopGate = await this.openGate(change, limits);
  }

  /** One more gate, as another process would be; the server spreads the requests over all. The returned function ends it. */
  async openGate(
    change: Partial<RiskGateConfig> = {},
    limits: Record<string, object> = {},
  ): Promise<() => Promise<void>> {
    const options = { url: this.nats.url, keysDir: this.nats.keysDir, clock, log };
    const bus = await connectBus({ ...options, users: usersOf("risk-gate"), service: "risk-gate" });
    const read = <S extends Parameters<typeof loadConfig>[0]["schema"]>(schema: S, file: string) =>
      loadConfig({ schema, file: join(CONFIG_DIR, file) });
    const { config } = read(RiskGateConfig, "risk-gate.yaml");
    const { config: policy, hash } = read(RiskPolicy, "risk-policy.yaml");
    const shipped = RiskPolicy.parse(policy);
    const { config: rules } = read(ApprovalRules, "approvals.yaml");
    const { config: fees } = read(FeeTable, "fees.yaml");
    const close = await openRiskGate({
      approvalRules: ApprovalRules.parse(rules),
      fees: FeeTable.parse(fees),
      ...{
        bus,
        clock,
        mode: "simulator",
        inForce: { policy: { ...shipped, rules: { ...shipped.rules, ...limits } }, hash },
      },
      config: { ...RiskGateConfig.parse(config), openProposalsPerAgentMax: 1_000, unjudgedEveryMs: 200, ...change },
      onUnjudged: () => undefined,
    });
    // The server knows the subscriptions before the first request.
    await bus.ping();
    return async () => {
      close();
      await bus.drain();
    };
  }
  stopGate(): Promise<void> {
    return this.#stopGate();
  }

  linkUp(): Promise<true> {
    return eventually(async () => {
      const reply = await this.admin.request(RPCS.brokerStatus, {}).catch(() => undefined);
      return reply?.outcome === "ok" && reply.value.link === "up" ? (true as const) : undefined;
    }, 15_000);
  }

  async kill(level: KillLevel): Promise<void> {
    const actor = { kind: "operator" as const, id: "operator" };
    const body = { type: "kill/1" as const, level, actor, reason: "test", at: utcText(clock.nowMs()) };
    await this.admin.append(FACTS.kill, { scope: "global" }, body, {});
  }

  /** What an agent asks; the reply, or the code of the fault. */
  async propose(idempotencyKey: string, change: Partial<OrderTerms> & { agent?: string } = {}) {
    const { agent = AGENT, ...terms } = change;
    const request = { agent, terms: { ...BUY, ...terms } as OrderTerms, idempotencyKey, rationale: "because" };
    return this.agents.request(RPCS.propose, request);
  }

  async admitted(idempotencyKey: string, change: Partial<OrderTerms> & { agent?: string } = {}): Promise<ProposalView> {
    const reply = await this.propose(idempotencyKey, change);
    if (reply.outcome !== "ok") throw new Error(JSON.stringify(reply.denial));
    return reply.value;
  }

  async log(idempotencyKey: string, agent = AGENT): Promise<ProposalFact[]> {
    const params = { account: ACCOUNT, proposal: proposalId({ account: ACCOUNT, agent, idempotencyKey }) };
    return (await this.gate.readSubject(FACTS.proposal, params)).map(({ body }) => body);
  }

  async auditOf(correlationId: string): Promise<AuditRecord[]> {
    const page = await this.operators.request(RPCS.listAudit, { after: 0, limit: 200, kinds: null, correlationId });
    if (page.outcome !== "ok") throw new Error("audit cannot be listed");
    return page.value.records.map(({ record }) => record);
  }
}

/** Far below the market: admitted, and never filled. */
export const BUY: OrderTerms = {
  account: ACCOUNT,
  conid: AAPL,
  side: "BUY",
  quantity: "10",
  orderType: "LMT",
  limitPrice: "150",
  timeInForce: "DAY",
};

/** The first value that is not undefined; throws after the time. */
export async function eventually<T>(look: () => Promise<T | undefined>, withinMs = PATIENCE_MS): Promise<T> {
  const deadline = clock.monotonicMs() + withinMs;
  while (true) {
    const value = await look();
    if (value !== undefined) return value;
    if (clock.monotonicMs() > deadline) throw new Error("did not come about in time");
    await clock.sleep(20);
  }
}
