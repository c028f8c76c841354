import { randomUUID } from "node:crypto";
import type { State } from "@countersign/contracts/life";
import { orderRef } from "@countersign/ids/ids";
import { buyApple, type ToolResult, tool } from "../../end-to-end/mcp-client.ts";
import { admin, type HttpAnswer, until } from "../../end-to-end/system.ts";
import type { ChaosSystem } from "./chaos-system.ts";

export interface Proposed {
  readonly id: string;
  readonly ticketHash: string;
  readonly orderRef: string;
  /** The gate said no: there is nothing to countersign. */
  readonly denied: boolean;
  /** Why: the code of each rule that denied. */
  readonly codes: readonly string[];
}

/** One order or cancel as it arrived at the simulator's socket. */
export interface JournalEntry {
  readonly name: string;
  readonly orderId: number;
  readonly orderRef: string;
  readonly whatIf: boolean;
}

/** A price at which a purchase rests. */
export const RESTS = { limit_price: "390" };

const PATIENCE_MS = 30_000;

/** The agent that proposes and the person who countersigns, and what they may believe to have done. */
export class Trader {
  readonly #system: ChaosSystem;
  /** Proposals that the person said yes to, whatever the answer was. */
  readonly approved = new Set<string>();

  constructor(system: ChaosSystem) {
    this.#system = system;
  }

  /** One try; an answer that never comes is an error like any other. */
  async proposeOnce(changes: Record<string, unknown> = {}): Promise<ToolResult | undefined> {
    return tool(this.#system, "propose_order", buyApple(changes)).catch(() => undefined);
  }

  /** Again and again with one key, as an agent does, until there is something to countersign. */
  async propose(changes: Record<string, unknown> = {}): Promise<Proposed> {
    const args = { idempotency_key: randomUUID(), ...changes };
    const answer = await until(
      () => this.proposeOnce(args),
      (given) => given?.value?.state !== undefined && given.value.verdict !== null,
      PATIENCE_MS,
    );
    const { proposal_id: id, ticket_hash: ticketHash, state, verdict } = answer?.value ?? {};
    const denials = (verdict?.rules ?? []).filter(({ outcome }: { outcome: string }) => outcome === "deny");
    const codes = [...new Set<string>(denials.map(({ code }: { code: string }) => code))];
    return { id, ticketHash, orderRef: orderRef(ticketHash), denied: state === "RISK_DENIED", codes };
  }

  /** Anew until the gate says yes: shortly after a fault it may lack a fact. */
  async admitted(changes: Record<string, unknown> = {}): Promise<Proposed> {
    return until(
      () => this.propose(changes),
      ({ denied }) => !denied,
      PATIENCE_MS,
    );
  }

  /** One click; undefined: no answer. */
  approve({ id, ticketHash }: Proposed): Promise<HttpAnswer | undefined> {
    this.approved.add(id);
    return admin(this.#system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash }).catch(() => undefined);
  }

  /** Clicks until the page shows that it was heard. */
  async approveUntilHeard(proposed: Proposed): Promise<void> {
    const click = async () => {
      await this.approve(proposed);
      return this.stateOf(proposed);
    };
    await until(click, (state) => state !== undefined && state !== "PENDING_APPROVAL", PATIENCE_MS);
  }

  cancel({ id }: Proposed): Promise<HttpAnswer | undefined> {
    const reason = { reason: "chaos" };
    return admin(this.#system, "POST", `/api/v1/orders/${id}/cancel`, reason).catch(() => undefined);
  }

  kill(level: string, reason = "chaos"): Promise<HttpAnswer | undefined> {
    const body = { scope: "global", level, reason };
    return admin(this.#system, "PUT", "/api/v1/kill-switch", body).catch(() => undefined);
  }

  /** Nobody and nothing has stopped anything. */
  async mayTrade(): Promise<boolean> {
    const { status, body } = await admin(this.#system, "GET", "/api/v1/kill-switch");
    return status === 200 && body.effective === "ACTIVE" && body.trips.length === 0;
  }

  /** Undefined: nobody can say. */
  async stateOf({ id }: { id: string }): Promise<State | undefined> {
    return (await this.viewOf({ id }))?.state;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  async viewOf({ id }: { id: string }): Promise<any> {
    const answer = await tool(this.#system, "get_proposal", { proposal_id: id }).catch(() => undefined);
    return answer?.isError === false ? answer.value : undefined;
  }

  /** The newest orders that reached the broker, or may have, as JSON. */
  async orders(): Promise<string> {
    const { status, body } = await admin(this.#system, "GET", "/api/v1/orders?limit=100");
    if (status !== 200) throw new Error(`no orders: ${status}`);
    return JSON.stringify(body.items);
  }

  becomes(proposed: Proposed, states: readonly State[]): Promise<State | undefined> {
    const fits = (state: State | undefined) => state !== undefined && states.includes(state);
    return until(() => this.stateOf(proposed), fits, PATIENCE_MS);
  }

  async journal(): Promise<JournalEntry[]> {
    const answer = await fetch(`${this.#system.twsControl}/journal?after=0`);
    return ((await answer.json()) as { entries: JournalEntry[] }).entries.filter(({ whatIf }) => !whatIf);
  }

  /** How often this order arrived at the simulator's socket. */
  async sent({ orderRef: ref }: Proposed): Promise<number> {
    return (await this.journal()).filter((entry) => entry.name === "placeOrder" && entry.orderRef === ref).length;
  }
}
