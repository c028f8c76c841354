import { createSystemClock, utcText } from "@countersign/clock/clock";
import type { OrderTerms } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { ACCOUNT, AGENT, BUY, eventually, type World } from "../test-support.ts";

const clock = createSystemClock();

/** What a person makes smaller before it is approved; run where a world stands already. */
export function describeReduce(world: () => World, rounds = 8): void {
  const reduce = (view: ProposalView, change: { quantity?: string; limitPrice?: string }) => {
    const { proposalId, ticketHash } = view;
    const asked = { proposalId, ticketHash: ticketHash ?? "", operator: "alice", reason: "less" };
    return world().admin.request(RPCS.reduce, { ...asked, ...change });
  };
  const codeOf = async (asking: ReturnType<typeof reduce>) => {
    const reply = await asking;
    return reply.outcome === "ok" ? "ok" : reply.denial.code;
  };
  const waiting = async (key: string, change: Partial<OrderTerms> = {}) => {
    const view = await world().admitted(key, change);
    const denying = view.verdict?.rules.filter(({ outcome }) => outcome === "deny");
    expect(view.state, JSON.stringify(denying)).toBe("PENDING_APPROVAL");
    return view;
  };

  /** A gate that has just started does not know yet what it judges by. */
  const restarted = async (limits: Record<string, object> = {}) => {
    await world().stopGate();
    await world().startGate({}, limits);
    await eventually(async () => {
      const preview = await world().agents.request(RPCS.preview, { agent: AGENT, terms: { ...BUY, quantity: "37" } });
      return preview.outcome === "ok" && preview.value.verdict.outcome === "pass" ? true : undefined;
    });
  };

  /** Sets it, and waits until the gate knows. */
  const level = async (to: "ACTIVE" | "REDUCE_ONLY" | "HALTED") => {
    await world().kill(to);
    const shown = { ACTIVE: '"pass"', REDUCE_ONLY: "KILL_SWITCH_REDUCE_ONLY", HALTED: "KILL_SWITCH_HALTED" }[to];
    await eventually(async () => {
      const preview = await world().agents.request(RPCS.preview, { agent: AGENT, terms: BUY });
      const said = preview.outcome === "ok" && to === "ACTIVE" ? preview.value.verdict.outcome : preview;
      return JSON.stringify(said).includes(shown) ? true : undefined;
    });
  };

  describe("a proposal that waits", () => {
    test("made smaller -> a new ticket with a verdict of its own, who asked and why, in the log and in the audit", async () => {
      const before = await waiting("smaller");
      const reply = await reduce(before, { quantity: "4", limitPrice: "149.5" });
      if (reply.outcome !== "ok") throw new Error(JSON.stringify(reply.denial));
      const { value: after } = reply;
      expect(after).toMatchObject({ state: "PENDING_APPROVAL", expiresAt: before.expiresAt, decision: null });
      expect(after.terms).toEqual({ ...before.terms, quantity: "4", limitPrice: "149.5" });
      expect(after.ticket).toMatchObject({ terms: after.terms, verdictHash: canonicalHash(after.verdict) });
      expect(after.ticketHash).toBe(canonicalHash(after.ticket));
      expect(after.ticketHash).not.toBe(before.ticketHash);
      expect(after.verdict?.inputsHash).not.toBe(before.verdict?.inputsHash);
      const was = { quantity: "10", limitPrice: "150" };
      expect(after.reductions).toMatchObject([
        {
          actor: { kind: "operator", id: "alice" },
          reason: "less",
          before: was,
          after: { quantity: "4", limitPrice: "149.5" },
        },
      ]);
      expect((await world().log("smaller")).at(-1)).toMatchObject({ type: "reduced/1", replaces: before.ticketHash });
      const records = await world().auditOf(before.proposalId);
      expect(records.map(({ entry }) => entry.body.event)).toContain("reduced");
      expect(records.at(-1)?.entry.actor).toEqual({ kind: "operator", id: "alice" });
      expect(await codeOf(reduce(before, { quantity: "3" })), "by the hash before").toBe("TICKET_HASH_MISMATCH");
      expect(await codeOf(reduce(after, { quantity: "3" }))).toBe("ok");
      expect((await world().admitted("smaller")).terms.quantity, "asked for again with its key").toBe("3");
    });

    test("at another price -> it is no twin of itself", async () => {
      const twins = { withinSeconds: 300, pricePercent: "1", softTwins: 0, hardTwins: 1 };
      await restarted({ duplicateOrder: twins });
      try {
        const before = await waiting("alone", { quantity: "37" });
        const reply = await reduce(before, { limitPrice: "149.5" });
        const rules = reply.outcome === "ok" ? reply.value.verdict?.rules : [];
        const [found] = rules?.filter(({ rule }) => rule === "duplicateOrder") ?? [];
        expect(found).toMatchObject({ outcome: "pass", value: "0" });
      } finally {
        await restarted();
      }
    });

    test.each<[string, { quantity?: string; limitPrice?: string }, string]>([
      ["larger", { quantity: "11" }, "REDUCE_NOT_SMALLER"],
      ["looser", { limitPrice: "150.01" }, "REDUCE_NOT_SMALLER"],
      ["the same", { quantity: "10", limitPrice: "150" }, "REDUCE_NOT_SMALLER"],
      ["half a share", { quantity: "0.5" }, "RISK_DENIED QUANTITY_OFF_STEP"],
      ["off the tick", { limitPrice: "149.005" }, "RISK_DENIED PRICE_OFF_TICK"],
    ])("%s -> refused with a code, on the record, and the ticket is as it was", async (name, change, code) => {
      const before = await waiting(`not-${name.replaceAll(" ", "-")}`);
      const reply = await reduce(before, change);
      const { denial } = reply.outcome === "denied" ? reply : { denial: undefined };
      const [rule] = (denial?.detail?.rules ?? []) as { code: string }[];
      expect([denial?.code, rule?.code].filter((one) => one !== undefined).join(" ")).toBe(code);
      expect(await world().admitted(`not-${name.replaceAll(" ", "-")}`)).toEqual(before);
      expect((await world().auditOf(before.proposalId)).at(-1)?.entry).toMatchObject({
        kind: "order.refused",
        actor: { kind: "operator", id: "alice" },
        body: { stage: "reduce", code: denial?.code },
      });
    });

    test("zero, or nothing at all, is no request", async () => {
      const before = await waiting("zero");
      await expect(reduce(before, { quantity: "0" })).rejects.toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
      await expect(reduce(before, {})).rejects.toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
    });

    test("a smaller order against which a rule stands now -> denied with the rule, and the larger one waits on", async () => {
      const before = await waiting("against");
      await level("REDUCE_ONLY");
      const reply = await reduce(before, { quantity: "5" });
      expect(reply).toMatchObject({ outcome: "denied", denial: { code: "RISK_DENIED" } });
      expect(JSON.stringify(reply)).toContain("KILL_SWITCH_REDUCE_ONLY");
      expect(await world().admitted("against")).toEqual(before);
      await level("ACTIVE");
    });

    test("made smaller and approved in the same moment -> exactly one of them holds, however often", async () => {
      const startedMs = clock.monotonicMs();
      await reduce(await waiting("reduce-unraced", { quantity: "2" }), { quantity: "1" });
      const tookMs = clock.monotonicMs() - startedMs;
      const won: string[] = [];
      // The approval comes when the reduction is about to be written, now a little earlier, now a little later.
      for (let round = 0; round < rounds; round += 1) won.push(await race(round, tookMs * (0.1 + (round % 10) / 10)));
      if (rounds >= 100) expect(new Set(won)).toEqual(new Set(["approved", "reduced"]));
    });
  });

  async function race(round: number, approveAfterMs: number): Promise<"approved" | "reduced"> {
    const before = await waiting(`smaller-race-${round}`, { quantity: "2" });
    const [reduced, approved] = await Promise.all([
      codeOf(reduce(before, { quantity: "1" })),
      clock.sleep(approveAfterMs).then(() => approve(before)),
    ]);
    const last = (await world().log(`smaller-race-${round}`)).at(-1)?.type;
    const first = approved === "appended";
    expect([reduced, last]).toEqual(first ? ["PROPOSAL_NOT_PENDING", "admitted/1"] : ["ok", "reduced/1"]);
    return first ? "approved" : "reduced";
  }

  /** As approval writes it: after the newest that it knows of the whole order. */
  async function approve({ proposalId, ticket, ticketHash, history }: ProposalView): Promise<string> {
    const at = utcText(clock.nowMs());
    const statement = {
      ...{ type: "countersign.approval/1" as const, ticket: ticket as never, ticketHash: ticketHash ?? "" },
      ...{ approver: "bob", approvedAt: at, expiresAt: at, reason: null, nonce: "n".repeat(16) },
    };
    const fact = { type: "approved/1" as const, proposalId, at, approval: { statement, keyId: "bob", signature: "x" } };
    const expectedOrderSequence = history.at(-1)?.sequence ?? 0;
    const params = { account: ACCOUNT, proposal: proposalId };
    const condition = { expectedSequence: 0, expectedOrderSequence };
    return (await world().approval.append(FACTS.decision, params, fact, condition)).outcome;
  }

  describe("a proposal that does not wait", () => {
    test("decided, denied or unknown -> refused with a code", async () => {
      const decided = await waiting("decided");
      await approve(decided);
      expect(await codeOf(reduce(decided, { quantity: "1" }))).toBe("PROPOSAL_NOT_PENDING");
      const denied = await world().admitted("denied", { quantity: "10001" });
      expect(await codeOf(reduce(denied, { quantity: "1" }))).toBe("PROPOSAL_NOT_PENDING");
      const nobody = { ...denied, proposalId: `prop_${"a".repeat(26)}` };
      expect(await codeOf(reduce(nobody, { quantity: "1" }))).toBe("PROPOSAL_NOT_FOUND");
    });

    test("HALTED -> refused at once", async () => {
      const before = await waiting("halted-reduce");
      await level("HALTED");
      expect(await codeOf(reduce(before, { quantity: "1" }))).toBe("KILL_SWITCH_HALTED");
      await level("ACTIVE");
      expect(await codeOf(reduce(before, { quantity: "1" }))).toBe("ok");
    });
  });
}
