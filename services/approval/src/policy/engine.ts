import { utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { AssessedFact } from "@countersign/contracts/facts/policy-facts.v1";
import type { Ticket } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import type { OrderProjection, OrderRecord } from "@countersign/orders/projection";
import { assess } from "./assess.ts";
import type { AssessInput } from "./check.ts";
import type { PolicyDeps } from "./deps.ts";
import { factOf, inputOf, isDue, stillStands, without } from "./engine-input.ts";
import { gatherForPolicy } from "./gather.ts";
import { assessedEntry, ledgerRecord } from "./records.ts";
import { signByPolicy } from "./sign-by-policy.ts";
import { useOf } from "./use.ts";

/** So many orders wait for their turn; what comes on top waits for a person. */
const WAITING_MAX = 500;
/** So often it is assessed again when somebody wrote to the ledger meanwhile. */
const TRIES_MAX = 5;

/** Looks at every admitted order, one after the other: no two are measured against the same room. */
export class PolicyEngine {
  readonly #deps: PolicyDeps;
  readonly #waiting = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: PolicyDeps) {
    this.#deps = deps;
  }

  /** Orders that wait since before this process began come first. To be called when the projection is up to date. */
  follow(orders: Pick<OrderProjection, "onFact">): void {
    for (const { view } of this.#deps.undecided()) if (view.state === "PENDING_APPROVAL") this.#queue(view.proposalId);
    orders.onFact((record, { body }) => {
      if (body.type === "admitted/1") this.#queue(record.view.proposalId);
    });
  }

  /** When all that is queued has been looked at. */
  idle(): Promise<void> {
    return this.#running;
  }

  #queue(proposalId: string): void {
    const { ledger, log } = this.#deps;
    if (ledger.known().mode === "off" || this.#waiting.has(proposalId)) return;
    if (this.#waiting.size >= WAITING_MAX) {
      log.policyFailed(proposalId, "too many orders wait for the policy");
      return;
    }
    this.#waiting.add(proposalId);
    this.#running = this.#running
      .then(() => this.#consider(proposalId))
      .catch((error: unknown) => log.policyFailed(proposalId, error))
      .finally(() => this.#waiting.delete(proposalId));
  }

  /** Whatever goes wrong on the way leaves the order to a person. */
  async #consider(proposalId: string): Promise<void> {
    const deps = this.#deps;
    const ledger = await deps.ledger.fresh();
    const record = deps.orders.get(proposalId);
    const ticket = record?.view.ticket ?? undefined;
    if (record === undefined || ticket === undefined || !isDue(record, ticket, ledger)) return;
    const gathered = await gatherForPolicy(deps, record, ticket);
    const settled = await this.#settle({ ticket, record }, gathered);
    if (settled === undefined) return;
    const { input, assessment } = settled;
    const fact = factOf(input, assessment, utcText(deps.clock.nowMs()));
    if (!(await this.#record(record, fact, input))) return;
    if (assessment.outcome === "approve" && input.ledger.mode === "on") await this.#approve(input);
  }

  /** Assesses, and takes the room that an approval needs, in one step of the ledger. Undefined: a person chose the mode meanwhile. */
  async #settle(order: { ticket: Ticket; record: OrderRecord }, gathered: Awaited<ReturnType<typeof gatherForPolicy>>) {
    const deps = this.#deps;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const ledger = deps.ledger.known();
      if (!isDue(order.record, order.ticket, ledger)) return undefined;
      const { proposalId } = order.ticket;
      const taken = ledger.uses.some((use) => use.proposalId === proposalId && use.mode === ledger.mode);
      const input = inputOf(deps, order, gathered, without(ledger, proposalId));
      const assessment = assess(input);
      const entry = assessment.outcome === "approve" && !taken ? useOf(input) : undefined;
      if (entry === undefined) return { input, assessment };
      if (await deps.ledger.append(entry)) {
        if (entry.turnsOff) await deps.outbox.note(ledgerRecord(entry));
        return { input, assessment };
      }
    }
    throw new Fault("CONFLICT", "the ledger of the policy moved on at every try");
  }

  /** False: another process has written about it. */
  async #record(record: OrderRecord, fact: AssessedFact, input: AssessInput): Promise<boolean> {
    const { bus, outbox, log } = this.#deps;
    const params = { account: record.view.account, proposal: fact.proposalId };
    const answer = await bus.append(FACTS.policy, params, fact, { expectedSequence: record.sequences.policy });
    if (answer.outcome === "conflict") return false;
    log.policyAssessed(fact.proposalId, fact.mode, fact.outcome);
    await outbox.note(assessedEntry(fact, input));
    return true;
  }

  async #approve({ ticket, document, ledger }: AssessInput): Promise<void> {
    const { key, clock, config, approve, log } = this.#deps;
    if (!stillStands(ledger, await this.#deps.ledger.fresh(), ticket.proposalId))
      return log.policyFailed(ticket.proposalId, "a person chose the mode meanwhile");
    const owner = key?.owner();
    if (key === undefined || owner === undefined || "reason" in owner || document.state !== "valid") return;
    const given = { ticket, policy: document.ref, nowMs: clock.nowMs(), seconds: config.autoApproval.approvalSeconds };
    await approve(signByPolicy(key, owner.person, given));
  }
}
