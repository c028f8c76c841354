import type { AuditEntry } from "@countersign/contracts/audit";
import type { Claim, KillLevel, KillSetting, WriterEpoch } from "@countersign/contracts/control";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { SignedApproval, Ticket } from "@countersign/contracts/order";
import type { Stored } from "../fakes/jetstream.ts";

/** One order as the simulator, which sees everything, knows it. */
export interface TrueOrder {
  readonly ticket: Ticket;
  readonly orderRef: string;
  /** Signatures that a person really made, by their text. */
  readonly signed: Set<string>;
  readonly decisions: { readonly fact: DecisionFact; readonly sequence: number }[];
  readonly exec: { readonly fact: ExecFact; readonly sequence: number; readonly text: string }[];
  written: number;
  /** Somebody wrote its decision log who must not: only that nothing leaves is looked at. */
  tampered: boolean;
}

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
  readonly audited: AuditEntry[] = [];
  readonly orderIds = new Map<string, string>();
  /** What each process was told last of each scope. */
  readonly heard = new WeakMap<object, Map<string, Heard>>();

  add(ticket: Ticket, orderRef: string): TrueOrder {
    const order: TrueOrder = {
      ticket,
      orderRef,
      signed: new Set(),
      decisions: [],
      exec: [],
      written: 0,
      tampered: false,
    };
    this.orders.set(ticket.proposalId, order);
    this.byRef.set(orderRef, order);
    return order;
  }

  sign(approval: SignedApproval): void {
    if ("signature" in approval) this.orders.get(approval.statement.ticket.proposalId)?.signed.add(approval.signature);
  }

  /** Takes in what the streams of orders and of control have stored. */
  store({ subject, sequence, text }: Stored, atMs: number): void {
    const [, , , proposal = "", facet] = subject.split(".");
    const order = this.orders.get(proposal);
    if (facet === "decision") order?.decisions.push({ fact: JSON.parse(text), sequence });
    else if (facet === "exec") order?.exec.push({ fact: JSON.parse(text), sequence, text });
    else if (subject.startsWith(KILL)) {
      const scope = subject.slice(KILL.length);
      const settings = this.kills.get(scope) ?? [];
      settings.push({ sequence, atMs, level: (JSON.parse(text) as KillSetting).level });
      this.kills.set(scope, settings);
    } else if (subject.startsWith("$KV.CONTROL.writer.")) this.epochs.push({ epoch: JSON.parse(text), sequence });
    else if (subject.startsWith("$KV.CONTROL.claim.")) {
      const claim = JSON.parse(text) as Claim;
      this.claims.set(claim.proposalId, { claim, sequence, atMs });
    }
  }

  hear(process: object, { subject, text, sequence }: Stored): void {
    if (!subject.startsWith(KILL)) return;
    const heard = this.heard.get(process) ?? new Map<string, Heard>();
    heard.set(subject.slice(KILL.length), { level: (JSON.parse(text) as KillSetting).level, sequence });
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
