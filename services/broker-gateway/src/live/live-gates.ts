import type { Bus } from "@countersign/bus/bus";
import { type Clock, type Timer, utcText } from "@countersign/clock/clock";
import type { KillLevel } from "@countersign/contracts/control";
import { type Denial, denied } from "@countersign/contracts/denial";
import { LIVE_GATES, type LiveGate, type LiveGateName } from "@countersign/contracts/live";
import type { LiveStatusReply } from "@countersign/contracts/messages/live.v1";
import type { Mode } from "@countersign/contracts/mode";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { durabilityOf } from "./durability.ts";
import type { LiveConfig } from "./live-config.ts";
import { type LiveOrder, orderGates } from "./order-gates.ts";
import { gate, type Known, type SystemFacts, systemGates } from "./system-gates.ts";

type Status = Extract<z.output<typeof LiveStatusReply>, { outcome: "ok" }>["value"];

interface Deps {
  readonly bus: Pick<Bus, "request">;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly config: LiveConfig;
  /** Monitor address of nats-server; undefined: nobody can prove that writes are durable. */
  readonly monitorUrl: string | undefined;
}

/** In live mode the facts of the system are read this often, and count for no longer than twice that. */
const EVERY_MS = 30_000;

/** What the order path needs of it. */
export type Live = Pick<LiveGates, "refusal" | "status">;

/** What stands between a countersigned order and real money, beside the checks that every order passes. */
export class LiveGates {
  readonly #deps: Deps;
  #facts: SystemFacts | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#deps.mode !== "live") return;
    void this.#read();
    this.#timer = this.#deps.clock.setInterval(() => void this.#read(), EVERY_MS);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Why this order may not be sent with real money; undefined: it may, or no real money is at stake. */
  async refusal(orderOf: () => Promise<LiveOrder>): Promise<{ denial: Denial } | undefined> {
    const { clock, config, mode } = this.#deps;
    if (mode !== "live") return undefined;
    if (clock.monotonicMs() - this.#readAtMs > 2 * EVERY_MS) await this.#read();
    const facts = this.#facts ?? { evidence: NOT_READ, durability: NOT_READ };
    const gates = [...systemGates(config, facts), ...orderGates(config, await orderOf())];
    const shut = gates.filter(({ ok }) => ok !== true);
    if (shut.length === 0) return undefined;
    const words = shut.map((one) => `${one.gate} (${one.evidence})`).join("; ");
    return denied("LIVE_GATE_MISSING", `shut: ${words}`.slice(0, 1_000), { gates: shut.map((one) => one.gate) });
  }

  /** Every gate, read anew. Those of an order say only what holds for all. */
  async status({ level, reason }: { level: KillLevel; reason: string }): Promise<Status> {
    await this.#read();
    const { clock, config, mode } = this.#deps;
    const facts = this.#facts ?? { evidence: NOT_READ, durability: NOT_READ };
    const found = new Map<LiveGateName, LiveGate>();
    for (const one of systemGates(config, facts)) found.set(one.gate, one);
    for (const one of await this.#standing()) found.set(one.gate, one);
    found.set("killSwitchOpen", gate("killSwitchOpen", level === "ACTIVE", `globally ${level}: ${reason}`));
    const gates = (Object.keys(LIVE_GATES) as LiveGateName[]).map((name) => found.get(name) ?? forEachOrder(name));
    return { mode, open: gates.every(({ ok }) => ok !== false), at: utcText(clock.nowMs()), gates };
  }

  /** What the configuration already says of the gates of an order: an empty list lets nothing through. */
  async #standing(): Promise<LiveGate[]> {
    const { allowedAccounts, allowedAgents, riskPolicyHash } = this.#deps.config.liveTrading;
    const policy = await this.#policyInForce();
    const inForce = "missing" in policy ? `not known: ${policy.missing}` : policy.value;
    const fits = !("missing" in policy) && policy.value === riskPolicyHash;
    return [
      gate("accountAllowlisted", allowedAccounts.length > 0 ? null : false, allowedAccounts.join(", ") || "no account"),
      gate("agentPermitted", allowedAgents.length > 0 ? null : false, allowedAgents.join(", ") || "no agent"),
      gate("riskPolicyPass", fits ? null : false, `in force ${inForce}, named for live ${riskPolicyHash ?? "none"}`),
    ];
  }

  async #policyInForce(): Promise<Known<string>> {
    const [account] = this.#deps.config.liveTrading.allowedAccounts;
    if (account === undefined) return { missing: "no live account to ask for" };
    return known(
      async () => this.#deps.bus.request(RPCS.limits, { account }),
      ({ policyHash }) => policyHash,
    );
  }

  async #read(): Promise<void> {
    const { bus, clock, monitorUrl } = this.#deps;
    const [evidence, durability] = await Promise.all([
      known(
        async () => bus.request(RPCS.auditEvidence, {}),
        (value) => value,
      ),
      durabilityOf(monitorUrl),
    ]);
    this.#facts = { evidence, durability };
    this.#readAtMs = clock.monotonicMs();
  }
}

const NOT_READ = { missing: "not read yet" } as const;

function forEachOrder(name: LiveGateName): LiveGate {
  return gate(name, null, `${LIVE_GATES[name].text}: looked at for each order`);
}

type Reply<T> = { readonly outcome: "ok"; readonly value: T } | { readonly outcome: "denied"; readonly denial: Denial };

async function known<T, R>(ask: () => Promise<Reply<T>>, take: (value: T) => R): Promise<Known<R>> {
  try {
    const reply = await ask();
    return reply.outcome === "ok" ? { value: take(reply.value) } : { missing: reply.denial.message };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
