import type { Bus } from "@countersign/bus/bus";
import type { AuditEntry } from "@countersign/contracts/audit";
import { Fault } from "@countersign/contracts/denial";
import type { AdmittedFact, ProposalFact, SimulatedFact } from "@countersign/contracts/facts/proposal-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import type * as z from "zod";

export interface LogKey {
  readonly account: string;
  readonly proposal: string;
}

/** Writes the proposal log of one order: each append names the sequence before it, and each is in the audit as well. */
export class ProposalLog {
  readonly #bus: Bus;
  readonly #key: LogKey;
  readonly #agent: string;
  #sequence: number;

  constructor(bus: Bus, key: LogKey, options: { agent: string; sequence: number }) {
    this.#bus = bus;
    this.#key = key;
    this.#agent = options.agent;
    this.#sequence = options.sequence;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /**
   * Appends one fact. "conflict": somebody else wrote first, and nothing of this call is in the log.
   * An append without an answer is read back: what stands there decides. There is no message id: a server that
   * looks at ids before sequences would tell two writers that both of them wrote. With `orderSequence`, the last one of
   * all logs of the order, a decision that came in between is a conflict as well.
   */
  async append(fact: ProposalFact, orderSequence?: number): Promise<"appended" | "conflict"> {
    const options = {
      expectedSequence: this.#sequence,
      ...(orderSequence !== undefined && { expectedOrderSequence: orderSequence }),
    };
    const outcome = await this.#bus
      .append(FACTS.proposal, this.#paramsOf(), fact, options)
      .catch((error: unknown) => this.#readBack(fact, error));
    if (outcome.outcome === "conflict") return "conflict";
    this.#sequence = outcome.sequence;
    return "appended";
  }

  async #readBack(
    fact: ProposalFact,
    error: unknown,
  ): Promise<{ outcome: "appended"; sequence: number } | { outcome: "conflict" }> {
    if (!(error instanceof Fault) || error.effect !== "unknown") throw error;
    const last = await this.#bus.readLast(FACTS.proposal, this.#paramsOf());
    if (last === undefined || last.sequence <= this.#sequence) throw error;
    return canonicalHash(last.body) === canonicalHash(fact)
      ? { outcome: "appended", sequence: last.sequence }
      : { outcome: "conflict" };
  }

  #paramsOf(): Record<string, string> {
    return { account: this.#key.account, proposal: this.#key.proposal };
  }

  /** The edges on the record, in this order. Rejects with a Fault when the audit does not confirm them; whoever waits for it later finds that out then. */
  audit(facts: readonly [ProposalFact, ...ProposalFact[]]): Promise<unknown> {
    const [first, ...others] = facts;
    const audited = this.#bus.auditAll([this.#entryOf(first), ...others.map((fact) => this.#entryOf(fact))]);
    audited.catch(() => undefined);
    return audited;
  }

  #actorOf(fact: ProposalFact): AuditEntry["actor"] {
    if (fact.type === "reduced/1") return fact.actor;
    return fact.type === "proposed/1" ? { kind: "agent", id: this.#agent } : { kind: "service", id: "risk-gate" };
  }

  #entryOf(fact: ProposalFact): AuditEntry {
    const event = fact.type.split("/")[0] ?? "";
    return {
      kind: "order.edge",
      at: fact.at,
      correlationId: this.#key.proposal,
      actor: this.#actorOf(fact),
      body: { event, facet: "proposal", account: this.#key.account, ...essenceOf(fact) },
    };
  }
}

/** What the record of an edge must hold, so that the log cannot be exchanged behind it. */
function essenceOf(fact: ProposalFact): Record<string, string> {
  switch (fact.type) {
    case "proposed/1":
      return { contentHash: fact.contentHash, agent: fact.agent, mode: fact.mode, idempotencyKey: fact.idempotencyKey };
    case "simulated/1":
      return { simulationHash: canonicalHash(fact.simulation), ...figuresOf(fact.simulation) };
    case "riskDenied/1":
    case "admitted/1":
      return ticketOf(fact);
    case "reduced/1": {
      const { terms } = fact.ticket;
      const limitPrice = "limitPrice" in terms ? terms.limitPrice : undefined;
      const size = { quantity: terms.quantity, ...(typeof limitPrice === "string" && { limitPrice }) };
      return { ...ticketOf(fact), replaces: fact.replaces, reason: fact.reason, ...size };
    }
  }
}

function ticketOf({
  ticket,
  ticketHash,
  verdict,
}: Pick<z.infer<typeof AdmittedFact>, "ticket" | "ticketHash" | "verdict">) {
  const { verdictHash, policyHash } = ticket;
  return { ticketHash, verdictHash, policyHash, inputsHash: verdict.inputsHash };
}

/** What the record must say in clear, because the evidence for live trading is counted from it. */
function figuresOf({ whatIf, estimate }: z.infer<typeof SimulatedFact>["simulation"]): Record<string, string> {
  return {
    whatIf: "missing" in whatIf ? "missing" : whatIf.source,
    ...("missing" in estimate ? {} : { estimatePrice: estimate.price.amount }),
  };
}
