import { RPCS } from "@countersign/contracts/subjects";
import { describe, expect, test } from "vitest";
import { AGENT, BUY, type World } from "../test-support.ts";

const WIDE = 1_000_000;

/** What the counters say through the rules of a real gate; run where a world stands already. */
export function describeCounters(world: () => World): void {
  describe("what was done before an order", () => {
    const rateNow = async () => {
      const reply = await world().agents.request(RPCS.preview, { agent: AGENT, terms: BUY });
      if (reply.outcome !== "ok") throw new Error(reply.denial.code);
      return reply.value.verdict.rules.find(({ rule }) => rule === "orderRate");
    };

    test("is the same after a restart of the gate: refused proposals count, and a full day stays full", async () => {
      const rates = { second: WIDE, minute: WIDE, fiveMinutes: WIDE, tenMinutes: WIDE };
      const ofDay = (day: number) => ({ agent: { ...rates, day }, account: { ...rates, day: WIDE } });
      await world().stopGate();
      await world().startGate({}, { orderRate: ofDay(1_000) });
      const before = Number((await rateNow())?.value);
      const refused = await world().admitted("counted", { quantity: "999999" });
      expect(refused.state).toBe("RISK_DENIED");
      expect(await rateNow()).toMatchObject({ outcome: "pass", value: String(before + 1) });
      await world().stopGate();
      await world().startGate({}, { orderRate: ofDay(before) });
      expect(await rateNow()).toMatchObject({ outcome: "deny", code: "ORDER_RATE", value: String(before + 1) });
      await world().stopGate();
      await world().startGate();
    });
  });
}
