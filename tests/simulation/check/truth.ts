import type { AuditEntry } from "@countersign/contracts/audit";
import type { Claim, KillLevel, KillSetting, WriterEpoch } from "@countersign/contracts/control";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ExecFact, Leg } from "@countersign/contracts/facts/exec-facts.v1";
import type { LedgerEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { Facet } from "@countersign/contracts/life";
import type { Submission } from "@countersign/contracts/messages/approval.v1";
import type { SignedApproval, Ticket } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS } from "@countersign/contracts/subjects";
import { orderRef } from "@countersign/ids/ids";
import type { AnyFact } from "@countersign/orders/fold";
import { type FeedFact, OrderProjection } from "@countersign/orders/projection";
import { bodyOf, type Stored } from "../fakes/jetstream.ts";
import type { OrderToSend } from "../gateway-types.ts";

export interface StoredFact<F> {
  readonly fact: F;
  readonly sequence: number;
  readonly stored: Stored;
  /** The audit has been seen to have it, and forgets nothing. */
  told: boolean;
}

/** One order as the simulator, which sees everything, knows it. */
export interface TrueOrder {
  /** The newest that the gate has written; a reduction takes the place of the one before. */
  ticket: Ticket;
  ticketHash: string;
  orderRef: string;
  /** Signatures that a person really made, by their text. */
  readonly signed: Set<string>;
  readonly decisions: StoredFact<DecisionFact>[];
  readonly exec: StoredFact<ExecFact>[];
  written: number;
  /** The exits of a bracket, as its intent names them. */
  exits: readonly { readonly leg: Leg; readonly orderRef: string; readonly orderId: number }[];
  /** When and from where it left, and which exits did since; undefined: it has not left. */
  left: { readonly process: object; readonly atMs: number; readonly legs: Leg[] } | undefined;
  /** The message with which it left, where it is a change; undefined: it has not. */
  sentAs: OrderToSend | undefined;
  /** The ticket before the newest reduction; undefined: there was none. */
  reduced: Ticket | undefined;
  /** Somebody wrote its decision log who must not: only that nothing leaves is looked at. */
  tampered: boolean;
}

/** A record, with the text of the fact that it tells. */
export interface Audited {
  readonly entry: AuditEntry;
  /** Of the fact, once somebody has asked for it. */
  text: string | undefined;
}

/** The words of approval for what it will try again. */
const PROMISES = /tried again until|before it does/;

const ORDER = "order.v1.";
const KILL = "$KV.CONTROL.kill.";

function scopesOf({ ticket }: TrueOrder): string[] {
  const { terms, agent } = ticket;
  return ["global", `account.${terms.account}`, `agent.${agent}`, `instrument.${terms.conid}`];
}

/** What a process was told of a scope last, and which message that was. */
interface Heard {
  readonly level: KillLevel;
  readonly sequence: number;
}

interface Setting {
  readonly sequence: number;
  readonly atMs: number;
  readonly level: KillLevel;
}

/** Everything that was stored, written and signed, kept apart from the code that is judged by it. */
export class Truth {
  readonly orders = new Map<string, TrueOrder>();
  readonly byRef = new Map<string, TrueOrder>();
  readonly claims = new Map<string, { readonly claim: Claim; readonly sequence: number; readonly atMs: number }>();
  readonly epochs: { readonly epoch: WriterEpoch; readonly sequence: number }[] = [];
  readonly kills = new Map<string, Setting[]>();
  /** Of the standing policy. */
  readonly ledger: LedgerEntry[] = [];
  readonly signedByPolicy = new Set<string>();
  /** Every fact of every order, in the order of the stream. */
  readonly facts: FeedFact[] = [];
  /** Every order as whoever reads the whole log sees it; brought up to date by `views`. */
  readonly #projection = new OrderProjection();
  #fold: (fact: FeedFact) => void = () => undefined;
  #folded = 0;
  /** What the audit has, by what it is about. */
  readonly audited = new Map<string, Audited[]>();
  /** Grows with everything that a look at the whole could see. */
  changes = 0;
  readonly orderIds = new Map<string, string>();
  /** Orders of which somebody was told that they will be handed to the gateway again, and since when. */
  readonly promised = new Map<string, number>();
  /** When each was handed to the gateway last. */
  readonly handedOver = new Map<string, number>();
  /** What each process was told last of each scope. */
  readonly heard = new WeakMap<object, Map<string, Heard>>();

