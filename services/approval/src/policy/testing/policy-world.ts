import { AutoApprovalPolicy, type AutoMode } from "@countersign/contracts/auto-approval";
import { denied, ok } from "@countersign/contracts/denial";
import type { AssessedFact } from "@countersign/contracts/facts/policy-facts.v1";
import { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import type { Ticket } from "@countersign/contracts/order";
import { FACTS as FACTS_OF, RPCS } from "@countersign/contracts/subjects";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { canonicalHash } from "@countersign/ids/hash";
import { checkPolicy } from "@countersign/roster/policy/check-policy";
import { formatPolicy, signPolicy } from "@countersign/roster/policy/sign-policy";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { expect, vi } from "vitest";
import { ACCOUNT, admit, at, newTicket, World } from "../../test-support.ts";
import { policyKeyOf } from "../policy-key.ts";
import { FACTS, POLICY } from "./envelope-input.ts";

const DAY_MS = 86_400_000;
const robot = generateKeyPair();
const ROBOT = {
  person: "robot",
  keys: [{ keyId: "robot-policy", kind: "policy" as const, publicKey: robot.publicKey }],
};
export const PEOPLE = testRoster(["operator", "ada", "bob"], [ROBOT]);

/** Good from an hour ago, for AAPL, with windows and hours that hold at any time of the day. */
export function policyNow(change: Partial<AutoApprovalPolicy> = {}): AutoApprovalPolicy {
  return AutoApprovalPolicy.parse({
    ...POLICY,
    issuedAt: at(-3_600_000),
    expiresAt: at(DAY_MS),
    agents: ["agent", "other", "eager", "one", "two", "three", "four", "five", "six"],
    instruments: { allowed: [265598], denied: [], secTypes: ["STK"] },
    hours: { afterOpenMinutes: 0, beforeCloseMinutes: 0, windows: null },
    limits: { ...POLICY.limits, dayNotionalMax: { agent: "2500", account: "2500" } },
    ...change,
  });
}

export const signed = (policy: AutoApprovalPolicy, persons: readonly string[] = ["ada", "bob"]) =>
  formatPolicy(persons.map((person) => PEOPLE.keyOf(person)).reduce(signPolicy, { policy, signatures: [] }));

/** Approval with a standing policy, and a gate that answers for its facts. */
export class PolicyWorld {
  readonly world: World;
  /** What lies in the keys folder. */
  document: string | undefined = signed(policyNow());
  /** Changes the facts of a ticket; undefined: the gate has no answer. */
  facts: (facts: EnvelopeFacts, ticket: Ticket) => EnvelopeFacts | undefined = (facts) => facts;

  private constructor(world: World) {
    this.world = world;
  }

  static async open(): Promise<PolicyWorld> {
    const self = new PolicyWorld(await World.open());
    self.world.gate.serve(RPCS.envelope, async ({ ticket }) => {
      const facts = self.facts(self.#factsOf(ticket), ticket);
      return facts === undefined ? denied("PROPOSAL_NOT_FOUND") : ok(facts);
    });
    await self.restart();
    return self;
  }

  #factsOf(ticket: Ticket): EnvelopeFacts {
    const sessions = [{ open: at(-DAY_MS), close: at(DAY_MS) }];
    const { quantity } = ticket.terms;
    return EnvelopeFacts.parse({
      ...FACTS,
      at: at(),
      verdict: { ...FACTS.verdict, policyHash: ticket.policyHash },
      notional: { state: "known", value: String(Number(quantity) * 50) },
      position: { state: "known", value: { before: "0", working: "0", unitValue: "50" } },
      hours: { state: "known", value: { zone: "UTC", sessions } },
    });
  }

  /** Approval as after the end of its process. */
  async restart(): Promise<void> {
    await this.world.stopApproval();
    const { roster } = PEOPLE;
    const key = policyKeyOf({ keyId: "robot-policy", roster, privateKeyPem: robot.privateKeyPem });
    const source = {
      current: (nowMs: number) =>
        this.document === undefined
          ? { state: "none" as const }
          : checkPolicy(this.document, { roster, nowMs, daysMax: 7 }),
    };
    await this.world.startApproval({ roster, policy: { source, key } });
    await this.status();
  }

  async set(mode: AutoMode, policyHash: string | null = mode === "off" ? null : this.hash()) {
    const request = { mode, operator: "operator", reason: "test", policyHash };
    return this.world.operators.request(RPCS.setAutoMode, request);
  }

  async status() {
    // A process that was just started may not be heard of yet.
    const reply = await vi.waitFor(() => this.world.admin.request(RPCS.autoStatus, {}), { timeout: PATIENCE_MS });
    if (reply.outcome !== "ok") throw new Error("no status");
    return reply.value;
  }

  hash(): string {
    const { policy } = JSON.parse(this.document ?? "{}") as { policy: AutoApprovalPolicy };
    return canonicalHash(policy);
  }

  /** An order of so many shares at 50, admitted now. */
  async propose(change: Partial<Ticket> & { quantity?: string; side?: "BUY" | "SELL" } = {}): Promise<Ticket> {
    const { quantity = "10", side = "BUY", ...rest } = change;
    const base = newTicket();
    const terms = { ...base.terms, quantity, side, account: ACCOUNT } as Ticket["terms"];
    return admit(this.world.gate, { ...base, terms, ...rest });
  }

  /** What the standing policy wrote about the order; waits until it has. */
  async assessed(ticket: Ticket): Promise<AssessedFact> {
    const read = async () => (await this.assessments(ticket)).at(-1);
    await expect.poll(read).toBeDefined();
    const fact = await read();
    if (fact === undefined) throw new Error("not assessed");
    return fact;
  }

  async assessments(ticket: Ticket): Promise<AssessedFact[]> {
    const log = await this.world.gate.readSubject(FACTS_OF.policy, { account: ACCOUNT, proposal: ticket.proposalId });
    return log.map(({ body }) => body);
  }

  /** When the order has this decision, or none although it was assessed. */
  async decided(ticket: Ticket, types: readonly string[]): Promise<void> {
    await this.assessed(ticket);
    await expect.poll(() => this.world.typesOf(ticket)).toEqual(types);
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
