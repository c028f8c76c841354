import { createSystemClock } from "@countersign/clock/clock";
import { RPCS } from "@countersign/contracts/subjects";
import { proposalId } from "@countersign/ids/ids";
import { describe, expect, test } from "vitest";
import { ACCOUNT, AGENT, BUY, eventually, type World } from "../test-support.ts";

const clock = createSystemClock();

export const codeOf = (reply: { outcome: "ok" } | { outcome: "denied"; denial: { code: string } }) =>
  reply.outcome === "denied" ? reply.denial.code : "ok";

/** Lets go again, and waits until the gate knows. */
export async function reset(world: World): Promise<void> {
  await world.kill("ACTIVE");
  await eventually(async () =>
    codeOf(await world.agents.request(RPCS.preview, { agent: AGENT, terms: BUY })) === "ok" ? true : undefined,
  );
}

/** The gate stops before it asks anybody; run where a world stands already. */
export function describeHalted(world: () => World): void {
  describe("while everything is HALTED", () => {
    const whatIfs = async () => (await world().simulator.frames())["placeOrder.whatIf"] ?? 0;

    test("a proposal and a preview are refused without a question to the broker, on the record, and the key stays free", async () => {
      await world().kill("HALTED");
      await eventually(async () =>
        codeOf(await world().agents.request(RPCS.preview, { agent: AGENT, terms: BUY })) === "ok" ? undefined : true,
      );
      const before = await whatIfs();
      expect(codeOf(await world().propose("while-halted"))).toBe("KILL_SWITCH_HALTED");
      expect(codeOf(await world().agents.request(RPCS.preview, { agent: AGENT, terms: BUY }))).toBe(
        "KILL_SWITCH_HALTED",
      );
      expect(await whatIfs()).toBe(before);
      expect(await world().log("while-halted")).toEqual([]);
      const id = proposalId({ account: ACCOUNT, agent: AGENT, idempotencyKey: "while-halted" });
      expect((await world().auditOf(id)).map(({ entry }) => [entry.kind, entry.actor.id, entry.body.code])).toEqual([
        ["order.refused", AGENT, "KILL_SWITCH_HALTED"],
      ]);
      await reset(world());
      expect((await world().admitted("while-halted")).state).toBe("PENDING_APPROVAL");
    });

    test("what was recorded before is answered as it stands", async () => {
      const before = await world().admitted("stands");
      await world().kill("HALTED");
      await eventually(async () => (codeOf(await world().propose(`x-${clock.nowMs()}`)) === "ok" ? undefined : true));
      expect(await world().admitted("stands")).toEqual(before);
      await reset(world());
    });

    test("a proposal whose facts are just being asked for is denied at once, and waits for no answer", async () => {
      const silent = { action: "ignoreRequest", message: "placeOrder.whatIf", times: 0 };
      await world().simulator.control("POST", "/faults", silent);
      const before = await whatIfs();
      const terms = { ...BUY, quantity: "7" };
      const previewing = world().agents.request(RPCS.preview, { agent: AGENT, terms });
      const proposing = world().admitted("in-flight");
      await eventually(async () => ((await whatIfs()) >= before + 2 ? true : undefined));
      await world().kill("HALTED");
      const [view, preview] = await Promise.all([proposing, previewing]);
      await world().simulator.control("DELETE", "/faults");
      expect(view.state).toBe("RISK_DENIED");
      expect(view.verdict?.rules.map(({ code }) => code)).toContain("KILL_SWITCH_HALTED");
      for (const simulation of [view.simulation, preview.outcome === "ok" ? preview.value.simulation : undefined])
        expect(simulation?.whatIf).toMatchObject({ missing: expect.stringContaining("KILL_SWITCH_HALTED") });
      await reset(world());
    });
  });
}
