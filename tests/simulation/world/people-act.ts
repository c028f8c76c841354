import type { Rpc } from "@countersign/contracts/contract-kinds";
import type { SignedApproval } from "@countersign/contracts/order";
import { FACTS, RPCS, subjectOf } from "@countersign/contracts/subjects";
import type { TrueOrder } from "../check/truth.ts";
import { SimProcess } from "../engine/sim-process.ts";
import { call } from "../fakes/sim-bus.ts";
import { Gate } from "./gate.ts";
import type { Host } from "./host.ts";
import { countersign } from "./people.ts";
import { ACCOUNT, propose, proposeChange } from "./proposals.ts";
import { POLICY_HASH } from "./standing-policy.ts";

const TRIES_MAX = 6;

/** Everybody outside the two services: agents, the gate, operators, and somebody who should not be there. */
export class People {
  readonly #host: Host;
  readonly #process: SimProcess;
  readonly #gate: Gate;

  constructor(host: Host) {
    this.#host = host;
    this.#process = new SimProcess("people", host.scheduler);
    this.#gate = new Gate(host, {
      denied: (proposalId) => this.#denied(proposalId),
      assessing: () => this.#assessing(),
    });
  }

  /** Turns the policy on, and off and on again where this schedule says so. */
  policy(): void {
    const { swarm, random } = this.#host;
    if (!swarm.policy) return;
    this.#later(random.between(20, 90), () => this.#setMode("on"));
    for (let count = 0; count < swarm.counts.policyOff; count += 1) {
      const atMs = random.between(100, swarm.faultyMs);
      this.#later(atMs, () => {
        if (random.chance(0.3)) this.#host.policyLies = false;
        else this.#setMode("off");
      });
      this.#later(atMs + random.between(1, 200), () => this.#setMode(random.chance(0.2) ? "shadow" : "on"));
    }
  }

  #setMode(mode: "on" | "off" | "shadow", tries = 0): void {
    const policyHash = mode === "off" ? null : POLICY_HASH;
    this.#ask(RPCS.setAutoMode, { mode, operator: "operator", reason: "because", policyHash }, {}, () => {
      if (tries < TRIES_MAX) this.#later(30, () => this.#setMode(mode, tries + 1));
    });
  }

  /** One order from its proposal on, with all that people do to it. */
  trade(index: number): void {
    const { random } = this.#host;
    this.#later(random.below(300) + (this.#host.swarm.policy ? 60 : 0), () => {
      const order = propose(this.#host, index);
      const { counts } = this.#host.swarm;
      const first = random.between(3, 300);
      const read = { ...order };
      // Some sign what they have read before, which may have been made smaller meanwhile.
      const sign = () => this.#sign(random.chance(counts.reduce * 0.2) ? read : order);
      for (let count = 0; count < counts.reduce; count += 1) {
        this.#later(Math.max(0, first + random.between(-150, 10)), () => this.#gate.reduce(order));
      }
      // Where a policy lies there, people often leave the order to it.
      if (!this.#host.swarm.policy || random.chance(0.3)) this.#later(first, () => this.#approve(sign()));
      for (let count = 0; count < counts.approveTwice; count += 1) {
        this.#later(first + random.below(4) - 1, () => this.#approve(sign()));
      }
      for (let count = 0; count < counts.modify; count += 1) {
        this.#later(first + random.between(25, 250), () => this.#change(order, count));
      }
      if (index < counts.reject) this.#later(first + random.between(-3, 6), () => this.#reject(order));
      if (index < counts.withdraw) this.#later(first + random.between(-3, 6), () => this.#withdraw(order));
      for (let count = 0; count < counts.cancel; count += 1) {
        this.#later(first + random.below(1_500), () => this.#cancel(order));
      }
      for (let count = 0; count < counts.forged; count += 1) {
        this.#later(random.below(first + 100), () => this.#approve(this.#forge(order)));
      }
      if (index < counts.forgedLog) this.#later(random.below(first), () => this.#forgeLog(order));
      for (let count = 0; count < counts.intruder; count += 1) {
        this.#later(random.below(first + 600), () => this.#intrude(order));
      }
    });
  }

  /** While approval ends what the gate has denied, somebody hands the same approval in again. */
  #denied(proposalId: string): void {
    const { swarm, random, truth } = this.#host;
    const order = truth.orders.get(proposalId);
    if (order === undefined || swarm.counts.intruder === 0 || !random.chance(0.7)) return;
    this.#later(random.below(40) / 8, () => this.#handInAgain(order));
  }

  /** Once the broker has it somebody wants it otherwise: another proposal, with an approval of its own. */
  #change(order: TrueOrder, index: number, tries = 0): void {
    const { random, swarm } = this.#host;
    const works = order.exec.some(({ fact }) => fact.type === "acknowledged/1");
    if (!works) {
      if (tries < 2 * TRIES_MAX) this.#later(40, () => this.#change(order, index, tries + 1));
      return;
    }
    const change = proposeChange(this.#host, order, index);
    const approveInMs = random.between(1, 60);
    this.#later(approveInMs, () => this.#approve(this.#sign(change)));
    for (let count = 0; count < swarm.counts.intruder; count += 1)
      this.#later(random.below(approveInMs + 100), () => this.#intrude(change));
    if (random.chance(0.1)) this.#later(approveInMs + random.below(40), () => this.#cancel(order));
  }

  /** While the policy looks at an order, somebody turns it off: a race for the next entry of its ledger. */
  #assessing(): void {
    const { swarm, random } = this.#host;
    if (swarm.counts.policyOff === 0 || !random.chance(0.5)) return;
    this.#later(random.below(32) / 8, () => this.#setMode("off"));
  }

  #handInAgain(order: TrueOrder): void {
    const approval = order.decisions.map(({ fact }) => fact).findLast(({ type }) => type === "approved/1");
    if (approval?.type !== "approved/1") return;
    const given = approval.approval;
    this.#ask(RPCS.submit, { approval: given, ticketHash: given.statement.ticketHash }, { account: ACCOUNT });
  }

  #later(delayMs: number, run: () => void): void {
    this.#host.scheduler.after(delayMs, this.#process, run);
  }

  #times() {
    const { random, swarm } = this.#host;
    const livesMs = swarm.counts.shortApproval > 0 ? random.between(50, 3_000) : random.between(6_000, 12_000);
    return { at: this.#host.now(), expiresAt: this.#host.now(livesMs), nonce: random.nonce(), really: swarm.strict };
  }

  #sign(order: TrueOrder): SignedApproval {
    const approval = countersign(order.ticket, order.ticketHash, this.#times());
    this.#host.signed(approval);
    return approval;
  }

  /** Signed by nobody, changed after it was signed, or by the proposer. */
  #forge(order: TrueOrder): SignedApproval {
    const { random } = this.#host;
    const times = this.#times();
    const way = random.below(4);
    if (way === 0) return countersign(order.ticket, order.ticketHash, { ...times, approver: order.ticket.agent });
    if (way === 1)
      return { ...countersign(order.ticket, order.ticketHash, times), signature: "A".repeat(86) } as SignedApproval;
    const terms = { ...order.ticket.terms, quantity: "900" };
    const change = way === 2 ? { terms } : { expiresAt: times.expiresAt };
    return countersign(order.ticket, order.ticketHash, {
      ...times,
      change: (statement) => {
        const ticket = { ...statement.ticket, ...change };
        return { ...statement, ticket, expiresAt: this.#host.now(100_000) };
      },
    });
  }

  #approve(approval: SignedApproval, tries = 0): void {
    this.#ask(RPCS.approve, { approval }, {}, () => {
      if (tries < TRIES_MAX) this.#later(150, () => this.#approve(approval, tries + 1));
    });
  }

  #reject({ ticket }: TrueOrder): void {
    this.#ask(RPCS.reject, { proposalId: ticket.proposalId, operator: "operator", reason: "no" });
  }

  #withdraw({ ticket }: TrueOrder): void {
    this.#ask(RPCS.withdraw, { proposalId: ticket.proposalId, agent: ticket.agent, reason: "changed my mind" });
  }

  #cancel({ ticket }: TrueOrder): void {
    const actor = { kind: "agent", id: ticket.agent };
    this.#ask(RPCS.cancel, { proposalId: ticket.proposalId, actor, reason: "changed my mind" });
  }

  /** Somebody who reached the subject of submits, and has an approval that stands in no log, or an old one. */
  #intrude(order: TrueOrder): void {
    const { random } = this.#host;
    const known = order.decisions.flatMap(({ fact }) => (fact.type === "approved/1" ? [fact.approval] : []));
    const approval = known.length > 0 && random.chance(0.6) ? random.pick(known) : undefined;
    const given = approval ?? (random.chance(0.5) ? this.#forge(order) : this.#sign(order));
    this.#ask(RPCS.submit, { approval: given, ticketHash: given.statement.ticketHash }, { account: ACCOUNT });
  }

  /** Somebody who can write the decision log, and has no key. */
  #forgeLog(order: TrueOrder): void {
    order.tampered = true;
    const approval = this.#forge(order);
    const { proposalId } = order.ticket;
    const fact = { type: "approved/1", proposalId, at: this.#host.now(), approval };
    const subject = subjectOf(FACTS.decision.subject, { account: ACCOUNT, proposal: proposalId });
    this.#host.append("ORDERS", subject, fact, 0);
    this.#ask(RPCS.submit, { approval, ticketHash: order.ticketHash }, { account: ACCOUNT });
  }

  #ask(rpc: Rpc, body: object, params: Record<string, string> = {}, failed: () => void = () => undefined): void {
    const { nats } = this.#host;
    this.#host.note("people", `asks ${rpc.subject}`);
    void call({ nats, process: this.#process, rpc }, body, params).then((answer) => {
      const text = "value" in answer ? JSON.stringify(answer.value) : (answer.fault?.code ?? "no answer");
      this.#host.note("people", `${rpc.subject}: ${text.slice(0, 200)}`);
      if ("fault" in answer) failed();
    });
  }
}
