import type { Bus } from "@countersign/bus/bus";
import type { ProposalFact } from "@countersign/contracts/facts/proposal-facts.v1";
import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { ProposalLog } from "../../../services/risk-gate/src/proposal-log.ts";
import { type Smaller, smallerTerms } from "../../../services/risk-gate/src/reduce/smaller-terms.ts";
import type { TrueOrder } from "../check/truth.ts";
import { SimProcess } from "../engine/sim-process.ts";
import { simBus } from "../fakes/sim-bus.ts";
import type { Host } from "./host.ts";
import { ACCOUNT, verdictOf } from "./proposals.ts";
import { envelopeFacts } from "./standing-policy.ts";

const MISSING = { missing: "not simulated" };
const SIMULATION = { whatIf: MISSING, estimate: MISSING };

/** Stands for the risk gate: its word on a ticket, and the smaller tickets that a person asks for, written by its own log. */
export class Gate {
  readonly #host: Host;
  readonly #process: SimProcess;
  readonly #bus: Bus;

  /** Told when it says no to a ticket that is about to be sent, and when the policy has asked it about an order. */
  constructor(host: Host, told: { readonly denied: (proposalId: string) => void; readonly assessing: () => void }) {
    this.#host = host;
    this.#process = new SimProcess("gate", host.scheduler);
    const { nats } = host;
    const { strict } = host.swarm;
    this.#bus = simBus({ nats, process: this.#process, log: host.logger(() => "gate"), strict }) as Bus;
    nats.serve(this.#process, RPCS.verdict.subject, async (body) => {
      if (host.random.chance(host.swarm.gateSilent)) return new Promise(() => undefined);
      const outcome = host.random.chance(host.swarm.gateDenies) ? "deny" : "pass";
      if (outcome === "deny") told.denied((body as { ticket: Ticket }).ticket.proposalId);
      return { outcome: "ok", value: { verdict: verdictOf(host, outcome), simulation: SIMULATION } };
    });
    nats.serve(this.#process, RPCS.envelope.subject, async (body) => {
      if (host.random.chance(host.swarm.gateSilent)) return new Promise(() => undefined);
      told.assessing();
      // What it knows has to be gathered first.
      await new Promise<void>((go) => host.scheduler.after(host.random.below(80) / 8, this.#process, go));
      return { outcome: "ok", value: envelopeFacts(host, (body as { ticket: Ticket }).ticket) };
    });
  }

  /** A person asks for less, or for what is not less. Between the look at the log and the append it judges for some time. */
  reduce(order: TrueOrder): void {
    const { random, scheduler, truth } = this.#host;
    const { ticket, ticketHash } = order;
    const { proposalId } = ticket;
    if (order.decisions.length > 0) return;
    const smaller = smallerTerms(ticket.terms, this.#asked(ticket));
    if (smaller.outcome === "denied") return;
    const seen = truth.facts.filter((fact) => fact.proposalId === proposalId);
    const sequence = seen.findLast(({ facet }) => facet === "proposal")?.sequence ?? 0;
    const newest = seen.at(-1)?.sequence ?? 0;
    const key = { account: ACCOUNT, proposal: proposalId };
    const log = new ProposalLog(this.#bus, key, { agent: ticket.agent, sequence });
    const after: Ticket = { ...ticket, terms: smaller.value, createdAt: this.#host.now(), nonce: random.nonce() };
    const fact = this.#reduced(after, ticketHash);
    scheduler.after(random.between(1, 30), this.#process, () => {
      log.append(fact, newest).then(
        (outcome) => this.#host.note("gate", `smaller: ${outcome}`),
        () => this.#host.note("gate", "smaller: no answer"),
      );
    });
  }

  #asked({ terms }: Ticket): Smaller {
    const { random } = this.#host;
    const quantity = String(Math.max(1, Number(terms.quantity) + random.between(-2, 1)));
    const safer = terms.side === "BUY" ? random.between(97, 101) : random.between(99, 103);
    const limitPrice = String(safer);
    return random.chance(0.5) || terms.orderType !== "LMT" ? { quantity } : { quantity, limitPrice };
  }

  #reduced(ticket: Ticket, replaces: string): ProposalFact {
    const said = { actor: { kind: "operator", id: "operator" } as const, reason: "less" };
    const verdict = verdictOf(this.#host, "pass");
    const judged = { simulation: SIMULATION, verdict, ticket, ticketHash: canonicalHash(ticket) };
    return { type: "reduced/1", proposalId: ticket.proposalId, at: this.#host.now(), ...said, replaces, ...judged };
  }
}
