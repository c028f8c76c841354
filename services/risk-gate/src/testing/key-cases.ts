import { RPCS } from "@countersign/contracts/subjects";
import { describe, expect, test } from "vitest";
import { AGENT, BUY, type World } from "../test-support.ts";

/** Whose an idempotency key is, and for how long. */
export function describeKeys(world: () => World): void {
  describe("an agent's key", () => {
    test("of two agents is two keys: neither has the other's proposal, whatever it asks for", async () => {
      const ask = (agent: string, quantity: string) => {
        const request = { agent, terms: { ...BUY, quantity }, idempotencyKey: "shared", rationale: "because" };
        return world().agents.request(RPCS.propose, request);
      };
      const replies = await Promise.all([ask(AGENT, "1"), ask("other-agent", "2"), ask("other-agent", "2")]);
      const views = replies.map((reply) => (reply.outcome === "ok" ? reply.value : undefined));
      expect(views.map((view) => [view?.agent, view?.terms.quantity])).toEqual([
        [AGENT, "1"],
        ["other-agent", "2"],
        ["other-agent", "2"],
      ]);
      expect(new Set(views.map((view) => view?.proposalId)).size).toBe(2);
      const foreign = { proposalId: views[0]?.proposalId ?? "", agent: "other-agent" };
      expect(await world().agents.request(RPCS.getProposal, foreign)).toMatchObject({
        denial: { code: "PROPOSAL_NOT_FOUND" },
      });
    });

    test("of a proposal before a restart -> the stored one, word for word", async () => {
      const before = await world().admitted("restart");
      await world().stopGate();
      await world().startGate();
      expect(await world().admitted("restart")).toEqual(before);
      const other = await world().propose("restart", { quantity: "11" });
      expect(other).toMatchObject({ outcome: "denied", denial: { code: "IDEMPOTENCY_KEY_REUSED" } });
    });
  });
}