  constructor() {
    this.#projection.attach({
      subscribe: (fold) => {
        this.#fold = fold;
      },
    });
  }

  /** As a reader who has read everything has it; what was read before is not read again. */
  views(): Map<string, ProposalView> {
    for (const fact of this.facts.slice(this.#folded)) this.#fold(fact);
    this.#folded = this.facts.length;
    return new Map(this.#projection.list().map(({ view }) => [view.proposalId, view]));
  }

  add(ticket: Ticket, ticketHash: string): TrueOrder {
    const order: TrueOrder = {
      ticket,
      ticketHash,
      orderRef: orderRef(ticketHash),
      signed: new Set(),
      decisions: [],
      exec: [],
      written: 0,
      sentAs: undefined,
      exits: [],
      left: undefined,
      reduced: undefined,
      tampered: false,
    };
    this.orders.set(ticket.proposalId, order);
    this.byRef.set(order.orderRef, order);
    return order;
  }

  sign(approval: SignedApproval): void {
    if ("signature" in approval) this.orders.get(approval.statement.ticket.proposalId)?.signed.add(approval.signature);
  }

  /** Takes in what the streams of orders and of control have stored. */
  store(message: Stored, atMs: number): void {
    const { subject, sequence } = message;
    if (subject.startsWith(ORDER)) this.#storeFact(message);
    else if (subject === FACTS.ledger.subject) this.ledger.push(bodyOf(message) as LedgerEntry);
    else if (subject.startsWith(KILL)) {
      const scope = subject.slice(KILL.length);
      const settings = this.kills.get(scope) ?? [];
      settings.push({ sequence, atMs, level: (bodyOf(message) as KillSetting).level });
      this.kills.set(scope, settings);
    } else if (subject.startsWith("$KV.CONTROL.writer."))
      this.epochs.push({ epoch: bodyOf(message) as WriterEpoch, sequence });
    else if (subject.startsWith("$KV.CONTROL.claim.")) {
      const claim = bodyOf(message) as Claim;
      this.claims.set(claim.proposalId, { claim, sequence, atMs });
    }
  }

  #storeFact(message: Stored): void {
    const { subject, sequence } = message;
    const [, , account = "", proposalId = "", facet = ""] = subject.split(".");
    const body = bodyOf(message) as AnyFact;
    this.facts.push({ sequence, account, proposalId, facet: facet as Facet, body });
    this.changes += 1;
    const order = this.orders.get(proposalId);
    if (facet === "proposal" && order !== undefined && body.type === "reduced/1") this.#reduce(order, body);
    if (facet === "decision")
      order?.decisions.push({ fact: body as DecisionFact, sequence, stored: message, told: false });
    else if (facet === "exec") order?.exec.push({ fact: body as ExecFact, sequence, stored: message, told: false });
    if (order !== undefined && body.type === "intent/1" && body.legs !== undefined) {
      order.exits = body.legs;
      for (const exit of order.exits) this.byRef.set(exit.orderRef, order);
    }
  }

  #reduce(order: TrueOrder, { ticket, ticketHash }: { readonly ticket: Ticket; readonly ticketHash: string }): void {
    order.reduced = order.ticket;
    order.ticket = ticket;
    order.ticketHash = ticketHash;
    order.orderRef = orderRef(ticketHash);
    this.byRef.set(order.orderRef, order);
  }

  /** What approval has answered. */
  answered(value: unknown, atMs: number): void {
    const { outcome, value: given } = value as {
      outcome: string;
      value?: { proposalId: string; submission: Submission };
    };
    if (outcome !== "ok" || given?.submission.outcome !== "unknown") return;
    if (PROMISES.test(given.submission.reason)) this.promised.set(given.proposalId, atMs);
  }

  audit(entry: AuditEntry): void {
    const about = this.audited.get(entry.correlationId) ?? [];
    about.push({ entry, text: undefined });
    this.audited.set(entry.correlationId, about);
    this.changes += 1;
  }

  hear(process: object, message: Stored): void {
    const { subject, sequence } = message;
    if (!subject.startsWith(KILL)) return;
    const heard = this.heard.get(process) ?? new Map<string, Heard>();
    heard.set(subject.slice(KILL.length), { level: (bodyOf(message) as KillSetting).level, sequence });
    this.heard.set(process, heard);
  }

  /** The settings that bear on an order. */
  killsOf(order: TrueOrder): Setting[][] {
    return scopesOf(order).map((scope) => this.kills.get(scope) ?? []);
  }

  /** The process had been told that nothing may be sent, and nobody has loosened it since: a later setting can be read. */
  knewHalted(process: object, order: TrueOrder): boolean {
    const heard = this.heard.get(process);
    return scopesOf(order).some((scope) => {
      const told = heard?.get(scope);
      return told?.level === "HALTED" && told.sequence >= (this.kills.get(scope)?.at(-1)?.sequence ?? 0);
    });
  }
}
